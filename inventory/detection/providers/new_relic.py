"""Credentials that New Relic issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="new-relic",
    label="New Relic",
    opens="A user key queries and configures the accounts of its user; licence and insert keys send data in.",
    revoke="one.newrelic.com > Account menu > API keys > Delete; or the apiAccessDeleteKeys mutation of NerdGraph.",
    rotate=(
        "Create a second key of the same type, deploy it, then delete the first; the original licence key only New "
        "Relic support can replace."
    ),
    documentation="https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
    formats=(
        Format(
            slug="new-relic-user-key",
            label="New Relic user key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bNRAK-[A-Z0-9]{27}\b",
            examples=("NEW_RELIC_API_KEY=NRAK-<[A-Z0-9]{27}>",),
            counter_examples=("NRAK-<[A-Z0-9]{20}>", "NRAK-<[X]{27}>"),
            public_prefix="NRAK-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="new-relic-admin-key",
            label="New Relic admin key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bNRAA-[a-f0-9]{27}\b",
            examples=("NRAA-<[a-f0-9]{27}>",),
            counter_examples=("NRAA-<[a-f0-9]{20}>",),
            public_prefix="NRAA-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="new-relic-insert-key",
            label="New Relic insert key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>NRII-[A-Za-z0-9_-]{32})(?:[^\w-]|$)",
            examples=("NRII-<[A-Za-z0-9_-]{32}>",),
            counter_examples=("NRII-<[A-Za-z0-9_-]{20}>",),
            public_prefix="NRII-",
            min_entropy=3.0,
        ),
        Format(
            slug="new-relic-query-key",
            label="New Relic query key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>NRIQ-[A-Za-z0-9_-]{32})(?:[^\w-]|$)",
            examples=("NRIQ-<[A-Za-z0-9_-]{32}>",),
            counter_examples=("NRIQ-<[A-Za-z0-9_-]{20}>",),
            public_prefix="NRIQ-",
            min_entropy=3.0,
        ),
        Format(
            slug="new-relic-rest-key",
            label="New Relic REST API key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bNRRA-[a-f0-9]{42}\b",
            examples=("NRRA-<[a-f0-9]{42}>",),
            counter_examples=("NRRA-<[a-f0-9]{20}>",),
            public_prefix="NRRA-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="new-relic-browser-key",
            label="New Relic browser licence key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bNRJS-[a-f0-9]{19}\b",
            examples=("NRJS-<[a-f0-9]{19}>",),
            counter_examples=("NRJS-<[a-f0-9]{10}>",),
            public_prefix="NRJS-",
            min_entropy=2.8,
            public_by_design=True,
        ),
        Format(
            slug="new-relic-licence-key",
            label="New Relic licence key",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:(?:new_?relic[\w .-]{0,20})?licen[sc]e[_-]?key|licen[sc]e|new_?relic[\w .-]{0,24})"
                r"[\s\"':=>,(]{1,6}(?P<value>(?:eu[0-9]{2}xx[a-f0-9]{30}|[a-f0-9]{32,36})(?:NRAL|FFFF[A-F0-9]{4}))\b"
            ),
            examples=("NEW_RELIC_LICENSE_KEY=<[a-f0-9]{36}>NRAL", "license: eu01xx<[a-f0-9]{30}>NRAL"),
            counter_examples=("NEW_RELIC_LICENSE_KEY=<[a-f0-9]{20}>NRAL",),
            min_entropy=3.0,
        ),
        Format(
            slug="new-relic-legacy-licence-key",
            label="New Relic licence key, older form",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:new_?relic[\w .-]{0,24}key|\blicen[sc]e_key)[\s\"':=>,(]{1,6}"
                r"(?P<value>[a-f0-9]{40})(?:[^\w-]|$)"
            ),
            examples=("license_key: <[a-f0-9]{40}>",),
            counter_examples=("license_key: <[a-f0-9]{38}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
        Format(
            slug="new-relic-pixie-key",
            label="New Relic Pixie API or deploy key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpx-(?:api|dep)-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b",
            examples=("px-api-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("px-api-<[a-f0-9]{8}>",),
            public_prefix="px-",
            min_entropy=3.0,
        ),
        Format(
            slug="new-relic-token-in-context",
            label="New Relic token beside its name",
            kind=CredentialKind.API_KEY,
            pattern=near("new_?relic", "[A-Za-z0-9_.]{4}-[A-Za-z0-9_.]{42}"),
            examples=("newrelic_token = <[A-Za-z0-9]{4}>-<[A-Za-z0-9]{42}>",),
            counter_examples=("newrelic_token = <[A-Za-z0-9]{4}>-<[A-Za-z0-9]{12}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
