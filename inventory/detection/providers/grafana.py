"""Credentials that Grafana issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="grafana",
    label="Grafana",
    opens=(
        "Reads and changes dashboards and data sources, and through these may query them, as the role of its "
        "service account."
    ),
    revoke=(
        "Grafana > Administration > Service accounts > the account > the token > Delete; Cloud access policy tokens "
        "under grafana.com > Security > Access policies."
    ),
    rotate="Add a second token to the same service account, deploy it, check Last used of the first, then delete it.",
    documentation="https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    formats=(
        Format(
            slug="grafana-service-account-token",
            label="Grafana service account token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bglsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}\b",
            examples=("Authorization: Bearer glsa_<[A-Za-z0-9]{32}>_<[a-f0-9]{8}>",),
            counter_examples=("glsa_<[A-Za-z0-9]{20}>_<[a-f0-9]{8}>", "glsa_<[x]{32}>_<[a-f0-9]{8}>"),
            public_prefix="glsa_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="grafana-cloud-token",
            label="Grafana Cloud access policy token",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>glc_eyJ[A-Za-z0-9+/]{50,400}={0,2})(?:[^\w+/=-]|$)",
            examples=("glc_eyJ<[A-Za-z0-9+/]{100}>",),
            counter_examples=("glc_eyJ<[A-Za-z0-9+/]{10}>",),
            public_prefix="glc_",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="grafana-api-key",
            label="Grafana API key, older form",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>eyJrIjoi[A-Za-z0-9]{60,400}={0,2})(?:[^\w+/=-]|$)",
            examples=("Bearer eyJrIjoi<[A-Za-z0-9]{72}>==",),
            counter_examples=("eyJrIjoi<[A-Za-z0-9]{10}>",),
            public_prefix="eyJrIjoi",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
