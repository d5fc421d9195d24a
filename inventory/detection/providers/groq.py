"""Credentials that Groq issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="groq",
    label="Groq",
    opens="Calls the models at the organisation's cost.",
    revoke="console.groq.com > API Keys > Delete.",
    rotate="Create a second key, deploy it, then delete the first.",
    documentation="https://console.groq.com/docs/quickstart",
    formats=(
        Format(
            slug="groq-api-key",
            label="Groq API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bgsk_[A-Za-z0-9]{52}\b",
            examples=("GROQ_API_KEY=gsk_<[A-Za-z0-9]{52}>",),
            counter_examples=("gsk_<[A-Za-z0-9]{30}>", "gsk_<[x]{52}>"),
            public_prefix="gsk_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
