"""Credentials that Shodan issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="shodan",
    label="Shodan",
    opens="Searches at the account's cost.",
    revoke="account.shodan.io > Show API key > Reset > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://developer.shodan.io/api",
    formats=(
        Format(
            slug="shodan-api-key",
            label="Shodan API key",
            kind=CredentialKind.API_KEY,
            pattern=near("shodan", "[A-Za-z0-9]{32}"),
            examples=("SHODAN_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("SHODAN_API_KEY=<[A-Za-z0-9]{27}>", "SHODAN_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
