"""Credentials that Jotform issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="jotform",
    label="Jotform",
    opens="Reads forms and their submissions, and with full access changes them.",
    revoke="jotform.com > Settings > API > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://api.jotform.com/docs/",
    formats=(
        Format(
            slug="jotform-api-key",
            label="Jotform API key",
            kind=CredentialKind.API_KEY,
            pattern=near("jotform", "[a-z0-9]{32}"),
            examples=("JOTFORM_API_KEY=<[a-f0-9]{32}>",),
            counter_examples=("JOTFORM_API_KEY=<[a-f0-9]{27}>", "JOTFORM_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
