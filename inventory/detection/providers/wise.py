"""Credentials that Wise issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="wise",
    label="Wise",
    opens="Reads balances and, with full access, sends transfers from the account.",
    revoke="wise.com > Settings > Integrations and tools > API tokens > the token > Revoke.",
    rotate="Add a second token with the same access, deploy it, then revoke the first.",
    documentation="https://docs.wise.com/api-docs/guides/personal-tokens",
    formats=(
        Format(
            slug="wise-api-token",
            label="Wise API token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:(?:transferwise|\bwise)[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)"
                r"\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?"
                r"(?P<value>[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12})(?:[^\w-]|$)"
            ),
            examples=("WISE_API_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("WISE_API_TOKEN=<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
