"""Credentials that crates.io issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="crates-io",
    label="crates.io",
    opens="Publishes and yanks crates of the account, as far as the token's scopes go.",
    revoke="crates.io > Account settings > API tokens > Revoke.",
    rotate=(
        "Create a second token with the same scopes and crates, deploy it, then revoke the first; better, use "
        "trusted publishing."
    ),
    documentation="https://doc.rust-lang.org/cargo/reference/publishing.html",
    formats=(
        Format(
            slug="crates-io-api-token",
            label="crates.io API token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bcio[A-Za-z0-9]{32}\b",
            examples=('token = "cio<[A-Za-z0-9]{32}>"',),
            counter_examples=("cio<[A-Za-z0-9]{20}>", "cio<[A-Za-z0-9]{40}>"),
            public_prefix="cio",
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
