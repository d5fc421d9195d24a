"""Credentials that VirusTotal issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="virustotal",
    label="VirusTotal",
    opens="Submits and reads files as the account; a premium key downloads samples.",
    revoke=(
        "VirusTotal support regenerates the key: virustotal.com > the user > API key shows it, the contact form "
        "asks for a new one."
    ),
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.virustotal.com/docs/please-give-me-an-api-key",
    formats=(
        Format(
            slug="virustotal-api-key",
            label="VirusTotal API key",
            kind=CredentialKind.API_KEY,
            pattern=near("virustotal", "[a-f0-9]{64}"),
            examples=("VIRUSTOTAL_API_KEY=<[a-f0-9]{64}>",),
            counter_examples=("VIRUSTOTAL_API_KEY=<[a-f0-9]{59}>", "VIRUSTOTAL_API_KEY=<[x]{64}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
