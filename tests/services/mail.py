"""A real SMTP server in a thread, which takes mail until it is told to misbehave.

with mail_server() as server:
    server.at_rcpt = "550 5.1.1 No such user"   # what it answers instead
    server.at_data = "451 4.3.0 Later"
    server.on_data = lambda: …                  # called once it has the whole mail, before it answers
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.services.process import free_port


@dataclass
class MailServer:
    """A running server; change its fields to change how it answers."""

    port: int = 0
    scheme: str = "smtp"
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0
    at_rcpt: str = ""
    at_data: str = ""
    on_data: Callable[[], Any] = lambda: None
    silent_for: float = 0
    """Seconds that it says nothing for after it has the mail."""
    takes_logins: bool = True

    @property
    def url(self) -> str:
        """Return its address for the settings."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.at_rcpt:
            return self.at_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if not self.at_data:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
        self.on_data()
        if self.silent_for:
            await asyncio.sleep(self.silent_for)
        return self.at_data or "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=self.takes_logins, handled=self.takes_logins)


@contextmanager
def mail_server(
    *, port: int = 0, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[MailServer]:
    """Run a server until the block ends."""
    host = MailServer(port or free_port(), "smtp+starttls" if starttls else "smtps" if tls else "smtp")
    controller = Controller(
        host,
        hostname="127.0.0.1",
        port=host.port,
        ssl_context=tls,
        tls_context=starttls,
        authenticator=host.authenticate,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield host
    finally:
        controller.stop()
