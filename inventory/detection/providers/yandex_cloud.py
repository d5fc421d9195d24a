"""Credentials that Yandex Cloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="yandex-cloud",
    label="Yandex Cloud",
    opens="Calls Yandex Cloud APIs as the service account or user that owns the key.",
    revoke=(
        "console.yandex.cloud > the folder > Service accounts > the account > Delete key, or `yc iam api-key delete "
        "ID`; IAM tokens end after 12 hours or with `yc iam revoke-token`."
    ),
    rotate=(
        "Create a second API key for the service account, deploy it, check the last-used date, then delete the first."
    ),
    documentation="https://yandex.cloud/en/docs/iam/operations/authentication/manage-api-keys",
    formats=(
        Format(
            slug="yandex-cloud-api-key",
            label="Yandex Cloud API key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>AQVN[A-Za-z0-9_-]{35,38})(?:[^\w-]|$)",
            examples=("YC_API_KEY=AQVN<[A-Za-z0-9_-]{36}>",),
            counter_examples=("AQVN<[A-Za-z0-9_-]{20}>",),
            public_prefix="AQVN",
            min_entropy=3.0,
        ),
        Format(
            slug="yandex-cloud-iam-token",
            label="Yandex Cloud IAM token",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\b(?P<value>t1\.[A-Za-z0-9_-]{1,400}={0,2}\.[A-Za-z0-9_-]{86}={0,2})(?:[^\w=-]|$)",
            examples=("Bearer t1.<[A-Za-z0-9_-]{150}>.<[A-Za-z0-9_-]{86}>==",),
            counter_examples=("t1.<[A-Za-z0-9_-]{40}>.<[A-Za-z0-9_-]{20}>",),
            public_prefix="t1.",
            min_entropy=3.0,
        ),
        Format(
            slug="yandex-cloud-static-key",
            label="Yandex Cloud static secret key",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near(r"(?:yandex|\byc|aws|s3)", "YC[A-Za-z0-9_-]{38}", called="secret|key"),
            examples=("YC_SECRET_KEY=YC<[A-Za-z0-9_-]{38}>",),
            counter_examples=("YC_SECRET_KEY=YC<[A-Za-z0-9_-]{30}>",),
            confidence=Confidence.MEDIUM,
            public_prefix="YC",
            min_entropy=3.7,
        ),
        Format(
            slug="yandex-cloud-oauth-token",
            label="Yandex OAuth token",
            kind=CredentialKind.PLATFORM_TOKEN,
            pattern=r"\b(?P<value>y[0-3]_[A-Za-z0-9_-]{55,58})(?:[^\w-]|$)",
            examples=("token: y0_<[A-Za-z0-9_-]{55}>",),
            counter_examples=("y0_<[A-Za-z0-9_-]{30}>",),
            public_prefix="y0_",
            min_entropy=3.0,
        ),
        Format(
            slug="yandex-cloud-context-key",
            label="Yandex API key",
            kind=CredentialKind.API_KEY,
            pattern=near("yandex", "[A-Za-z0-9._-]{80,100}"),
            examples=("YANDEX_SECRET=<[A-Za-z0-9]{91}>",),
            counter_examples=("YANDEX_SECRET=<[A-Za-z0-9]{20}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
        ),
    ),
)
