"""Credentials that Tencent Cloud issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="tencent-cloud",
    label="Tencent Cloud",
    opens="Calls Tencent Cloud APIs as the sub-account or root account that owns the key pair.",
    revoke="console.tencentcloud.com > CAM > API keys > Disable, then Delete.",
    rotate=(
        "Create a second key for the sub-account (two are allowed), deploy it, disable the first and delete it "
        "after a day."
    ),
    documentation="https://www.tencentcloud.com/document/product/598/32675",
    formats=(
        Format(
            slug="tencent-cloud-secret-id",
            label="Tencent Cloud SecretId",
            kind=CredentialKind.CLOUD_KEY,
            pattern=r"\bAKID[A-Za-z0-9]{32}\b",
            examples=("TENCENTCLOUD_SECRET_ID=AKID<[A-Za-z0-9]{32}>",),
            counter_examples=("AKID<[A-Za-z0-9]{20}>", "AKID<[x]{32}>"),
            public_prefix="AKID",
            min_entropy=3.0,
            opens_organisation=True,
        ),
        Format(
            slug="tencent-cloud-secret-key",
            label="Tencent Cloud SecretKey",
            kind=CredentialKind.CLOUD_KEY,
            pattern=near("(?:tencent|qcloud|cos)", "[A-Za-z0-9]{32}", called="secret[_ -]?key"),
            examples=("TENCENTCLOUD_SECRET_KEY=<[A-Za-z0-9]{32}>",),
            counter_examples=("TENCENTCLOUD_SECRET_KEY=<[A-Za-z0-9]{30}>",),
            confidence=Confidence.MEDIUM,
            min_entropy=3.5,
            opens_organisation=True,
        ),
    ),
)
