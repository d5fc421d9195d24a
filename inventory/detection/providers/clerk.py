"""Credentials that Clerk issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="clerk",
    label="Clerk",
    opens="Reads and changes all users and sessions of the instance.",
    revoke="dashboard.clerk.com > API keys > Secret keys > Delete.",
    rotate="Add a second secret key, deploy it, then delete the first.",
    documentation="https://clerk.com/docs/deployments/clerk-environment-variables",
    formats=(
        Format(
            slug="clerk-secret-key",
            label="Clerk secret key",
            kind=CredentialKind.API_KEY,
            pattern=r"(?i:clerk)[\w .-]{0,24}[\s\"':=>,(]{1,6}(?P<value>sk_(?:live|test)_[A-Za-z0-9]{42})\b",
            examples=("CLERK_SECRET_KEY=sk_live_<[A-Za-z0-9]{42}>",),
            counter_examples=("CLERK_SECRET_KEY=sk_live_<[A-Za-z0-9]{12}>",),
            public_prefix="sk_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
