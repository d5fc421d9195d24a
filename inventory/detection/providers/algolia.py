"""Credentials that Algolia issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="algolia",
    label="Algolia",
    opens=(
        "Reads, changes and deletes the search indexes of the application, as the key's rights allow; a search-only "
        "key is meant for browsers."
    ),
    revoke="dashboard.algolia.com > Settings > API keys > Delete; the admin key by Regenerate; or DELETE /1/keys/KEY.",
    rotate=(
        "Create a second key with the same rights and indexes, deploy it, then delete the first; never use the "
        "admin key in an app."
    ),
    documentation="https://www.algolia.com/doc/guides/security/api-keys/",
    formats=(
        Format(
            slug="algolia-api-key",
            label="Algolia API key",
            kind=CredentialKind.API_KEY,
            pattern=near("algolia", "[a-z0-9]{32}"),
            examples=("ALGOLIA_ADMIN_KEY=<[a-f0-9]{32}>",),
            counter_examples=("ALGOLIA_ADMIN_KEY=<[a-f0-9]{30}>", "ALGOLIA_ADMIN_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
