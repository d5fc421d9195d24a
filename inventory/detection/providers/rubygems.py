"""Credentials that RubyGems issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="rubygems",
    label="RubyGems",
    opens="Pushes and yanks gems of the account, as far as the key's scopes go.",
    revoke="rubygems.org > Settings > API keys > Delete; or `gem signout` for the key on the machine.",
    rotate=(
        "Create a second key with the same scopes and gem, deploy it, then delete the first; better, publish by "
        "trusted publishing."
    ),
    documentation="https://guides.rubygems.org/api-key-scopes/",
    formats=(
        Format(
            slug="rubygems-api-key",
            label="RubyGems API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\brubygems_[a-f0-9]{48}\b",
            examples=("Authorization: rubygems_<[a-f0-9]{48}>",),
            counter_examples=("rubygems_<[a-f0-9]{40}>", "rubygems_<[x]{48}>"),
            public_prefix="rubygems_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
