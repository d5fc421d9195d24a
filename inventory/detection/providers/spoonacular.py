"""Credentials that Spoonacular issues."""

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
            pattern=(
                r"(?i:spoonacular[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[a-f0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("SPOONACULAR_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("SPOONACULAR_API_KEY=<[a-f0-9]{27}>", "SPOONACULAR_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
