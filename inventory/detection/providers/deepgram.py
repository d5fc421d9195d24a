"""Credentials that Deepgram issues."""

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
            pattern=(
                r"(?i:deepgram[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-f0-9]{40})(?:[^\w-]|$)"
            ),
            examples=("DEEPGRAM_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("DEEPGRAM_API_KEY=<[a-f0-9]{30}>", "deepgram: <[a-f0-9]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
