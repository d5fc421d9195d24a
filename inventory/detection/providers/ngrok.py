"""Credentials that ngrok issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="ngrok",
    label="ngrok",
    opens=(
        "Opens tunnels from the account, so that a holder can publish any machine under its domains; an API key "
        "manages the account."
    ),
    revoke="dashboard.ngrok.com > Authtokens (or API) > the token > Delete.",
    rotate="Add a second authtoken, deploy it to agents, then delete the first.",
    documentation="https://ngrok.com/docs/agent/",
    formats=(
        Format(
            slug="ngrok-authtoken",
            label="ngrok authtoken or API key",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"(?i:ngrok[\w .-]{0,24}(?:token|key|auth)\w{0,9})"
                r"[\s\"':=>,(]{1,8}(?P<value>(?:[12][A-Za-z0-9]{26}|cr_[A-Za-z0-9]{27})_[A-Za-z0-9]{18,24})(?:"
                r"[^\w-]|$)"
            ),
            examples=("NGROK_AUTHTOKEN=2<[A-Za-z0-9]{26}>_<[A-Za-z0-9]{21}>",),
            counter_examples=("NGROK_AUTHTOKEN=2<[A-Za-z0-9]{26}>_<[A-Za-z0-9]{4}>",),
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
