"""Webhooks: Slack's format, and one of our own that is signed. Through the one HTTP client, without redirects."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from ipaddress import ip_network
from urllib.parse import urlsplit

from django.conf import settings

from posture.common.credential_reference import BadReference, resolve
from posture.common.http import Cause, HTTPFailure, guarded_session
from posture.common.inside import Network, is_range, literal
from posture.common.secret_value import SecretValue
from posture.notify.channel import NotSent
from posture.notify.models import Delivery
from posture.notify.webhooks import Webhook, webhooks
from posture.notify.written import body_of, slack_text

SECONDS = 20
LEAST_KEY = 16
"""Characters of a signing key; shorter ones can be guessed."""
_FOR_GOOD = frozenset({400, 405, 410, 411, 413, 414, 415, 422})
"""Answers that the same message would get again."""
_SAID = {
    Cause.HOST_UNKNOWN: "Its host cannot be found.",
    Cause.HOST_REFUSED: "Its host lies inside the network. If it is yours, add it to POSTURE_INTERNAL_HOSTS.",
    Cause.UNREACHABLE: "Its host cannot be reached.",
    Cause.TLS: "Its certificate is not accepted, or it speaks no TLS. Own authorities go into POSTURE_CA_FILE.",
    Cause.TIMEOUT: f"It did not answer within {SECONDS} seconds.",
    Cause.BROKEN: "It hung up before it answered.",
    Cause.BUSY: "It is busy or away for the moment.",
    Cause.TOO_LARGE: "It answered with far too much.",
}
_DOUBTFUL = frozenset({Cause.TIMEOUT, Cause.BROKEN, Cause.TOO_LARGE})


class HookCarrier:
    """The way to one webhook."""

    def __init__(self, name: str) -> None:
        self._name = name

    def prepare(self) -> None:
        """Nothing is opened ahead."""

    def close(self) -> None:
        """Nothing stays open."""

    def send(self, delivery: Delivery) -> None:
        """Post one message.

        Raises:
            NotSent: in doubt where the answer never came.
        """
        hook = webhooks().get(self._name)
        if hook is None:
            raise NotSent("The server no longer has a webhook of this name.", permanent=True)
        address = self._address(hook)
        body, headers = self._written(hook, delivery)
        network = Network(internal=settings.INTERNAL_HOSTS, ca_file=settings.CA_FILE)
        try:
            with guarded_session(network, address, deadline=SECONDS, most_bytes=1 << 20, attempts=1) as session:
                status = session.post(address, data=body, headers=headers, allow_redirects=False).status_code
        except HTTPFailure as failure:
            said = _SAID.get(failure.cause, "Its address cannot be used.")
            raise NotSent(said, doubtful=failure.cause in _DOUBTFUL, server_down=True) from None
        if 300 <= status < 400:
            raise NotSent(f"It answered with a redirect ({status}), which is not followed. Name its own address.")
        if not 200 <= status < 300:
            raise NotSent(
                f"It answered with status {status}.", permanent=status in _FOR_GOOD, server_down=status >= 500
            )

    def _address(self, hook: Webhook) -> str:
        address = _read(hook.url, "url").reveal().decode("ascii", "replace")
        scheme = urlsplit(address).scheme.lower() if address.isprintable() and "\ufffd" not in address else ""
        if scheme not in ("https", "http"):
            raise NotSent("Its url names something that is no web address.", server_down=True)
        if scheme == "http" and not _may_go_in_clear(address):
            raise NotSent(
                "Its address begins with http://, which strangers can read. Write https://, or add the host to "
                "POSTURE_INTERNAL_HOSTS.",
                server_down=True,
            )
        return address

    def _written(self, hook: Webhook, delivery: Delivery) -> tuple[bytes, dict[str, str]]:
        headers = {"Content-Type": "application/json", "X-Posture-Delivery": str(delivery.delivery_id)}
        if hook.format == "slack":
            return json.dumps({"text": slack_text(delivery)}).encode(), headers
        key = _read(hook.key, "key")
        if len(key) < LEAST_KEY:
            raise NotSent(f"Its key has fewer than {LEAST_KEY} characters.", server_down=True)
        body, now = json.dumps(body_of(delivery)).encode(), str(int(time.time()))
        return body, headers | {"X-Posture-Timestamp": now, "X-Posture-Signature": signature(key, now, body)}


def signature(key: SecretValue, timestamp: str, body: bytes) -> str:
    """Return what the receiver compares: HMAC-SHA-256 over timestamp, a dot, and the body as it came."""
    return "v1=" + hmac.new(key.reveal(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _read(reference: str, field: str) -> SecretValue:
    try:
        return resolve(reference, settings.CREDENTIAL_DIR)
    except BadReference as error:
        raise NotSent(f"Its {field}: {error}", server_down=True) from None


def _may_go_in_clear(address: str) -> bool:
    """Say whether the operator named this host as one of the own network's."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    found = literal(host)
    return host in settings.INTERNAL_HOSTS or (
        found is not None and any(is_range(each) and found in ip_network(each) for each in settings.INTERNAL_HOSTS)
    )
