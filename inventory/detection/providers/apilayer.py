"""Credentials that APILayer issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="apilayer",
    label="APILayer",
    opens=(
        "Calls the APILayer product that it was made for (ipstack, currencylayer, weatherstack and the others) at "
        "the account's cost."
    ),
    revoke=(
        "The product's dashboard (for example ipstack.com/dashboard, or apilayer.com > Account > API keys) > Reset "
        "API key."
    ),
    rotate="There is one key for each product: reset it and deploy at once, outside busy hours.",
    documentation="https://apilayer.com/docs",
    formats=(
        Format(
            slug="apilayer-access-key",
            label="APILayer access key",
            kind=CredentialKind.API_KEY,
            pattern=near(
                "(?:apilayer|currency_?layer|ip_?stack|weather_?stack|aviation_?stack|media_?stack|market_?stack|position_?stack|user_?stack|vat_?layer|num_?verify|language_?layer|mailbox_?layer|coin_?layer|pdf_?layer|screenshot_?layer|scrape_?stack|serp_?stack|zen_?serp|fixer(?:_?io)?|country_?layer|exchange_?rates_?api)",
                "[A-Za-z0-9]{32}",
            ),
            examples=("IPSTACK_ACCESS_KEY=<[a-f0-9]{32}>", "apilayer_token=<[A-Za-z0-9]{32}>"),
            counter_examples=("IPSTACK_ACCESS_KEY=<[a-f0-9]{30}>", "IPSTACK_ACCESS_KEY=<[x]{32}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
