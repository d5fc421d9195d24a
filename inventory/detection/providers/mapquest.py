"""Credentials that MapQuest issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="mapquest",
    label="MapQuest",
    opens="Calls maps and geocoding at the account's cost.",
    revoke="developer.mapquest.com > Manage keys > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://developer.mapquest.com/documentation/",
    formats=(
        Format(
            slug="mapquest-api-key",
            label="MapQuest API key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:mapquest[\w ./?&-]{0,24}(?:key|token|secret|access|private|pat|passw(?:or)?d)\w{0,9})"
                r"[\s\"':=>,(|]{1,8}(?:(?i:value)[\s\"':=]{1,4})?(?P<value>[A-Za-z0-9]{32})(?:[^\w-]|$)"
            ),
            examples=("MAPQUEST_API_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("MAPQUEST_API_KEY=<[A-Za-z0-9]{27}>", "MAPQUEST_API_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
