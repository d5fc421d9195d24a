"""Credentials that Typeform issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="typeform",
    label="Typeform",
    opens="Reads forms and their answers and changes them, within the token's scopes.",
    revoke="admin.typeform.com > Account > Personal tokens > Delete or Regenerate.",
    rotate="Generate a second personal token with the same scopes, deploy it, then delete the first.",
    documentation="https://www.typeform.com/developers/get-started/personal-access-token/",
    formats=(
        Format(
            slug="typeform-pat",
            label="Typeform personal access token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>tfp_[A-Za-z0-9_.-]{40,62})(?:[^\w-]|$)",
            examples=("TYPEFORM_TOKEN=tfp_<[A-Za-z0-9_-]{44}>",),
            counter_examples=("tfp_<[A-Za-z0-9_-]{20}>", "tfp_<[x]{44}>"),
            public_prefix="tfp_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
