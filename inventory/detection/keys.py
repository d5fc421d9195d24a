"""Refinements for private keys and signed tokens: the whole block, decoded where it is wrapped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import regex

from inventory.detection.base64_text import decode_base64
from inventory.detection.provider import Format
from inventory.detection.randomness import entropy
from inventory.detection.rule import CONTEXT_AFTER, Secret

_END = regex.compile(rb"-----END [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?-----")
_BEGIN = regex.compile(rb"-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?-----")
_HEADER = regex.compile(rb"(?m)^[A-Za-z-]{3,20}: .*$")
_NOT_BASE64 = regex.compile(rb"[^A-Za-z0-9+/=]")
# What a body may hold besides base64 is what source code puts around its lines.
_STRANGE = regex.compile(rb"[^A-Za-z0-9+/=\s\"'\\,.;|#*<>()\[\]-]|[.]{3}|[<(\[][A-Za-z]")
_BASE64_RUN = regex.compile(rb"[A-Za-z0-9+/]+(?:(?:\r?\n|\\n)[ \t]{0,16}[A-Za-z0-9+/]+)*={0,2}")
_PUTTY = regex.compile(rb"Private-Lines: \d{1,3}\r?\n((?:[A-Za-z0-9+/=]{1,80}\r?\n){1,200})")
# The payload of the specimen token on the page where everybody learns the format.
_SPECIMEN = {"sub": "1234567890", "name": "John Doe", "iat": 1516239022}
SHORTEST_LIFE = 15 * 60
"""Seconds of validity up to which a token is dead before anybody reads the file: signed links and the like."""
SHORTEST_KEY = 64
"""Characters of base64 below which a block holds no private key (a short EC key has about 160)."""


def refine_private_key(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the block up to its END line if its body is a key and not a hint of one."""
    limit = min(len(content), match.end() + CONTEXT_AFTER)
    closing = _END.search(content, match.end(), limit)
    following = _BEGIN.search(content, match.end(), limit)
    if closing is None or (following is not None and following.start() < closing.start()):
        return
    if _is_key_body(content[match.end() : closing.start()]):
        yield Secret(match.start(), closing.end())


def _is_key_body(body: bytes) -> bool:
    """Say whether what stands between BEGIN and END is long and random enough to be a key."""
    plain = body.replace(b"\\r", b"").replace(b"\\n", b"\n").replace(b"\\t", b" ")
    packed = _NOT_BASE64.sub(b"", _HEADER.sub(b"", plain))
    if len(packed) < SHORTEST_KEY or _STRANGE.search(_HEADER.sub(b"", plain)):
        return False
    return entropy(packed) > 4.2


def refine_putty_key(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take the private lines of a PuTTY key file."""
    private = _PUTTY.search(content, match.end(), min(len(content), match.end() + CONTEXT_AFTER))
    if private is not None and len(private[1]) >= SHORTEST_KEY:
        yield Secret(*private.span(1))


def refine_encoded_key(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Decode a wrapped PEM block and take it if it is a private key; its value is the block, so that copies join."""
    run = _BASE64_RUN.match(content, match.start(), min(len(content), match.start() + CONTEXT_AFTER))
    if run is None:
        return
    block = run[0]
    for _depth in range(2):
        block = decode_base64(block)
        opening = _BEGIN.search(block)
        if opening is not None:
            closing = _END.search(block, opening.end())
            body = block[opening.end() : closing.start() if closing else len(block)]
            if _is_key_body(body):
                yield Secret(run.start(), run.end(), block[opening.start() : closing.end() if closing else len(block)])
            return


def refine_jwt(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Take a signed token whose header names an algorithm, unless it is the specimen of the tutorials."""
    if _is_token(match[0]):
        yield Secret(*match.span())


def refine_encoded_jwt(content: bytes, match: Any, form: Format) -> Iterator[Secret]:
    """Decode a wrapped token and take it like a plain one; its value is the token, so that copies join."""
    run = _BASE64_RUN.match(content, match.start(), min(len(content), match.start() + CONTEXT_AFTER))
    token = decode_base64(run[0]) if run else b""
    if run and token.count(b".") == 2 and _is_token(token):
        yield Secret(run.start(), run.end(), token)


def _is_token(token: bytes) -> bool:
    """Check header and payload of a compact JSON Web Token."""
    header, payload, signature = token.split(b".", 2)
    algorithm = _claims(header).get("alg")
    if not isinstance(algorithm, str) or algorithm.lower() == "none" or len(signature) < 20:
        return False
    claims = _claims(payload)
    began, ends = claims.get("iat", claims.get("nbf")), claims.get("exp")
    if isinstance(began, int) and isinstance(ends, int) and 0 <= ends - began <= SHORTEST_LIFE:
        return False
    claims.pop("admin", None)
    return claims != _SPECIMEN


def _claims(part: bytes) -> dict[str, Any]:
    """Return a token part's JSON object, empty if it is none."""
    try:
        claims = json.loads(decode_base64(part))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
