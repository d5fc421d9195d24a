"""Credentials that Shodan issues."""

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
            pattern=(
                r"(?i:shodan[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("SHODAN_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("SHODAN_API_KEY=<[A-Za-z0-9]{27}>", "SHODAN_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
            opens_organisation=True,
        ),
    ),
)
