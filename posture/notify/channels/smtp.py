"""Mail over SMTP. The only module that speaks it; it goes to the one server that the settings name."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from posture.common.credential_reference import BadReference, resolve
from posture.common.http import HTTPFailure, tls_context
from posture.common.inside import Network
from posture.notify.channel import NotSent
from posture.notify.mail_server import MailServer
from posture.notify.models import Delivery
from posture.notify.written import mail_for

SECONDS = 20
"""How long the server may take for each of its answers."""
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")


class MailCarrier:
    """A connection to the mail server, for the mails of one round."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._backend: _Backend | None = None

    def prepare(self) -> None:
        """Connect, secure the connection and sign in.

        Raises:
            NotSent: with what to look at.
        """
        if self._backend is not None:
            return
        user, password = self._credential()
        backend = _Backend(
            host=self._server.host,
            port=self._server.port,
            username=user,
            password=password,
            use_tls=self._server.starttls,
            use_ssl=self._server.implicit_tls,
            timeout=SECONDS,
        )
        try:
            backend.open()
        except smtplib.SMTPAuthenticationError as error:
            raise _down(f"The mail server did not take the credential ({_code(error)}). Check it.") from None
        except smtplib.SMTPNotSupportedError:
            raise _down("The mail server offers no STARTTLS, or no way to sign in. Check POSTURE_SMTP_URL.") from None
        except ssl.SSLCertVerificationError:
            raise _down(
                "The mail server's certificate is not accepted. Name your own authorities in POSTURE_CA_FILE."
            ) from None
        except (smtplib.SMTPException, OSError, UnicodeError):
            raise _down("The mail server does not answer. Check POSTURE_SMTP_URL and that it runs.") from None
        except HTTPFailure as error:
            raise _down(str(error)) from None
        self._backend = backend

    def send(self, delivery: Delivery) -> None:
        """Hand over one mail.

        Raises:
            NotSent: in doubt once the mail itself was on its way and no answer came.
        """
        backend = self._backend
        if backend is None or backend.connection is None:
            raise _down("There is no connection to the mail server.")
        backend.connection.data_begun = False
        try:
            backend._send(mail_for(delivery, self._server.sender))
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotSent(
                f"The mail server takes no mail for this address ({_codes(code, said)}). Check the person's e-mail.",
                permanent=code >= 500,
            ) from None
        except smtplib.SMTPSenderRefused as error:
            raise _down(f"The mail server takes no mail from POSTURE_MAIL_FROM ({_code(error)}).") from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(
                f"The mail server did not take the mail ({_code(error)}).",
                permanent=error.smtp_code >= 500,
                server_down=error.smtp_code == 421,
            ) from None
        except (smtplib.SMTPException, OSError):
            doubtful = backend.connection.data_begun
            self._drop()
            if doubtful:
                raise NotSent(
                    "The mail server did not say whether it took the mail.", doubtful=True, server_down=True
                ) from None
            raise _down("The mail server hung up before it was given the mail.") from None
        except (ValueError, UnicodeError):
            raise NotSent("The person's e-mail is no address that mail can be sent to.", permanent=True) from None

    def close(self) -> None:
        """Say goodbye; what was taken is taken, whatever comes of that."""
        if self._backend is not None:
            try:
                self._backend.close()
            except (smtplib.SMTPException, OSError):
                self._drop()
            self._backend = None

    def _drop(self) -> None:
        if self._backend is not None and self._backend.connection is not None:
            self._backend.connection.close()
        self._backend = None

    def _credential(self) -> tuple[str, str]:
        if not self._server.credential:
            return "", ""
        try:
            value = resolve(self._server.credential, settings.CREDENTIAL_DIR)
            user, found, password = value.reveal().decode().partition(":")
        except BadReference as error:
            raise _down(f"POSTURE_SMTP_CREDENTIAL: {error}") from None
        except UnicodeDecodeError:
            found = ""
        if not found:
            raise _down("POSTURE_SMTP_CREDENTIAL names something that is not user:password.")
        return user, password


class _Backend(EmailBackend):
    """Django's client, with our authorities, and with a note of when the mail itself begins."""

    connection: Any

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return a client that notes it."""
        return _NotingTLS if self.use_ssl else _Noting

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """Trust the system's authorities and those of POSTURE_CA_FILE."""
        return tls_context(Network(anywhere=True, ca_file=settings.CA_FILE))

    def _send(self, email_message: EmailMultiAlternatives | EmailMessage) -> bool:
        return bool(super()._send(email_message))  # type: ignore[misc]


class _Noting(smtplib.SMTP):
    data_begun = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Note that from here on the server may have taken the mail."""
        self.data_begun = True
        return super().data(msg)


class _NotingTLS(_Noting, smtplib.SMTP_SSL):
    pass


def _down(reason: str) -> NotSent:
    return NotSent(reason, server_down=True)


def _code(error: smtplib.SMTPResponseException) -> str:
    return _codes(error.smtp_code, error.smtp_error)


def _codes(code: int, said: bytes | str) -> str:
    """Return the codes of an answer and none of its words, which may quote addresses."""
    text = said if isinstance(said, bytes) else said.encode("utf-8", "replace")
    enhanced = _ENHANCED.match(text)
    return f"{code} {enhanced.group().decode()}" if enhanced else str(code)
