"""Credentials that PubNub issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="pubnub",
    label="PubNub",
    opens="A secret key grants access and administers the keyset; publish and subscribe keys are meant for clients.",
    revoke="admin.pubnub.com > the app > the keyset > Reset secret key.",
    rotate="Make a second keyset, move clients over, then delete the first; the secret key has no overlap.",
    documentation="https://www.pubnub.com/docs/general/setup/account-setup",
    formats=(
        Format(
            slug="pubnub-secret-key",
            label="PubNub secret key",
            kind=CredentialKind.API_KEY,
            pattern=r"\b(?P<value>sec-c-[A-Za-z0-9]{48})(?:[^\w-]|$)",
            examples=("PUBNUB_SECRET_KEY=sec-c-<[A-Za-z0-9]{48}>",),
            counter_examples=("sec-c-<[A-Za-z0-9]{20}>",),
            public_prefix="sec-c-",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="pubnub-publish-key",
            label="PubNub publish key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bpub-c-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b",
            examples=("pub-c-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("pub-c-<[a-f0-9]{8}>",),
            public_prefix="pub-c-",
            min_entropy=3.0,
            public_by_design=True,
        ),
        Format(
            slug="pubnub-subscribe-key",
            label="PubNub subscribe key",
            kind=CredentialKind.API_KEY,
            pattern=r"\bsub-c-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}\b",
            examples=("sub-c-<[a-f0-9]{8}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{4}>-<[a-f0-9]{12}>",),
            counter_examples=("sub-c-<[a-f0-9]{8}>",),
            public_prefix="sub-c-",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
