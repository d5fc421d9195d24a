"""Credentials that RapidAPI issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="rapidapi",
    label="RapidAPI",
    opens="Calls every API that the app is subscribed to, at its cost.",
    revoke="rapidapi.com > Apps > the app > Authorization > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://docs.rapidapi.com/docs/keys",
    formats=(
        Format(
            slug="rapidapi-api-key",
            label="RapidAPI API key",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:rapid_?api|mashape)", "[A-Za-z0-9]{50}"),
            examples=("RAPIDAPI_KEY=<[A-Za-z0-9]{50}>",),
            counter_examples=("RAPIDAPI_KEY=<[A-Za-z0-9]{45}>", "RAPIDAPI_KEY=<[x]{50}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
