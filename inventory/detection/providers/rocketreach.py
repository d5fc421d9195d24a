"""Credentials that RocketReach issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="rocketreach",
    label="RocketReach",
    opens="Looks up persons at the account's cost.",
    revoke="rocketreach.co > Account > API > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.rocketreach.co/",
    formats=(
        Format(
            slug="rocketreach-api-key",
            label="RocketReach API key",
            kind=CredentialKind.API_KEY,
            pattern=near("rocket_?reach", "[A-Za-z0-9]{6}-[A-Za-z0-9]{36}|[a-z0-9]{39}"),
            examples=("ROCKETREACH_API_KEY=<[a-f0-9]{39}>",),
            counter_examples=("ROCKETREACH_API_KEY=<[a-f0-9]{34}>", "ROCKETREACH_API_KEY=<[x]{39}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
