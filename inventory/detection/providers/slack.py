"""Credentials that Slack issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="slack",
    label="Slack",
    opens=(
        "Reads and posts messages as the bot or person in every channel that its scopes reach; a webhook posts to "
        "one channel."
    ),
    revoke=(
        "api.slack.com/apps > the app > OAuth & Permissions > Revoke tokens, or call auth.revoke with the token; "
        "webhooks under Incoming Webhooks > Remove."
    ),
    rotate=(
        "Switch on token rotation, or reinstall the app to get a new token, deploy it, then call auth.revoke with "
        "the old one; add a second webhook before removing the first."
    ),
    documentation="https://docs.slack.dev/authentication/tokens",
    formats=(
        Format(
            slug="slack-bot-token",
            label="Slack bot token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>xoxb-[0-9]{8,14}-(?:[0-9]{8,14}-)?[A-Za-z0-9]{18,34})(?:[^\w-]|$)",
            examples=(
                "SLACK_TOKEN=xoxb-<[0-9]{12}>-<[0-9]{12}>-<[A-Za-z0-9]{24}>",
                "xoxb-<[0-9]{12}>-<[A-Za-z0-9]{24}>",
            ),
            counter_examples=("xoxb-<[0-9]{4}>-<[A-Za-z0-9]{24}>", "xoxb-not-a-real-token"),
            public_prefix="xoxb-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="slack-user-token",
            label="Slack user token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>xoxp-(?:[0-9]{8,14}-){2,3}[a-fA-F0-9]{28,34})(?:[^\w-]|$)",
            examples=("xoxp-<[0-9]{12}>-<[0-9]{12}>-<[0-9]{12}>-<[a-f0-9]{32}>",),
            counter_examples=("xoxp-<[0-9]{12}>-<[a-f0-9]{10}>",),
            public_prefix="xoxp-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="slack-app-token",
            label="Slack app-level token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>xapp-(?:[0-9]-[A-Z0-9]{9,14}-)?[0-9]{10,14}-[A-Za-z0-9/]{20,80})(?:[^\w-]|$)",
            examples=("xapp-1-A<[A-Z0-9]{10}>-<[0-9]{13}>-<[a-f0-9]{64}>",),
            counter_examples=("xapp-1-A<[A-Z0-9]{10}>-<[0-9]{4}>",),
            public_prefix="xapp-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="slack-configuration-token",
            label="Slack configuration token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>xoxe(?:\.xox[bp])?-[0-9]-[A-Za-z0-9]{140,180})(?:[^\w-]|$)",
            examples=("xoxe.xoxp-1-<[A-Za-z0-9]{163}>",),
            counter_examples=("xoxe.xoxp-1-<[A-Za-z0-9]{30}>",),
            public_prefix="xoxe",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="slack-legacy-token",
            label="Slack legacy workspace or cookie token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>xox[acdors]-[A-Za-z0-9-]{10,20}-[A-Za-z0-9%+/-]{20,250})(?:[^\w-]|$)",
            examples=("xoxa-<[0-9]{12}>-<[0-9]{12}>-<[0-9]{12}>-<[a-f0-9]{32}>",),
            counter_examples=("xoxa-<[0-9]{4}>",),
            public_prefix="xox",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="slack-webhook",
            label="Slack incoming webhook",
            kind=CredentialKind.WEBHOOK,
            pattern=(
                r"\bhooks\.slack\.com/(?P<value>(?:services|workflows|triggers)/T[A-Z0-9]{8,12}/[A-Z0-9]{8,14}/(?:"
                r"[0-9]{10,20}/)?[A-Za-z0-9]{20,34})(?:[^\w-]|$)"
            ),
            examples=("https://hooks.slack.com/services/T<[A-Z0-9]{10}>/B<[A-Z0-9]{10}>/<[A-Za-z0-9]{24}>",),
            counter_examples=(
                "https://hooks.slack.com/services/T<[A-Z0-9]{10}>/B<[A-Z0-9]{10}>/<[A-Za-z0-9]{6}>",
                "https://hooks.slack.com/services/T00000000/B00000000/<[x]{24}>",
            ),
            min_entropy=3.0,
        ),
    ),
)
