"""Fake secrets in the shapes of real providers, drawn at run time; none is ever written down here.

Formats are the providers' public facts. Prefixes and bodies are joined only at run time, so that no
scanner, ours included, finds anything in this file.
"""

from __future__ import annotations

import base64
import json
import random
import secrets
import string
import zlib
from collections.abc import Callable

ALNUM = string.ascii_letters + string.digits
BASE32 = string.ascii_uppercase + "234567"
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
HEX = "0123456789abcdef"
URL_SAFE = ALNUM + "-_"
PASSWORD = ALNUM + "!%*+-_"


class Values:
    """Draws each named value once, so that two places that name the same value share it."""

    def __init__(self, seed: int | None = None) -> None:
        self._seed = seed
        self._drawn: dict[str, str] = {}

    def get(self, name: str, kind: str) -> str:
        """Return the value called `name`, drawing it as a `kind` the first time."""
        if name not in self._drawn:
            self._drawn[name] = MAKERS[kind](self._dice(name))
        return self._drawn[name]

    def know(self, name: str, value: str) -> None:
        """Take a value that was drawn before under this name."""
        self._drawn[name] = value

    def _dice(self, name: str) -> random.Random:
        """The system's own randomness; with a seed, what only a test may use, the same for a name in any order."""
        return secrets.SystemRandom() if self._seed is None else random.Random(f"{self._seed}/{name}")  # noqa: S311


def draw(rng: random.Random, alphabet: str, length: int) -> str:
    """Return `length` random characters of `alphabet`."""
    return "".join(rng.choice(alphabet) for _ in range(length))


def _checksummed(prefix: str, rng: random.Random) -> str:
    """GitHub's and npm's scheme: 30 random characters and their CRC-32 as six base-62 digits."""
    body = draw(rng, ALNUM, 30)
    check, digits = zlib.crc32(body.encode()), ""
    while check:
        check, digit = divmod(check, 62)
        digits = BASE62[digit] + digits
    return prefix + body + digits.rjust(6, "0")


def _password(rng: random.Random) -> str:
    """A machine-made password of the strength people paste into configuration files."""
    while True:
        value = draw(rng, PASSWORD, rng.randint(18, 24))
        kinds = (any(map(test, value)) for test in (str.isupper, str.islower, str.isdigit))
        if all(kinds) and value[0] in ALNUM and value[-1] in ALNUM:
            return value


def _database_url(rng: random.Random) -> str:
    """A connection string with a password that needs no escaping."""
    return f"postgresql://payments:{draw(rng, ALNUM, rng.randint(20, 24))}@db.staging.halden.example:5432/payments"


def _number(rng: random.Random, size: int) -> bytes:
    """A positive ASN.1 INTEGER of `size` bytes, its top bit set as in real key parts."""
    body = b"\x00" + bytes([rng.randint(128, 255)]) + rng.randbytes(size - 1)
    return b"\x02" + _length(len(body)) + body


def _length(size: int) -> bytes:
    return bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")


def _pem(rng: random.Random) -> str:
    """A PEM block with the outline of an RSA key whose numbers are random, so that it opens nothing."""
    parts = [b"\x02\x01\x00", _number(rng, 256), b"\x02\x03\x01\x00\x01", _number(rng, 256)]
    parts += [_number(rng, 128) for _ in range(5)]
    body = b"".join(parts)
    text = base64.b64encode(b"\x30" + _length(len(body)) + body).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    label = "RSA PRIVATE" + " KEY"
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"])


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _jwt(rng: random.Random) -> str:
    """A signed token of the usual three segments, with a random signature."""
    header = json.dumps({"alg": "HS256", "typ": "JWT"}, separators=(",", ":"))
    payload = json.dumps(
        {"sub": f"svc-{draw(rng, HEX, 8)}", "iss": "https://login.halden.example", "scope": "export:read"},
        separators=(",", ":"),
    )
    return ".".join([_segment(header.encode()), _segment(payload.encode()), _segment(rng.randbytes(32))])


def _slack_bot(rng: random.Random) -> str:
    digits = string.digits
    return "-".join(["xoxb", "1" + draw(rng, digits, 11), "2" + draw(rng, digits, 12), draw(rng, ALNUM, 24)])


def _slack_webhook(rng: random.Random) -> str:
    upper = string.ascii_uppercase + string.digits
    places = ["T0" + draw(rng, upper, 8), "B0" + draw(rng, upper, 9), draw(rng, ALNUM, 24)]
    return "https://hooks.slack.com/" + "services/" + "/".join(places)


def _grafana(rng: random.Random) -> str:
    return "glsa" + "_" + draw(rng, ALNUM, 32) + "_" + draw(rng, HEX, 8)


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "aws-access-key-id": lambda rng: "AKIA" + draw(rng, BASE32, 16),
    "aws-secret-access-key": lambda rng: draw(rng, ALNUM + "/+", 40),
    "azure-storage-account-key": lambda rng: base64.b64encode(rng.randbytes(64)).decode(),
    "datadog-api-key": lambda rng: draw(rng, HEX, 32),
    "database-url": _database_url,
    "generic-password": _password,
    "generic-secret": lambda rng: draw(rng, ALNUM, 40),
    "github-pat": lambda rng: _checksummed("ghp" + "_", rng),
    "gitlab-pat": lambda rng: "glpat" + "-" + draw(rng, URL_SAFE, 20),
    "google-cloud-api-key": lambda rng: "AIza" + "Sy" + draw(rng, URL_SAFE, 33),
    "grafana-service-account-token": _grafana,
    "jwt": _jwt,
    "npm-access-token": lambda rng: _checksummed("npm" + "_", rng),
    "private-key": _pem,
    "sendgrid-api-key": lambda rng: ".".join(["SG", draw(rng, URL_SAFE, 22), draw(rng, URL_SAFE, 43)]),
    "service-account-key": lambda rng: _pem(rng).replace("\n", "\\n"),
    "slack-bot-token": _slack_bot,
    "slack-webhook": _slack_webhook,
    "stripe-secret-key": lambda rng: "sk_live" + "_" + draw(rng, ALNUM, 24),
    "stripe-publishable-key": lambda rng: "pk_live" + "_" + draw(rng, ALNUM, 24),
    "stripe-test-key": lambda rng: "sk_test" + "_" + draw(rng, ALNUM, 24),
    "twilio-api-key-sid": lambda rng: "SK" + draw(rng, HEX, 32),
    "twilio-auth-token": lambda rng: draw(rng, HEX, 32),
    "stripe-webhook-secret": lambda rng: "whsec" + "_" + draw(rng, ALNUM, 32),
}
