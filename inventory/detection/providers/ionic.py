"""Credentials that Ionic Appflow issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ionic",
    label="Ionic Appflow",
    opens="Builds and deploys apps as the person who owns the token.",
    revoke="dashboard.ionicframework.com > Settings > Personal access tokens > Delete.",
    rotate="Create a second token, deploy it, then delete the first.",
    documentation="https://ionic.io/docs/appflow",
    formats=(
        Format(
            slug="ionic-token",
            label="Ionic personal access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\bion_[A-Za-z0-9]{42}\b",
            examples=("IONIC_TOKEN=ion_<[A-Za-z0-9]{42}>",),
            counter_examples=("ion_<[A-Za-z0-9]{20}>", "ion_<[x]{42}>"),
            public_prefix="ion_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
