"""Credentials that AssemblyAI issues."""

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
            pattern=(
                r"(?i:assembly_?ai[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("ASSEMBLYAI_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("ASSEMBLYAI_API_KEY=<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
