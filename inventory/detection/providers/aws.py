"""Credentials that Amazon Web Services issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="aws",
    label="Amazon Web Services",
    opens=(
        "Calls every AWS API that the owning IAM user, role or account may call, from anywhere unless a policy "
        "limits the address."
    ),
    revoke=(
        "IAM console > Users > the user > Security credentials > Access keys > Deactivate, then Delete; or `aws iam "
        "update-access-key --status Inactive --access-key-id ID`. For a session token attach the "
        "AWSRevokeOlderSessions policy to the role."
    ),
    rotate=(
        "Create a second access key for the user (two may exist), deploy it, watch `aws iam "
        "get-access-key-last-used` until the old one is idle, then deactivate and delete it."
    ),
    documentation="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    formats=(
        Format(
            slug="aws-access-key-id",
            label="AWS access key id",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>(?:AKIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16})\b",
            examples=("AKIA<[A-Z2-7]{16}>", "aws_access_key_id = AKIA<[A-Z2-7]{16}>"),
            counter_examples=("AKIA<[A-Z2-7]{15}>", "AKIA<[A-Z2-7]{17}>", "ABCD<[A-Z2-7]{16}>", "AKIA<[x]{16}>"),
            public_prefix="AKIA",
            min_entropy=2.8,
            opens_organisation=True,
        ),
        Format(
            slug="aws-temporary-access-key-id",
            label="AWS temporary access key id",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bASIA[A-Z0-9]{16}\b",
            examples=("ASIA<[A-Z2-7]{16}>",),
            counter_examples=("ASIA<[A-Z2-7]{12}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="ASIA",
            min_entropy=2.8,
        ),
        Format(
            slug="aws-secret-access-key",
            label="AWS secret access key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"(?i:(?:aws[\w .-]{0,20}(?:secret|access|private)|(?:secret|private)[_.-]?access)[_.-]?"
                r"(?:access)?[_.-]?key(?:[_.-]?id)?)"
                r"[\s\"']{0,4}(?:=>|[=:,])[\s\"']{0,4}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[A-Za-z0-9+/]{40})(?:[^A-Za-z0-9+/=]|$)"
            ),
            examples=(
                "aws_secret_access_key = <[A-Za-z0-9+/]{40}>",
                '"awsSecretKey": "<[A-Za-z0-9+/]{40}>"',
                "AWS_SECRET_ACCESS_KEY=<[A-Za-z0-9+/]{40}>",
                "secretAccessKey: '<[A-Za-z0-9+/]{40}>'",
            ),
            counter_examples=(
                "aws_secret_access_key = <[A-Za-z0-9+/]{39}>",
                "aws_secret_access_key = <[A-Za-z0-9+/]{44}>",
                "aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}",
                "AWS_SECRET_ACCESS_KEY=<[x]{40}>",
            ),
            min_entropy=3.2,
            named_by="aws-access-key-id",
            opens_organisation=True,
        ),
        Format(
            slug="aws-secret-in-csv",
            label="AWS secret access key in a downloaded key file",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"(?i:secret[ _]?access[ _]?key)[\"',]{0,3}\r?\n[\"']?[A-Z0-9]{20}[\"']?[,;\t][\"']?"
                r"(?P<value>[A-Za-z0-9+/]{40})(?:[^A-Za-z0-9+/=]|$)"
            ),
            examples=("Access key ID,Secret access key\n<[A-Z0-9]{20}>,<[A-Za-z0-9+/]{40}>",),
            counter_examples=("Access key ID,Secret access key\n<[A-Z0-9]{20}>,<[A-Za-z0-9+/]{30}>",),
            min_entropy=3.5,
            named_by="aws-access-key-id",
            opens_organisation=True,
        ),
        Format(
            slug="aws-session-token",
            label="AWS session token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"(?i:aws[_.-]?(?:session|security)[_.-]?token)[\s\"']{0,4}(?:=>|[=:])[\s\"']{0,4}"
                r"(?P<value>[A-Za-z0-9+/._=-]{100,2000})(?:[^A-Za-z0-9+/=_-]|$)"
            ),
            examples=("AWS_SESSION_TOKEN=<[A-Za-z0-9+/]{300}>",),
            counter_examples=("AWS_SESSION_TOKEN=<[A-Za-z0-9+/]{60}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=4.0,
        ),
        Format(
            slug="aws-bedrock-key",
            label="Amazon Bedrock long-term API key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>ABSK[A-Za-z0-9+/]{109,269}={0,2})(?:[^A-Za-z0-9+/=]|$)",
            examples=("AWS_BEARER_TOKEN_BEDROCK=ABSK<[A-Za-z0-9+/]{128}>",),
            counter_examples=("ABSK<[A-Za-z0-9+/]{40}>",),
            public_prefix="ABSK",
            min_entropy=4.0,
        ),
        Format(
            slug="aws-bedrock-short-term-key",
            label="Amazon Bedrock short-term API key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>bedrock-api-key-YmVkcm9jay[A-Za-z0-9+/]{60,2000}={0,2})(?:[^A-Za-z0-9+/=]|$)",
            examples=("bedrock-api-key-YmVkcm9jay<[A-Za-z0-9+/]{200}>",),
            counter_examples=("bedrock-api-key-<[A-Za-z0-9+/]{40}>",),
            public_prefix="bedrock-api-key-",
            min_entropy=3.0,
        ),
        Format(
            slug="aws-mws-token",
            label="Amazon MWS authorisation token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bamzn\.mws\.[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b",
            examples=("MWS token: amzn.mws.<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("amzn.mws.<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            public_prefix="amzn.mws.",
            min_entropy=3.0,
        ),
        Format(
            slug="aws-appsync-key",
            label="AWS AppSync API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bda2-[a-z0-9]{26}\b",
            examples=("aws_appsync_apiKey: 'da2-<[a-z0-9]{26}>'",),
            counter_examples=("da2-<[a-z0-9]{20}>",),
            public_prefix="da2-",
            min_entropy=3.0,
        ),
    ),
)
