"""Credentials that PagerDuty issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pagerduty",
    label="PagerDuty",
    opens="Reads and changes incidents, schedules and services; a general access key does so for the whole account.",
    revoke=(
        "PagerDuty > Integrations > API Access Keys > Delete; user tokens under My profile > User settings > API "
        "access."
    ),
    rotate="Create a second key, deploy it, then delete the first.",
    documentation="https://support.pagerduty.com/main/docs/api-access-keys",
    formats=(
        Format(
            slug="pagerduty-api-key",
            label="PagerDuty API key",
            kind=CredentialKind.API_KEY,
            pattern=near(
                r"(?:pagerduty|\bpd_|pager_duty)",
                r"[uy]\+[A-Za-z0-9_+-]{18}|[A-Za-z0-9_-]{20}|[a-f0-9]{32}",
                beside=r"\w+-",
            ),
            examples=("PAGERDUTY_TOKEN=u+<[A-Za-z0-9]{18}>",),
            counter_examples=("PAGERDUTY_TOKEN=<[A-Za-z0-9]{15}>", "PAGERDUTY_TOKEN=<[x]{20}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.2,
            opens_organisation=True,
        ),
    ),
)
