"""Credentials that Dynatrace issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="dynatrace",
    label="Dynatrace",
    opens=(
        "Reads monitoring data and changes configuration, as the token's scopes allow; a PaaS token downloads agents."
    ),
    revoke="Dynatrace > Access tokens > the token > Delete; or DELETE /api/v2/apiTokens/ID.",
    rotate=(
        "Generate a second token with the same scopes, deploy it, disable the first and delete it when nothing fails."
    ),
    documentation="https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens",
    formats=(
        Format(
            slug="dynatrace-api-token",
            label="Dynatrace API token",
            kind=CredentialKind.API_KEY,
            pattern=r"\bdt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b",
            examples=("DT_API_TOKEN=dt0c01.<[A-Z0-9]{24}>.<[A-Z0-9]{64}>",),
            counter_examples=("dt0c01.<[A-Z0-9]{24}>.<[A-Z0-9]{10}>", "dt0c01.<[X]{24}>.<[X]{64}>"),
            public_prefix="dt0c01.",
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
