"""Credentials that EasyPost issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="easypost",
    label="EasyPost",
    opens="Buys shipping labels at the account's cost and reads addresses.",
    revoke="app.easypost.com > Account settings > API keys > Disable or Delete.",
    rotate="Create a second production key, deploy it, then delete the first.",
    documentation="https://docs.easypost.com/docs/authentication",
    formats=(
        Format(
            slug="easypost-api-key",
            label="EasyPost API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bEZ[AT]K[a-f0-9A-Za-z]{54}\b",
            examples=("EASYPOST_API_KEY=EZAK<[A-Za-z0-9]{54}>",),
            counter_examples=("EZAK<[A-Za-z0-9]{30}>", "EZAK<[x]{54}>"),
            public_prefix="EZAK",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
