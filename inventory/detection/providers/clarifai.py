"""Credentials that Clarifai issues."""

from inventory.detection.context import near
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
            pattern=near("clarifai", "[A-Za-z0-9]{32}"),
            examples=("CLARIFAI_PAT=<[A-Za-z0-9]{32}>",),
            counter_examples=("CLARIFAI_PAT=<[A-Za-z0-9]{27}>", "CLARIFAI_PAT=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
