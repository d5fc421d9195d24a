"""Credentials that ElevenLabs issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="elevenlabs",
    label="ElevenLabs",
    opens="Generates speech at the account's cost and reads its voices and history.",
    revoke="elevenlabs.io > Developers > API keys > Delete.",
    rotate="Create a second key with the same restrictions, deploy it, then delete the first.",
    documentation="https://elevenlabs.io/docs/api-reference/authentication",
    formats=(
        Format(
            slug="elevenlabs-api-key",
            label="ElevenLabs API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bsk_[a-f0-9]{48}\b",
            examples=("ELEVENLABS_API_KEY=sk_<[a-f0-9]{48}>",),
            counter_examples=("sk_<[a-f0-9]{40}>", "sk_<[x]{48}>"),
            public_prefix="sk_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
