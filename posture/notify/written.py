"""How a message reads on each channel. All text is the stored one: bounded, without control characters."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from posture.notify.gathering import still_concerns
from posture.notify.models import Delivery

MOST_IN_DIGEST = 50
PREFERENCES = "/settings/notifications/"
"""Where people choose what they are told; a test compares it with the address of that page."""
OUTBOX = "/settings/messages/"


def mail_for(delivery: Delivery, sender: str) -> EmailMultiAlternatives:
    """Return the mail: text, and the same in HTML."""
    person = delivery.person
    if person is None:
        raise ValueError("mail goes to people")
    gathered = list(delivery.gathered.select_related("person").order_by("-urgent", "pk")[:MOST_IN_DIGEST])
    left_out = delivery.gathered.count() - len(gathered) if len(gathered) == MOST_IN_DIGEST else 0
    context = {
        "delivery": delivery,
        # Asked again: a digest may have waited for its server.
        "parts": [part for part in gathered if still_concerns(part)] if gathered else [delivery],
        "is_digest": bool(gathered),
        "left_out": left_out,
        "origin": settings.ORIGIN,
        "preferences": settings.ORIGIN + PREFERENCES,
        "outbox": settings.ORIGIN + OUTBOX,
    }
    mail = EmailMultiAlternatives(
        subject=delivery.subject,
        body=render_to_string("emails/message.txt", context),
        from_email=sender,
        to=[person.email],
        headers={
            "Message-ID": message_id(delivery, sender),
            # RFC 3834: no answering machine answers this.
            "Auto-Submitted": "auto-generated",
            # RFC 2369.
            "List-Unsubscribe": f"<{settings.ORIGIN}{PREFERENCES}>",
        },
    )
    mail.attach_alternative(render_to_string("emails/message.html", context), "text/html")
    return mail


def message_id(delivery: Delivery, sender: str) -> str:
    """Return the mail's name, the same each time that this row is sent."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or urlsplit(settings.ORIGIN).hostname
    return f"<{delivery.delivery_id}@{domain}>"


def slack_text(delivery: Delivery) -> str:
    """Return the message in Slack's mark-up; nothing in it becomes a link, a mention or a call to a channel."""
    lines = [f"*{_slack(delivery.subject)}*", *map(_slack, delivery.lines)]
    if delivery.url:
        lines.append(f"<{_slack(settings.ORIGIN + delivery.url)}|Open in Secrets Posture>")
    return "\n".join(lines)


def _slack(text: str) -> str:
    # An invisible space keeps "@channel" a word: some servers of this format read it as a call.
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("@", "@\u200b").replace("|", "\u2223")


def body_of(delivery: Delivery) -> dict[str, Any]:
    """Return the message as the signed webhook tells it."""
    return {
        "delivery": str(delivery.delivery_id),
        "kind": delivery.kind,
        "key": delivery.key,
        "subject": delivery.subject,
        "lines": delivery.lines,
        "url": settings.ORIGIN + delivery.url if delivery.url else None,
        "urgent": delivery.urgent,
        "created_at": delivery.created_at.isoformat(),
    }
