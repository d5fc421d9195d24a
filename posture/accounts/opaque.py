"""Ids of things that teams share, made per circle of viewers, so that two teams can't join what they see.

A credential may stand in places of several teams. If all saw the same id, team A could learn from team B
that they hold the same value. The id is the row's number encrypted under a key of the viewer's
circle (the set of teams they see). Ids of those who see everything may be shared: they open for anyone with the right.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from posture.accounts.models import User
from posture.accounts.visibility import visible_teams

_ALL = "all"


def _circle(user: User | AnonymousUser) -> str:
    teams = visible_teams(user)
    return _ALL if teams is None else ",".join(str(team) for team in sorted(teams))


def _cipher(circle: str, kind: str) -> Cipher[modes.ECB]:
    key = hmac.new(settings.SECRET_KEY.encode(), f"opaque/v1/{kind}/{circle}".encode(), hashlib.sha256).digest()
    # One block per key and number, so ECB is a plain keyed permutation here.
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305


def opaque_id(user: User | AnonymousUser, kind: str, number: int) -> str:
    """Return the id under which this viewer knows row `number` of `kind`."""
    encryptor = _cipher(_circle(user), kind).encryptor()
    block = encryptor.update(number.to_bytes(8, "big") + b"\x00" * 8) + encryptor.finalize()
    return base64.b32encode(block).decode().rstrip("=").lower()


def row_number(user: User | AnonymousUser, kind: str, opaque: str) -> int | None:
    """Return the row's number, or None where the id is not one of this viewer's or of those who see everything.

    The caller still applies the visibility rule.
    """
    try:
        block = base64.b32decode(opaque.upper() + "=" * (-len(opaque) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(block) != 16:
        return None
    for circle in (_circle(user), _ALL):
        decryptor = _cipher(circle, kind).decryptor()
        plain = decryptor.update(block) + decryptor.finalize()
        if plain[8:] == b"\x00" * 8:
            return int.from_bytes(plain[:8], "big")
    return None
