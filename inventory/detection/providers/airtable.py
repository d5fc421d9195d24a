"""Credentials that Airtable issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="airtable",
    label="Airtable",
    opens="Reads and changes the bases that the token names.",
    revoke="airtable.com/create/tokens > the token > Delete, or Regenerate; OAuth integrations under /create/oauth.",
    rotate="Create a second token with the same scopes and bases, deploy it, then delete the first.",
    documentation="https://airtable.com/developers/web/guides/personal-access-tokens",
    formats=(
        Format(
            slug="airtable-pat",
            label="Airtable personal access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpat[A-Za-z0-9]{14}\.[a-f0-9]{64}\b",
            examples=("AIRTABLE_TOKEN=pat<[A-Za-z0-9]{14}>.<[a-f0-9]{64}>",),
            counter_examples=("pat<[A-Za-z0-9]{14}>.<[a-f0-9]{30}>", "pat<[x]{14}>.<[x]{64}>"),
            public_prefix="pat",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="airtable-legacy-key",
            label="Airtable API key, older form",
            kind=CredentialKind.API_KEY,
            pattern=near("airtable", "key[A-Za-z0-9]{14}"),
            examples=("AIRTABLE_API_KEY=key<[A-Za-z0-9]{14}>",),
            counter_examples=("AIRTABLE_API_KEY=key<[A-Za-z0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="key",
            min_entropy=3.0,
        ),
        Format(
            slug="airtable-oauth-token",
            label="Airtable OAuth access token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\b(?P<value>oaa[A-Za-z0-9]{13}\.v1\.[A-Za-z0-9_-]{100,600}\.[a-f0-9]{64})(?:[^\w-]|$)",
            examples=("oaa<[A-Za-z0-9]{13}>.v1.<[A-Za-z0-9_-]{150}>.<[a-f0-9]{64}>",),
            counter_examples=("oaa<[A-Za-z0-9]{13}>.v1.<[A-Za-z0-9_-]{20}>",),
            public_prefix="oaa",
            min_entropy=3.0,
        ),
    ),
)
