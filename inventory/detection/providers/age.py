"""Credentials that age encryption issues."""

from inventory.detection.provider import CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="age",
    label="age encryption",
    opens="Decrypts every file that was encrypted to its recipient, among them SOPS files in repositories.",
    revoke=(
        "There is no server to ask: encrypt the files to a new recipient (`sops updatekeys FILE` after editing "
        ".sops.yaml), and replace every secret that the old key could read, since copies stay readable."
    ),
    rotate=(
        "`age-keygen -o new.txt`, add the new recipient beside the old one, re-encrypt, hand out the new identity, "
        "then remove the old recipient and replace the secrets."
    ),
    documentation="https://github.com/FiloSottile/age",
    formats=(
        Format(
            slug="age-secret-key",
            label="age secret key",
            kind=CredentialKind.PRIVATE_KEY,
            pattern=r"\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b",
            examples=("AGE-SECRET-KEY-1<[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}>",),
            counter_examples=("AGE-SECRET-KEY-1<[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{40}>", "AGE-SECRET-KEY-1<[Q]{58}>"),
            public_prefix="AGE-SECRET-KEY-1",
            min_entropy=3.5,
        ),
        Format(
            slug="age-recipient",
            label="age recipient (public key)",
            kind=CredentialKind.PRIVATE_KEY,
            pattern=r"\bage1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{58}\b",
            examples=("age1<[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{58}>",),
            counter_examples=("age1<[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{30}>",),
            public_prefix="age1",
            min_entropy=3.0,
            public_by_design=True,
        ),
    ),
)
