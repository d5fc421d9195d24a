"""Credentials that Pulumi issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pulumi",
    label="Pulumi",
    opens="Updates stacks and decrypts their secrets as the user, team or organisation that owns the token.",
    revoke=(
        "app.pulumi.com > Account settings > Access tokens > Delete; organisation tokens under the organisation's "
        "Settings > Access tokens."
    ),
    rotate=(
        "Create a second access token with an expiry, deploy it, then delete the first; in CI use OpenID Connect "
        "instead."
    ),
    documentation="https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/",
    formats=(
        Format(
            slug="pulumi-access-token",
            label="Pulumi access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bpul-[a-f0-9]{40}\b",
            examples=("PULUMI_ACCESS_TOKEN=pul-<[a-f0-9]{40}>",),
            counter_examples=("pul-<[a-f0-9]{30}>", "pul-<[x]{40}>"),
            public_prefix="pul-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
