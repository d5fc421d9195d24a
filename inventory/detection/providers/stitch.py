"""Credentials that Stitch issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="stitch",
    label="Stitch",
    opens="Manages data pipelines and their destination of the account.",
    revoke="app.stitchdata.com > Account settings > API access keys > Delete.",
    rotate="Create a second access token, deploy it, then delete the first.",
    documentation="https://www.stitchdata.com/docs/developers/stitch-connect/",
    formats=(
        Format(
            slug="stitch-access-token",
            label="Stitch access token",
            kind=CredentialKind.API_KEY,
            pattern=near("stitch_?data", "[a-z0-9]{35,37}|[a-f0-9]{64}"),
            examples=("STITCHDATA_TOKEN=<[a-z0-9]{35}>",),
            counter_examples=("STITCHDATA_TOKEN=<[a-z0-9]{30}>", "STITCHDATA_TOKEN=<[x]{35}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
