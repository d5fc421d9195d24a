"""Credentials that Voiceflow issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="voiceflow",
    label="Voiceflow",
    opens="Runs the assistants of the project or workspace and reads their transcripts.",
    revoke="creator.voiceflow.com > the project > Integrations > API keys > Regenerate.",
    rotate="Regenerate keeps the secondary key alive: move clients to it, then remove it.",
    documentation="https://docs.voiceflow.com/reference/authentication",
    formats=(
        Format(
            slug="voiceflow-api-key",
            label="Voiceflow API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bVF\.(?:(?:DM|WS)\.)?[a-f0-9]{24}\.[A-Za-z0-9]{16}\b",
            examples=("VF.DM.<[a-f0-9]{24}>.<[A-Za-z0-9]{16}>",),
            counter_examples=("VF.DM.<[a-f0-9]{24}>.<[A-Za-z0-9]{6}>",),
            public_prefix="VF.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
