"""Credentials that Twilio issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="twilio",
    label="Twilio",
    opens="Sends messages, makes calls and reads their logs at the account's cost.",
    revoke=(
        "console.twilio.com > Account > API keys & tokens > the key > Delete; the auth token there too, by "
        "promoting a secondary one."
    ),
    rotate=(
        "Create a second API key, deploy it, delete the first; the auth token: create a secondary token, deploy it, "
        "then promote it, which ends the primary."
    ),
    documentation="https://www.twilio.com/docs/iam/api-keys",
    formats=(
        Format(
            slug="twilio-api-key-sid",
            label="Twilio API key SID",
            kind=CredentialKind.API_KEY,
            pattern=r"\bSK[a-f0-9]{32}\b",
            examples=("SK<[a-f0-9]{32}>",),
            counter_examples=("SK<[a-f0-9]{30}>", "SK<[a-f0-9]{34}>"),
            confidence=Confidence.MEDIUM,
            public_prefix="SK",
            min_entropy=3.0,
        ),
        Format(
            slug="twilio-auth-token",
            label="Twilio auth token",
            kind=CredentialKind.API_KEY,
            pattern=near("twilio", "[a-f0-9]{32}|[A-Za-z0-9]{32}", called="key|token|secret|password|auth"),
            examples=("TWILIO_AUTH_TOKEN=<[a-f0-9]{32}>",),
            counter_examples=("TWILIO_AUTH_TOKEN=<[a-f0-9]{30}>", "TWILIO_AUTH_TOKEN=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="twilio-account-sid",
            label="Twilio account SID",
            kind=CredentialKind.API_KEY,
            pattern=r"\bAC[a-f0-9]{32}\b",
            examples=("account_sid = AC<[a-f0-9]{32}>",),
            counter_examples=("AC<[a-f0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="AC",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
