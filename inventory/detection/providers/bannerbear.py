"""Credentials that Bannerbear issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="bannerbear",
    label="Bannerbear",
    opens="Makes images at the account's cost.",
    revoke="app.bannerbear.com > Account settings > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developers.bannerbear.com/",
    formats=(
        Format(
            slug="bannerbear-api-key",
            label="Bannerbear API key",
            kind=CredentialKind.API_KEY,
            pattern=near("bannerbear", "bb_(?:pr|ma)_[a-f0-9]{30}|[a-z0-9]{24}"),
            examples=("BANNERBEAR_API_KEY=<[a-z0-9]{24}>",),
            counter_examples=("BANNERBEAR_API_KEY=<[a-z0-9]{19}>", "BANNERBEAR_API_KEY=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
