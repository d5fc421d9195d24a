"""Credentials that Spoonacular issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="spoonacular",
    label="Spoonacular",
    opens="Reads recipes at the account's cost.",
    revoke="spoonacular.com/food-api/console > Profile > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://spoonacular.com/food-api/docs",
    formats=(
        Format(
            slug="spoonacular-api-key",
            label="Spoonacular API key",
            kind=CredentialKind.API_KEY,
            pattern=near("spoonacular", "[a-f0-9]{32}"),
            examples=("SPOONACULAR_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("SPOONACULAR_API_KEY=<[a-f0-9]{27}>", "SPOONACULAR_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
