"""Credentials that AssemblyAI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="assemblyai",
    label="AssemblyAI",
    opens="Transcribes at the account's cost and reads its transcripts.",
    revoke="assemblyai.com > Dashboard > API keys > Delete.",
    rotate="Create a second key in the project, deploy it, then delete the first.",
    documentation="https://www.assemblyai.com/docs",
    formats=(
        Format(
            slug="assemblyai-api-key",
            label="AssemblyAI API key",
            kind=CredentialKind.API_KEY,
            pattern=near("assembly_?ai", "[a-z0-9]{32}"),
            examples=("ASSEMBLYAI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("ASSEMBLYAI_API_KEY=<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
