"""Credentials that Adyen issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="adyen",
    label="Adyen",
    opens="Takes and refunds payments for the company account, as the API credential's roles allow.",
    revoke=(
        "Adyen Customer Area > Developers > API credentials > the credential > Generate new API key, then expire "
        "the old one."
    ),
    rotate=(
        "Generate a new API key: the old one stays valid for 24 hours (or longer, as chosen), deploy the new one "
        "meanwhile."
    ),
    documentation="https://docs.adyen.com/development-resources/api-credentials",
    formats=(
        Format(
            slug="adyen-api-key",
            label="Adyen API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"\b(?P<value>AQE[a-z0-9]hmf[A-Za-z0-9+/]{20,200}={0,2}-[A-Za-z0-9+/]{30,60}={0,2}-"
                r"[A-Za-z0-9+/<>{}()!@#$%^&*.,:;?~_|=\[\]]{8,24})(?:[\s\"']|$)"
            ),
            examples=("ADYEN_API_KEY=AQEyhmf<[A-Za-z0-9+/]{60}>==-<[A-Za-z0-9+/]{43}>=-<[A-Za-z0-9]{16}>",),
            counter_examples=("AQEyhmf<[A-Za-z0-9+/]{10}>",),
            public_prefix="AQE",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
