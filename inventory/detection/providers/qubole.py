"""Credentials that Qubole issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="qubole",
    label="Qubole",
    opens="Ran queries on the account's data; the service has been wound down.",
    revoke="Qubole control panel > My accounts > API token > Reset > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.qubole.com/",
    formats=(
        Format(
            slug="qubole-api-token",
            label="Qubole API token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:qubole[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{64})(?:[^\w-]|$)"
            ),
            examples=("QUBOLE_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("QUBOLE_API_KEY=<[a-f0-9]{59}>", "QUBOLE_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
