"""Credentials that PostHog issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="posthog",
    label="PostHog",
    opens=(
        "A personal key reads events and persons and changes the project, within its scopes; a project key only "
        "sends events."
    ),
    revoke=(
        "app.posthog.com > Settings > User > Personal API keys > Delete; or POST /api/personal_api_key/ via the "
        "leaked-key form."
    ),
    rotate="Create a second personal key with the same scopes, deploy it, then delete the first.",
    documentation="https://posthog.com/docs/api",
    formats=(
        Format(
            slug="posthog-personal-key",
            label="PostHog personal API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>phx_[A-Za-z0-9_]{43,48})(?:[^\w-]|$)",
            examples=("POSTHOG_API_KEY=phx_<[A-Za-z0-9]{43}>",),
            counter_examples=("phx_<[A-Za-z0-9]{20}>", "phx_<[x]{43}>"),
            public_prefix="phx_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="posthog-project-key",
            label="PostHog project key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bphc_[A-Za-z0-9]{43}\b",
            examples=("phc_<[A-Za-z0-9]{43}>",),
            counter_examples=("phc_<[A-Za-z0-9]{20}>",),
            public_prefix="phc_",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
