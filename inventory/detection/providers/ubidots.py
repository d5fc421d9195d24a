"""Credentials that Ubidots issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ubidots",
    label="Ubidots",
    opens="Reads and writes the devices and variables of the account.",
    revoke="industrial.ubidots.com > My profile > API credentials > the token > Delete.",
    rotate="Create a second token, deploy it to devices, then delete the first.",
    documentation="https://docs.ubidots.com/reference/authentication",
    formats=(
        Format(
            slug="ubidots-token",
            label="Ubidots token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bBBFF-[A-Za-z0-9]{30}\b",
            examples=("UBIDOTS_TOKEN=BBFF-<[A-Za-z0-9]{30}>",),
            counter_examples=("BBFF-<[A-Za-z0-9]{12}>", "BBFF-<[x]{30}>"),
            public_prefix="BBFF-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
