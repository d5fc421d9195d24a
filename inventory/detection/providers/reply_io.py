"""Credentials that Reply.io issues."""

from inventory.detection.context import near
from inventory.detection.provider import Confidence, CredentialKind, Format, Provider

PROVIDER = Provider(
    slug="reply-io",
    label="Reply.io",
    opens="Reads contacts and sends campaigns in the person's name.",
    revoke="run.reply.io > Settings > API key > Regenerate.",
    rotate="There is one API key for each account: generate it anew and deploy it at once, outside busy hours.",
    documentation="https://apidocs.reply.io/",
    formats=(
        Format(
            slug="reply-io-api-key",
            label="Reply.io API key",
            kind=CredentialKind.API_KEY,
            pattern=near("reply_?io", "[A-Za-z0-9]{24}"),
            examples=("REPLY_IO_API_KEY=<[A-Za-z0-9]{24}>",),
            counter_examples=("REPLY_IO_API_KEY=<[A-Za-z0-9]{19}>", "REPLY_IO_API_KEY=<[x]{24}>"),
            confidence=Confidence.MEDIUM,
            min_entropy=3.0,
            opens_organisation=True,
        ),
    ),
)
