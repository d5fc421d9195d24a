"""Credentials that JFrog Artifactory issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="artifactory",
    label="JFrog Artifactory",
    opens=(
        "Downloads, publishes and with admin scope deletes packages on the JFrog platform, as the user or group it "
        "was made for."
    ),
    revoke=(
        "JFrog Platform > Administration > User management > Access tokens > Revoke; API keys and identity tokens "
        "under the user's profile > Revoke; or DELETE /access/api/v1/tokens/ID."
    ),
    rotate=(
        "Create a second scoped token, deploy it, then revoke the first; API keys are deprecated, replace them by "
        "identity tokens."
    ),
    documentation="https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens",
    formats=(
        Format(
            slug="artifactory-api-key",
            label="Artifactory API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bAKCp[A-Za-z0-9]{68,72}\b",
            examples=("ARTIFACTORY_API_KEY=AKCp<[A-Za-z0-9]{69}>",),
            counter_examples=("AKCp<[A-Za-z0-9]{20}>",),
            public_prefix="AKCp",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="artifactory-reference-token",
            label="Artifactory reference token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bcmVmdGtuOjAxO[A-Za-z0-9]{40,60}\b",
            examples=("cmVmdGtuOjAxO<[A-Za-z0-9]{51}>",),
            counter_examples=("cmVmdGtuOjAxO<[A-Za-z0-9]{10}>",),
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
