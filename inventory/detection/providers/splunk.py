"""Credentials that Splunk issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="splunk",
    label="Splunk",
    opens="Sends events to an index (HEC), or searches and administers as the user of the token.",
    revoke=(
        "Splunk Web > Settings > Data inputs > HTTP Event Collector > Delete or Disable; bearer tokens under "
        "Settings > Tokens > Delete; Observability tokens under Settings > Access tokens."
    ),
    rotate="Create a second token for the same index, deploy it to the senders, then disable the first.",
    documentation="https://docs.splunk.com/Documentation/Splunk/latest/Data/UsetheHTTPEventCollector",
    formats=(
        Format(
            slug="splunk-hec-token",
            label="Splunk HTTP Event Collector token",
            kind=CredentialKind.API_KEY,
            pattern=(
                r"(?i:splunk[\w .-]{0,24}(?:token|hec|key)\w{0,9}|authorization[\"']?\s{0,2}:\s{0,2}[\"']?splunk)"
                r"[\s\"':=>,(]{1,6}(?P<value>(?i:[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}))(?:[^\w-]|$)"
            ),
            examples=(
                "Authorization: Splunk <[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",
                "SPLUNK_HEC_TOKEN=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",
            ),
            counter_examples=("Authorization: Splunk <[a-f0-9]{8}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
        Format(
            slug="splunk-observability-token",
            label="Splunk Observability access token",
            kind=CredentialKind.API_KEY,
            pattern=near("(?:splunk|signalfx)", "[A-Za-z0-9_-]{22}"),
            examples=("SPLUNK_ACCESS_TOKEN=<[A-Za-z0-9_-]{22}>",),
            counter_examples=("SPLUNK_ACCESS_TOKEN=<[A-Za-z0-9_-]{16}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
        ),
    ),
)
