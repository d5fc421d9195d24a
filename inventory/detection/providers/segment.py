"""Credentials that Twilio Segment issues."""

from inventory.detection.context import near
from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="segment",
    label="Twilio Segment",
    opens="A public API token manages the workspace: sources, destinations and users.",
    revoke="app.segment.com > Settings > Workspace settings > Access management > Tokens > Remove.",
    rotate="Create a second token with the same role, deploy it, then remove the first.",
    documentation="https://www.twilio.com/docs/segment/api/public-api",
    formats=(
        Format(
            slug="segment-public-api-token",
            label="Segment public API token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bsgp_[A-Za-z0-9]{64}\b",
            examples=('"token": "sgp_<[A-Za-z0-9]{64}>"',),
            counter_examples=("sgp_<[A-Za-z0-9]{80}>",),
            public_prefix="sgp_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="segment-legacy-token",
            label="Segment token, older form",
            kind=CredentialKind.API_KEY,
            pattern=near("segment", r"[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}"),
            examples=("SEGMENT_TOKEN=<[A-Za-z0-9_-]{43}>.<[A-Za-z0-9_-]{43}>",),
            counter_examples=("SEGMENT_TOKEN=<[A-Za-z0-9_-]{20}>.<[A-Za-z0-9_-]{20}>",),
            min_entropy=3.5,
        ),
    ),
)
