"""Credentials that Zapier issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="zapier",
    label="Zapier",
    opens="Starts the Zap as if its trigger had fired, with data of the holder's choice.",
    revoke="zapier.com > the Zap > Trigger > Webhooks > turn the Zap off, or make a new Zap with a new address.",
    rotate="Duplicate the Zap, which gives a new address, switch senders over, then turn the old one off.",
    documentation="https://help.zapier.com/hc/en-us/articles/8496288690317",
    formats=(
        Format(
            slug="zapier-webhook",
            label="Zapier webhook",
            kind=CredentialKind.WEBHOOK,
            pattern=(
                r"\bhooks\.zapier\.com/hooks/(?:catch|standard)/"
                r"(?P<value>(?:[0-9]{4,12}/[a-z0-9]{5,10}|[a-z0-9]{16}))(?:[^\w-]|$)"
            ),
            examples=("https://hooks.zapier.com/hooks/catch/<[0-9]{7}>/<[a-z0-9]{7}>/",),
            counter_examples=("https://hooks.zapier.com/hooks/catch/<[0-9]{2}>/",),
            min_entropy=2.0,
        ),
    ),
)
