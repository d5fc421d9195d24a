"""Credentials that Adafruit IO issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="adafruit",
    label="Adafruit IO",
    opens="Reads and writes all feeds of the account, and so drives the devices that listen to them.",
    revoke="io.adafruit.com > the key symbol > Regenerate Key.",
    rotate="There is one key for each account: regenerate and deploy to all devices at once.",
    documentation="https://io.adafruit.com/api/docs/",
    formats=(
        Format(
            slug="adafruit-io-key",
            label="Adafruit IO key",
            kind=CredentialKind.API_KEY,
            pattern=r"\baio_[A-Za-z0-9]{28}\b",
            examples=("IO_KEY = 'aio_<[A-Za-z0-9]{28}>'",),
            counter_examples=("aio_<[A-Za-z0-9]{12}>", "aio_<[x]{28}>"),
            public_prefix="aio_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
