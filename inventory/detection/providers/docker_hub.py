"""Credentials that Docker Hub issues."""

from inventory.detection.context import UUID, near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="docker-hub",
    label="Docker Hub",
    opens="Pulls private images and, with write access, pushes images as the account or organisation.",
    revoke=(
        "app.docker.com > Account settings > Personal access tokens > Delete; organisation tokens in the Admin "
        "Console > Access tokens."
    ),
    rotate=(
        "Generate a second token with the same access, log in with it everywhere, check Last used of the first, "
        "then delete it."
    ),
    documentation="https://docs.docker.com/security/access-tokens/",
    formats=(
        Format(
            slug="docker-hub-pat",
            label="Docker Hub personal access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>dckr_pat_[A-Za-z0-9_-]{27})(?:[^\w-]|$)",
            examples=("docker login -u me -p dckr_pat_<[A-Za-z0-9_-]{27}>",),
            counter_examples=("dckr_pat_<[A-Za-z0-9_-]{15}>", "dckr_pat_<[x]{27}>"),
            public_prefix="dckr_pat_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="docker-hub-oat",
            label="Docker Hub organisation access token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>dckr_oat_[A-Za-z0-9_-]{32})(?:[^\w-]|$)",
            examples=("dckr_oat_<[A-Za-z0-9_-]{32}>",),
            counter_examples=("dckr_oat_<[A-Za-z0-9_-]{15}>",),
            public_prefix="dckr_oat_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="docker-hub-uuid-token",
            label="Docker Hub access token, older form",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("docker(?:hub)?", UUID, called="token|pat|password|key"),
            examples=("DOCKERHUB_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("DOCKERHUB_TOKEN=<[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
