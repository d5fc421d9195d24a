"""Credentials that MonkeyLearn issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="monkeylearn",
    label="MonkeyLearn",
    opens="Runs text models at the account's cost.",
    revoke="app.monkeylearn.com > My account > API keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://monkeylearn.com/api/",
    formats=(
        Format(
            slug="monkeylearn-api-key",
            label="MonkeyLearn API key",
            kind=CredentialKind.API_KEY,
            pattern=near("monkeylearn", "[a-f0-9]{40}"),
            examples=("MONKEYLEARN_API_KEY=<[a-f0-9]{40}>",),
            counter_examples=("MONKEYLEARN_API_KEY=<[a-f0-9]{35}>", "MONKEYLEARN_API_KEY=<[x]{40}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
