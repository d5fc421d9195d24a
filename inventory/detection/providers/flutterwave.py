"""Credentials that Flutterwave issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="flutterwave",
    label="Flutterwave",
    opens="Takes payments, sends transfers and reads customers of the business.",
    revoke=(
        "Flutterwave dashboard > Settings > API keys > Generate secret keys; the old ones end at once or after the "
        "chosen overlap."
    ),
    rotate="Generate new keys, deploy them in the overlap, then let the old ones expire.",
    documentation="https://developer.flutterwave.com/docs/authentication",
    formats=(
        Format(
            slug="flutterwave-secret-key",
            label="Flutterwave secret key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>FLWSECK(?:_TEST)?-[a-zA-Z0-9]{32}-X)(?:[^\w-]|$)",
            examples=("FLWSECK-<[a-f0-9]{32}>-X",),
            counter_examples=("FLWSECK-<[a-f0-9]{20}>-X",),
            public_prefix="FLWSECK",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
