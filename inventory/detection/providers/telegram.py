"""Credentials that Telegram issues."""

from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="telegram",
    label="Telegram",
    opens="Controls the bot: reads what is sent to it and posts in every group that it has joined.",
    revoke="Chat with @BotFather > /revoke > the bot; the old token ends at once.",
    rotate=(
        "There is only one token for each bot: ask @BotFather for a new one with /token and deploy it within the "
        "same minute."
    ),
    documentation="https://core.telegram.org/bots/features#botfather",
    formats=(
        Format(
            slug="telegram-bot-token",
            label="Telegram bot token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"(?:^|[^\w.-])(?:bot)?(?P<value>[0-9]{8,10}:AA[A-Za-z0-9_-]{32,33})(?:[^\w-]|$)",
            examples=(
                "TELEGRAM_TOKEN=<[0-9]{10}>:AA<[A-Za-z0-9_-]{33}>",
                "https://api.telegram.org/bot<[0-9]{10}>:AA<[A-Za-z0-9_-]{33}>/sendMessage",
            ),
            counter_examples=("<[0-9]{10}>:AA<[A-Za-z0-9_-]{20}>", "<[0-9]{4}>:AA<[A-Za-z0-9_-]{33}>"),
            min_entropy=3.0,
        ),
        Format(
            slug="telegram-bot-token-in-context",
            label="Telegram bot token beside its name",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=(
                r"(?i:telegram|tgram|\btg_)[\w .\"'-]{0,24}[\s\"':=>,(/]{1,8}"
                r"(?P<value>[0-9]{8,10}:[B-Za-z0-9_-][A-Za-z0-9_-]{34})(?:[^\w-]|$)"
            ),
            examples=("telegram_token: <[0-9]{10}>:B<[A-Za-z0-9_-]{34}>",),
            counter_examples=("telegram_token: <[0-9]{10}>:<[A-Za-z0-9_-]{12}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
