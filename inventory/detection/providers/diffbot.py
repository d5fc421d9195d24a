"""Credentials that Diffbot issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="diffbot",
    label="Diffbot",
    opens="Extracts and searches at the account's cost.",
    revoke="app.diffbot.com > Account > API token > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.diffbot.com/reference/authentication",
    formats=(
        Format(
            slug="diffbot-api-token",
            label="Diffbot API token",
            kind=CredentialKind.API_KEY,
            pattern=near("diffbot", "[a-z0-9]{32}"),
            examples=("DIFFBOT_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("DIFFBOT_API_KEY=<[a-f0-9]{27}>", "DIFFBOT_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
