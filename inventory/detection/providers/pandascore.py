"""Credentials that PandaScore issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pandascore",
    label="PandaScore",
    opens="Reads e-sports data at the account's cost.",
    revoke="app.pandascore.co > Dashboard > Access token > Regenerate.",
    rotate="There is one access token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developers.pandascore.co/docs/authentication",
    formats=(
        Format(
            slug="pandascore-access-token",
            label="PandaScore access token",
            kind=CredentialKind.API_KEY,
            pattern=near("pandascore", "(?:test_|live_)?[A-Za-z0-9_-]{43,51}"),
            examples=("PANDASCORE_API_KEY=<[A-Za-z0-9]{51}>",),
            counter_examples=("PANDASCORE_API_KEY=<[A-Za-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
