"""Credentials that HCP Terraform (Terraform Cloud) issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="terraform-cloud",
    label="HCP Terraform (Terraform Cloud)",
    opens=(
        "Plans and applies infrastructure, and reads state with the secrets in it, for the user, team or "
        "organisation that owns the token."
    ),
    revoke=(
        "app.terraform.io > Account settings > Tokens > Delete; team and organisation tokens under the "
        "organisation's Settings > API tokens > Revoke."
    ),
    rotate=(
        "Users may have several tokens: create, deploy, delete the old one. Team and organisation tokens are "
        "single: regenerate and deploy at once."
    ),
    documentation="https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens",
    formats=(
        Format(
            slug="terraform-cloud-api-token",
            label="HCP Terraform API token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,80})(?:[^\w-]|$)",
            examples=("TF_TOKEN=<[A-Za-z0-9]{14}>.atlasv1.<[A-Za-z0-9]{67}>",),
            counter_examples=("<[A-Za-z0-9]{14}>.atlasv1.<[A-Za-z0-9]{20}>",),
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
