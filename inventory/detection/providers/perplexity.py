"""Credentials that Perplexity issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="perplexity",
    label="Perplexity",
    opens="Calls the models at the account's cost.",
    revoke="perplexity.ai > Settings > API > API keys > Delete; or POST https://api.perplexity.ai/revoke_auth_token.",
    rotate="Generate a second key (POST /generate_auth_token), deploy it, then revoke the first.",
    documentation="https://docs.perplexity.ai/guides/api-key-management",
    formats=(
        Format(
            slug="perplexity-api-key",
            label="Perplexity API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpplx-[A-Za-z0-9]{48}\b",
            examples=("PERPLEXITY_API_KEY=pplx-<[A-Za-z0-9]{48}>",),
            counter_examples=("pplx-<[A-Za-z0-9]{20}>", "pplx-<[x]{48}>"),
            public_prefix="pplx-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
