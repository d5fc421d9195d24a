"""Credentials that MaxMind issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="maxmind",
    label="MaxMind",
    opens="Downloads databases and calls the web services as the account.",
    revoke="maxmind.com > Account > Manage license keys > Delete.",
    rotate="Create a second licence key, deploy it, then delete the first.",
    documentation="https://support.maxmind.com/hc/en-us/articles/4407111582235",
    formats=(
        Format(
            slug="maxmind-licence-key",
            label="MaxMind licence key",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:maxmind|geoip)", "[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk|[A-Za-z0-9]{16}"),
            examples=("MAXMIND_LICENSE_KEY=<[A-Za-z0-9]{6}>_<[A-Za-z0-9]{29}>_mmk",),
            counter_examples=("MAXMIND_LICENSE_KEY=<[A-Za-z0-9]{6}>_<[A-Za-z0-9]{24}>_mmk",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
