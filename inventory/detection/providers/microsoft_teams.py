"""Credentials that Microsoft Teams issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="microsoft-teams",
    label="Microsoft Teams",
    opens="Posts messages to one Teams channel as the connector.",
    revoke=(
        "Teams > the channel > Manage channel > Connectors > the webhook > Remove; for a workflow, Power Automate > "
        "My flows > the flow > turn off."
    ),
    rotate=(
        "Add a second webhook or workflow to the channel, switch senders over, then remove the first; connectors "
        "are being retired in favour of workflows."
    ),
    documentation="https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook",
    formats=(
        Format(
            slug="microsoft-teams-webhook",
            label="Microsoft Teams incoming webhook",
            kind=CredentialKind.WEBHOOK,
            pattern=(
                r"\b(?P<value>https://(?:[a-z0-9-]{1,63}\.webhook\.office\.com/webhookb2|outlook\.office(?:365)?"
                r"\.com/webhook)/[a-zA-Z0-9-]{36}@[a-zA-Z0-9-]{36}"
                r"/IncomingWebhook/[a-zA-Z0-9]{32}/[a-zA-Z0-9-]{36})(?:[^\w-]|$)"
            ),
            examples=(
                (
                    "https://contoso.webhook.office.com/webhookb2/<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a"
                    "-f0-9]{4}>-<[a-f0-9]{12}>@<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9"
                    "]{12}>/IncomingWebhook/<[a-f0-9]{32}>/<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{"
                    "4}>-<[a-f0-9]{12}>"
                ),
                (
                    "https://outlook.office.com/webhook/<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>"
                    "-<[a-f0-9]{12}>@<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>/Inc"
                    "omingWebhook/<[a-f0-9]{32}>/<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0"
                    "-9]{12}>"
                ),
            ),
            counter_examples=(
                (
                    "https://outlook.office.com/webhook/<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>"
                    "-<[a-f0-9]{12}>@<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>/Inc"
                    "omingWebhook/<[a-f0-9]{12}>/<[a-f0-9]{8}>"
                ),
            ),
            min_entropy=3.0,
        ),
        Format(
            slug="microsoft-teams-workflow",
            label="Power Automate workflow address",
            kind=CredentialKind.WEBHOOK,
            pattern=(
                r"\blogic\.azure\.com(?::443)?/workflows/[a-f0-9]{32}/triggers/[\w-]{1,40}/paths/invoke\?"
                r"[\w%&=.-]{1,200}sig=(?P<value>[A-Za-z0-9_-]{43})(?:[^\w-]|$)"
            ),
            examples=(
                (
                    "https://prod-01.westeurope.logic.azure.com:443/workflows/<[a-f0-9]{32}>/triggers/manual/pa"
                    "ths/invoke?api-version=2016-06-01&sp=run&sv=1.0&sig=<[A-Za-z0-9_-]{43}>"
                ),
            ),
            counter_examples=(
                (
                    "https://prod-01.westeurope.logic.azure.com/workflows/<[a-f0-9]{32}>/triggers/manual/paths/"
                    "invoke?api-version=1&sig=<[A-Za-z0-9_-]{12}>"
                ),
            ),
            min_entropy=3.0,
        ),
    ),
)
