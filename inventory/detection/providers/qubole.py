"""Credentials that Qubole issues."""

from inventory.detection.context import near
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
            pattern=near("qubole", "[a-z0-9]{64}"),
            examples=("QUBOLE_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("QUBOLE_API_KEY=<[a-f0-9]{59}>", "QUBOLE_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
