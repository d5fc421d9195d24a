"""Credentials that Jenkins issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="jenkins",
    label="Jenkins",
    opens=(
        "Starts builds and reads jobs as the user that owns the token; a crumb alone opens nothing but shows a session."
    ),
    revoke="Jenkins > the user > Security > API Token > Revoke; administrators can open /user/NAME/security.",
    rotate="Add a second named API token, deploy it, check its use counter, then revoke the first.",
    documentation="https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/",
    formats=(
        Format(
            slug="jenkins-api-token",
            label="Jenkins API token",
            kind=CredentialKind.CI_TOKEN,
            pattern=(
                r"(?i:jenkins[\w ./-]{0,24}(?:token|key|passw(?:or)?d|secret|crumb)\w{0,9})"
                r"[\s\"':=>,(]{1,8}(?P<value>[a-f0-9]{32,36})(?:[^\w-]|$)"
            ),
            examples=("JENKINS_TOKEN=11<[a-f0-9]{32}>",),
            counter_examples=("JENKINS_TOKEN=<[a-f0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="jenkins-initial-password",
            label="First administrator password of a Jenkins server",
            kind=CredentialKind.PASSWORD,
            pattern=r"password to proceed to installation:\s{1,16}(?P<value>[a-f0-9]{32})\b",
            examples=("Please use the following password to proceed to installation:\n\n<[a-f0-9]{32}>\n",),
            counter_examples=("password to proceed to installation:\n\n<[a-f0-9]{20}>\n",),
            min_entropy=3.0,
        ),
        Format(
            slug="jenkins-crumb",
            label="Jenkins crumb",
            kind=CredentialKind.CI_TOKEN,
            pattern=r"(?i:jenkins-crumb)[\s\"':=]{1,5}(?P<value>[a-f0-9]{64})(?:[^\w-]|$)",
            examples=("Jenkins-Crumb: <[a-f0-9]{64}>",),
            counter_examples=("Jenkins-Crumb: <[a-f0-9]{40}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
