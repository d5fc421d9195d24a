"""Credentials that Deepgram issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="deepgram",
    label="Deepgram",
    opens="Transcribes at the project's cost; an owner key manages the project.",
    revoke="console.deepgram.com > the project > API keys > Delete; or DELETE /v1/projects/ID/keys/KEY_ID.",
    rotate="Create a second key with the same role, deploy it, then delete the first.",
    documentation="https://developers.deepgram.com/docs/create-additional-api-keys",
    formats=(
        Format(
            slug="deepgram-api-key",
            label="Deepgram API key",
            kind=CredentialKind.API_KEY,
            pattern=near("deepgram", "[a-f0-9]{40}"),
            examples=("DEEPGRAM_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("DEEPGRAM_API_KEY=<[a-f0-9]{30}>", "deepgram: <[a-f0-9]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
