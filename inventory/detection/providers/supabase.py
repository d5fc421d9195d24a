"""Credentials that Supabase issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="supabase",
    label="Supabase",
    opens=(
        "An access token manages all projects of the account; a service key reads and writes all rows, past row "
        "level security."
    ),
    revoke=(
        "supabase.com/dashboard > Account > Access tokens > Delete; keys under the project's Settings > API keys > "
        "Delete (legacy keys by rotating the JWT secret)."
    ),
    rotate="Create a second secret key, deploy it, check Last used of the first, then delete it.",
    documentation="https://supabase.com/docs/guides/api/api-keys",
    formats=(
        Format(
            slug="supabase-access-token",
            label="Supabase access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bsbp_(?:oauth_|v0_)?[a-f0-9]{40}\b",
            examples=("SUPABASE_ACCESS_TOKEN=sbp_<[a-f0-9]{40}>",),
            counter_examples=("sbp_<[a-f0-9]{20}>", "sbp_<[x]{40}>"),
            public_prefix="sbp_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="supabase-secret-key",
            label="Supabase secret key",
            kind=CredentialKind.DATABASE_PASSWORD,
            pattern=r"\b(?P<value>sb_secret_[A-Za-z0-9_-]{31})(?:[^\w-]|$)",
            examples=("SUPABASE_SECRET_KEY=sb_secret_<[A-Za-z0-9_-]{31}>",),
            counter_examples=("sb_secret_<[A-Za-z0-9_-]{10}>",),
            public_prefix="sb_secret_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="supabase-publishable-key",
            label="Supabase publishable key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sb_publishable_[A-Za-z0-9_-]{31})(?:[^\w-]|$)",
            examples=("sb_publishable_<[A-Za-z0-9_-]{31}>",),
            counter_examples=("sb_publishable_<[A-Za-z0-9_-]{10}>",),
            public_prefix="sb_publishable_",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
