"""Credentials that NASA open APIs issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="nasa",
    label="NASA open APIs",
    opens="Calls NASA's open APIs under the holder's rate limit.",
    revoke="Ask at api.nasa.gov, which cannot delete keys by itself: request a new one and leave the old unused.",
    rotate="Request a second key at api.nasa.gov and deploy it.",
    documentation="https://api.nasa.gov/",
    formats=(
        Format(
            slug="nasa-api-key",
            label="NASA API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bapi\.nasa\.gov/[\w/.?=&-]{1,120}?api_key=(?P<value>[A-Za-z0-9]{40})(?:[^\w-]|$)",
            examples=("https://api.nasa.gov/planetary/apod?api_key=<[A-Za-z0-9]{40}>",),
            counter_examples=("https://api.nasa.gov/planetary/apod?api_key=DEMO_KEY",),
            min_entropy=3.0,
        ),
    ),
)
