"""Credentials that Discord issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="discord",
    label="Discord",
    opens="A bot token reads and posts in every server that the bot has joined; a webhook posts to one channel.",
    revoke=(
        "discord.com/developers/applications > the app > Bot > Reset token; webhooks in the channel's settings > "
        "Integrations > Webhooks > Delete, or DELETE on the webhook's own address."
    ),
    rotate=(
        "Reset the token and deploy the new one at once (there is only one, so expect seconds of gap); make a "
        "second webhook before deleting the first."
    ),
    documentation="https://discord.com/developers/docs/topics/oauth2",
    formats=(
        Format(
            slug="discord-bot-token",
            label="Discord bot token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"(?:^|[^\w.-])(?P<value>[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})(?:"
                r"[^\w-]|$)"
            ),
            examples=("DISCORD_TOKEN=M<[A-Za-z0-9_-]{23}>.<[A-Za-z0-9_-]{6}>.<[A-Za-z0-9_-]{38}>",),
            counter_examples=("M<[A-Za-z0-9_-]{23}>.<[A-Za-z0-9_-]{6}>.<[A-Za-z0-9_-]{10}>",),
            min_entropy=3.5,
            opens_organisation=True,
        ),
        Format(
            slug="discord-bot-token-in-context",
            label="Discord bot token beside its name",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near(
                "(?:discord|bot)", r"[A-Za-z0-9_-]{24}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27}", called="token|key|secret"
            ),
            examples=('discord_token = "L<[A-Za-z0-9_-]{23}>.<[A-Za-z0-9_-]{6}>.<[A-Za-z0-9_-]{27}>"',),
            counter_examples=('discord_token = "L<[A-Za-z0-9_-]{23}>.<[A-Za-z0-9_-]{6}>"',),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
        ),
        Format(
            slug="discord-client-secret",
            label="Discord OAuth client secret",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=near("discord", "[A-Za-z0-9_-]{32}", called="secret"),
            examples=("DISCORD_CLIENT_SECRET=<[A-Za-z0-9_-]{32}>",),
            counter_examples=("DISCORD_CLIENT_SECRET=<[A-Za-z0-9_-]{20}>", "DISCORD_CLIENT_SECRET=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.3,
        ),
        Format(
            slug="discord-webhook",
            label="Discord webhook",
            kind=CredentialKind.WEBHOOK,
            pattern=(
                r"\bdiscord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/"
                r"(?P<value>[0-9]{17,20}/[A-Za-z0-9_-]{60,80})(?:[^\w-]|$)"
            ),
            examples=("https://discord.com/api/webhooks/<[0-9]{18}>/<[A-Za-z0-9_-]{68}>",),
            counter_examples=("https://discord.com/api/webhooks/<[0-9]{18}>/<[A-Za-z0-9_-]{20}>",),
            min_entropy=3.0,
        ),
    ),
)
