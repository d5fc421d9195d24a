"""Credentials that X (Twitter) issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="twitter",
    label="X (Twitter)",
    opens="Reads and posts as the app, or as the person whose access token it is.",
    revoke=(
        "developer.x.com > the project > the app > Keys and tokens > Revoke or Regenerate; or POST "
        "/oauth2/invalidate_token."
    ),
    rotate="There is one set for each app: regenerate and deploy at once, or add a second app and switch over first.",
    documentation="https://docs.x.com/fundamentals/authentication/overview",
    formats=(
        Format(
            slug="twitter-bearer-token",
            label="X bearer token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>A{20,24}[A-Za-z0-9%]{60,120})\b",
            examples=("Bearer AAAAAAAAAAAAAAAAAAAAAA<[A-Za-z0-9]{82}>",),
            counter_examples=("AAAAAAAAAAAAAAAAAAAAAA<[A-Za-z0-9]{20}>",),
            public_prefix="AAAAAAAAAAAAAAAAAAAA",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="twitter-consumer-secret",
            label="X consumer key or secret",
            kind=CredentialKind.API_KEY,
            pattern=near(
                r"(?:twitter|tweepy|\btw_)",
                "[A-Za-z0-9]{50}|[A-Za-z0-9]{35,45}|[A-Za-z0-9]{18,25}",
                called="key|secret|token|id",
                beside=r"\w%-",
            ),
            examples=("TWITTER_API_SECRET=<[A-Za-z0-9]{50}>",),
            counter_examples=("TWITTER_API_SECRET=<[A-Za-z0-9]{12}>", "TWITTER_API_SECRET=<[x]{50}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
        Format(
            slug="twitter-access-token",
            label="X access token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:twitter|oauth|access[_-]?token)[\w .-]{0,24}[\s\"':=>,(]{1,6}"
                r"(?P<value>[0-9]{8,20}-[A-Za-z0-9]{40})\b"
            ),
            examples=("TWITTER_ACCESS_TOKEN=<[0-9]{18}>-<[A-Za-z0-9]{40}>",),
            counter_examples=("TWITTER_ACCESS_TOKEN=<[0-9]{18}>-<[A-Za-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
        Format(
            slug="twitter-encoded-token",
            label="X token with percent signs",
            kind=CredentialKind.API_KEY,
            pattern=near("twitter", "[A-Za-z0-9]{18,25}%[A-Za-z0-9%]{20,140}"),
            examples=("twitter_token=<[A-Za-z0-9]{20}>%<[A-Za-z0-9]{90}>",),
            counter_examples=("twitter_token=<[A-Za-z0-9]{20}>%<[A-Za-z0-9]{3}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
        ),
    ),
)
