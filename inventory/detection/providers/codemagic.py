"""Credentials that Codemagic issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="codemagic",
    label="Codemagic",
    opens="Starts builds and reads their settings as the user or team.",
    revoke="codemagic.io > User settings > Integrations > Codemagic API > Regenerate.",
    rotate="There is one API token for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://docs.codemagic.io/rest-api/codemagic-rest-api/",
    formats=(
        Format(
            slug="codemagic-api-token",
            label="Codemagic API token",
            kind=CredentialKind.CI_TOKEN,
            pattern=near("codemagic", "[A-Za-z0-9_-]{42,54}"),
            examples=("CODEMAGIC_API_KEY=<[A-Za-z0-9_-]{43}>",),
            counter_examples=("CODEMAGIC_API_KEY=<[A-Za-z0-9_-]{38}>", "CODEMAGIC_API_KEY=<[x]{43}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
