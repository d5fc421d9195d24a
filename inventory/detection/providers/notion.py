"""Credentials that Notion issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="notion",
    label="Notion",
    opens="Reads and changes the pages and databases that are shared with the integration.",
    revoke="notion.so/profile/integrations > the integration > Refresh secret, or Delete integration.",
    rotate=(
        "There is one secret for each integration: make a second integration, share the same pages with it, deploy "
        "its secret, then delete the first."
    ),
    documentation="https://developers.notion.com/docs/authorization",
    formats=(
        Format(
            slug="notion-integration-token",
            label="Notion integration token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bntn_[A-Za-z0-9]{43,50}\b",
            examples=("NOTION_TOKEN=ntn_<[A-Za-z0-9]{46}>",),
            counter_examples=("ntn_<[A-Za-z0-9]{20}>", "ntn_<[x]{46}>"),
            public_prefix="ntn_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="notion-legacy-token",
            label="Notion integration token, older form",
            kind=CredentialKind.API_KEY,
            pattern=r"\bsecret_[A-Za-z0-9]{43}\b",
            examples=("NOTION_TOKEN=secret_<[A-Za-z0-9]{43}>",),
            counter_examples=("secret_<[A-Za-z0-9]{20}>",),
            public_prefix="secret_",
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
