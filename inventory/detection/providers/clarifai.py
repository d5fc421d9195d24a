"""Credentials that Clarifai issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="clarifai",
    label="Clarifai",
    opens="Runs models of the app or account at its cost.",
    revoke="clarifai.com > Settings > Security > Personal access tokens > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://docs.clarifai.com/control/authentication/pat",
    formats=(
        Format(
            slug="clarifai-access-token",
            label="Clarifai access token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:clarifai[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("CLARIFAI_PAT=<[A-Za-z0-9]{32}>",),
            counter_examples=("CLARIFAI_PAT=<[A-Za-z0-9]{27}>", "CLARIFAI_PAT=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
