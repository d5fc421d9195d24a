"""Credentials that Salesforce issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="salesforce",
    label="Salesforce",
    opens=(
        "Calls the Salesforce API as the user of the session or connected app, with all that the user's profile allows."
    ),
    revoke=(
        "Setup > Session Management > Remove; refresh tokens under Setup > Connected Apps OAuth Usage > Revoke; or "
        "POST /services/oauth2/revoke."
    ),
    rotate=(
        "Connected apps: Setup > App Manager > the app > Manage consumer details > stage a new secret, deploy it, "
        "then apply it; sessions end by themselves."
    ),
    documentation="https://help.salesforce.com/s/articleView?id=sf.remoteaccess_revoke_token.htm&type=5",
    formats=(
        Format(
            slug="salesforce-access-token",
            label="Salesforce access token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\b(?P<value>00[A-Za-z0-9]{13}![A-Za-z0-9._]{80,260})(?:[^\w.]|$)",
            examples=("00D<[A-Za-z0-9]{12}>!<[A-Za-z0-9]{96}>",),
            counter_examples=("00D<[A-Za-z0-9]{12}>!<[A-Za-z0-9]{20}>",),
            public_prefix="00D",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="salesforce-refresh-token",
            label="Salesforce refresh token",
            kind=CredentialKind.SIGNED_TOKEN,
            pattern=r"\b(?P<value>5Aep861[A-Za-z0-9._]{60,120})(?:[^\w.]|$)",
            examples=("5Aep861<[A-Za-z0-9]{80}>",),
            counter_examples=("5Aep861<[A-Za-z0-9]{10}>",),
            public_prefix="5Aep861",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="salesforce-consumer-key",
            label="Salesforce consumer key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>3MVG9[A-Za-z0-9._]{80,90})(?:[^\w.]|$)",
            examples=("client_id=3MVG9<[A-Za-z0-9]{80}>",),
            counter_examples=("3MVG9<[A-Za-z0-9]{30}>",),
            public_prefix="3MVG9",
            min_entropy=3.0,
            public_by_design=True,
        ),
        Format(
            slug="salesforce-consumer-secret",
            label="Salesforce consumer secret or security token",
            kind=CredentialKind.API_KEY,
            pattern=near(r"(?:salesforce|sfdc|\bsf_)", "[A-F0-9]{64}|[A-Za-z0-9]{24,25}", called="secret|token"),
            examples=("SALESFORCE_CLIENT_SECRET=<[A-F0-9]{64}>",),
            counter_examples=("SALESFORCE_CLIENT_SECRET=<[A-F0-9]{40}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
