"""Credentials that Optimizely issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="optimizely",
    label="Optimizely",
    opens="Reads and changes experiments of the account.",
    revoke="app.optimizely.com > Profile > API access > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://docs.developers.optimizely.com/",
    formats=(
        Format(
            slug="optimizely-access-token",
            label="Optimizely access token",
            kind=CredentialKind.API_KEY,
            pattern=near("optimizely", "[0-9A-Za-z:_-]{50,58}"),
            examples=("OPTIMIZELY_API_KEY=<[A-Za-z0-9]{54}>",),
            counter_examples=("OPTIMIZELY_API_KEY=<[A-Za-z0-9]{49}>", "OPTIMIZELY_API_KEY=<[x]{54}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.7,
            opens_organisation=True,
        ),
    ),
)
