"""Credentials that Alibaba Cloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="alibaba-cloud",
    label="Alibaba Cloud",
    opens="Calls the Alibaba Cloud APIs as the RAM user or root account that owns the AccessKey pair.",
    revoke=(
        "RAM console > Identities > Users > the user > AccessKey > Disable, then Delete; or `aliyun ram "
        "UpdateAccessKey --Status Inactive`."
    ),
    rotate=(
        "Create a second AccessKey pair for the RAM user, deploy it, disable the old one and delete it after a day "
        "without errors."
    ),
    documentation="https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair",
    formats=(
        Format(
            slug="alibaba-cloud-access-key-id",
            label="Alibaba Cloud AccessKey id",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bLTAI[A-Za-z0-9]{17,21}\b",
            examples=("LTAI<[A-Za-z0-9]{20}>", "accessKeyId: LTAI<[A-Za-z0-9]{20}>"),
            counter_examples=("LTAI<[A-Za-z0-9]{10}>", "LTAI<[A-Za-z0-9]{30}>"),
            public_prefix="LTAI",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="alibaba-cloud-access-key-secret",
            label="Alibaba Cloud AccessKey secret",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near(r"(?:ali(?:baba|yun|cloud)|\boss)", "[A-Za-z0-9]{30}", called="secret|token|private"),
            examples=("ALIBABA_CLOUD_ACCESS_KEY_SECRET=<[A-Za-z0-9]{30}>", "aliyun_secret = '<[A-Za-z0-9]{30}>'"),
            counter_examples=("aliyun_secret = '<[A-Za-z0-9]{28}>'",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
