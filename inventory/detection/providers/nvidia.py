"""Credentials that NVIDIA issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="nvidia",
    label="NVIDIA",
    opens="Calls hosted models and pulls from the NGC registry as the person or service that owns the key.",
    revoke="org.ngc.nvidia.com > Setup > API keys > Deactivate or Delete.",
    rotate="Rotate the key in the same place, or make a second one, deploy it, then delete the first.",
    documentation="https://docs.nvidia.com/ngc/gpu-cloud/ngc-user-guide/index.html",
    formats=(
        Format(
            slug="nvidia-api-key",
            label="NVIDIA API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>nvapi-[A-Za-z0-9_-]{64})(?:[^\w-]|$)",
            examples=("NVIDIA_API_KEY=nvapi-<[A-Za-z0-9_-]{64}>",),
            counter_examples=("nvapi-<[A-Za-z0-9_-]{30}>", "nvapi-<[x]{64}>", "nvapi-<[A-Za-z0-9_-]{66}>"),
            public_prefix="nvapi-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
