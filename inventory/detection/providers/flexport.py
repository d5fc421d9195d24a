"""Credentials that Flexport (Deliverr) issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="flexport",
    label="Flexport (Deliverr)",
    opens="Reads and places orders and shipments of the account.",
    revoke="portal.flexport.com > Settings > API tokens > Revoke.",
    rotate="Create a second token, deploy it, then revoke the first.",
    documentation="https://docs.logistics-api.flexport.com/",
    formats=(
        Format(
            slug="flexport-token",
            label="Flexport logistics token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>shltm_[A-Za-z0-9_-]{40})(?:[^\w-]|$)",
            examples=("FLEXPORT_TOKEN=shltm_<[A-Za-z0-9]{40}>",),
            counter_examples=("shltm_<[A-Za-z0-9]{20}>",),
            public_prefix="shltm_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
