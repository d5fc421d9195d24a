"""Credentials that Lunch Money issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="lunch-money",
    label="Lunch Money",
    opens="Reads and changes the person's budget.",
    revoke="my.lunchmoney.app > Settings > Developers > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://lunchmoney.dev/",
    formats=(
        Format(
            slug="lunch-money-access-token",
            label="Lunch Money access token",
            kind=CredentialKind.API_KEY,
            pattern=near("lunch_?money", "[a-f0-9]{50}"),
            examples=("LUNCH_MONEY_API_KEY=<[a-f0-9]{50}>",),
            counter_examples=("LUNCH_MONEY_API_KEY=<[a-f0-9]{45}>", "LUNCH_MONEY_API_KEY=<[x]{50}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
