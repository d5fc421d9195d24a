"""Credentials that OneSignal issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="onesignal",
    label="OneSignal",
    opens="Sends push messages to every device of the app.",
    revoke="dashboard.onesignal.com > the app > Settings > Keys & IDs > Delete.",
    rotate="Create a second API key, deploy it, then delete the first.",
    documentation="https://documentation.onesignal.com/docs/keys-and-ids",
    formats=(
        Format(
            slug="onesignal-api-key",
            label="OneSignal API key",
            kind=CredentialKind.API_KEY,
            pattern=near(
                "one_?signal", "[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}|os_v2_(?:app|org)_[a-z0-9]{52,103}"
            ),
            examples=("ONESIGNAL_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("ONESIGNAL_API_KEY=<[a-f0-9]{8}>-<[a-f0-9]{4}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
