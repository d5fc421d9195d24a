"""Credentials that Oracle Cloud Infrastructure issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="oracle-cloud",
    label="Oracle Cloud Infrastructure",
    opens=(
        "Signs in as the user that owns the auth token or customer secret key: container registry, object storage "
        "and other services that take it."
    ),
    revoke=(
        "OCI console > Profile > My profile > Auth tokens or Customer secret keys > Delete; or `oci iam auth-token "
        "delete --user-id USER --auth-token-id ID`."
    ),
    rotate="Make a second auth token (two are allowed), deploy it, then delete the first.",
    documentation="https://docs.oracle.com/en-us/iaas/Content/Identity/Tasks/managingcredentials.htm",
    formats=(
        Format(
            slug="oracle-cloud-auth-token",
            label="Oracle Cloud auth token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=(
                r"(?i:(?:oci|oracle|ocir)[\w .-]{0,24}(?:auth[_ .-]?token|customer[_ .-]?secret|secret[_ .-]?key))"
                r"[\s\"':=>,(|]{1,8}(?P<value>[^\s\"']{20}|[A-Za-z0-9+/]{43}=)(?:[\s\"']|$)"
            ),
            examples=('OCI_AUTH_TOKEN="<[A-Za-z0-9]{20}>"',),
            counter_examples=('OCI_AUTH_TOKEN="<[A-Za-z0-9]{12}>"', 'OCI_AUTH_TOKEN="<[x]{20}>"'),
            confidence=Confidence.LOW,
            min_entropy=3.0,
        ),
    ),
)
