"""Credentials that YNAB issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ynab",
    label="YNAB",
    opens="Reads and changes the person's budgets.",
    revoke="app.ynab.com > Account settings > Developer settings > Personal access tokens > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://api.ynab.com/",
    formats=(
        Format(
            slug="ynab-access-token",
            label="YNAB access token",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:ynab|youneedabudget)", "[A-Za-z0-9_-]{43}|[a-f0-9]{64}"),
            examples=("YNAB_ACCESS_TOKEN=<[a-f0-9]{64}>",),
            counter_examples=("YNAB_ACCESS_TOKEN=<[a-f0-9]{59}>", "YNAB_ACCESS_TOKEN=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
