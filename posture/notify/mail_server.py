"""Which server takes our mail, from the environment; its credential is named there and read when mail is sent."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from posture.common.credential_reference import BadReference, check_reference
from posture.common.env import SettingError
from posture.common.inside import LOOPBACK, inside, literal

_USUAL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, and how."""

    host: str
    port: int
    starttls: bool
    implicit_tls: bool
    credential: str
    """The name of `user:password`, or nothing."""
    sender: str


def mail_server() -> MailServer | None:
    """Return the server that the settings name, or None where mail is not set up.

    Raises:
        SettingError: a setting can't be used.
    """
    return read_mail_server(settings.SMTP_URL, settings.SMTP_CREDENTIAL, settings.MAIL_FROM)


@lru_cache(maxsize=8)
def read_mail_server(url: str, credential: str, sender: str) -> MailServer | None:
    """Read the three settings.

    Raises:
        SettingError: one can't be used; the message repeats no address, since people write passwords into them.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in _USUAL_PORTS or parts.path.strip("/") or parts.query:
        raise SettingError("Write POSTURE_SMTP_URL as smtp+starttls://mail.example.org, smtps://… or smtp://….")
    if "@" in parts.netloc:
        raise SettingError(
            "POSTURE_SMTP_URL holds no user and no password. Name `user:password` by POSTURE_SMTP_CREDENTIAL."
        )
    if credential.startswith("vault:"):
        raise SettingError("POSTURE_SMTP_CREDENTIAL takes env:POSTURE_CREDENTIAL_NAME or file:NAME.")
    try:
        check_reference(credential)
    except BadReference as error:
        raise SettingError(f"POSTURE_SMTP_CREDENTIAL can't be used. {error}") from None
    if credential and parts.scheme == "smtp" and not _is_this_machine(host):
        raise SettingError(
            "POSTURE_SMTP_URL begins with smtp://, which would send the credential in clear. Write smtp+starttls://."
        )
    if "@" not in parseaddr(sender)[1] or not sender.isprintable():
        raise SettingError("Write POSTURE_MAIL_FROM as an address, or as Name <address>.")
    return MailServer(
        host=host,
        port=port or _USUAL_PORTS[parts.scheme],
        starttls=parts.scheme == "smtp+starttls",
        implicit_tls=parts.scheme == "smtps",
        credential=credential,
        sender=sender,
    )


def _is_this_machine(host: str) -> bool:
    address = literal(host)
    return inside(address) == LOOPBACK if address is not None else host == "localhost"
