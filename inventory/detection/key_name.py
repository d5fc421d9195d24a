"""What the name of a setting says about its value."""

from __future__ import annotations

from enum import Enum, auto
from functools import lru_cache

import regex


def _words(text: bytes) -> frozenset[bytes]:
    return frozenset(text.split())


_WORD = regex.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Named(Enum):
    """What sort of value a name announces."""

    PASSWORD = auto()
    SECRET = auto()
    NOTHING = auto()


_PASSWORD = _words(
    b"""
    password passwd passphrase passwort pwd psw pass passw passwords pw
    """
)
_PASSWORD_ENDS = (b"password", b"passwd", b"passphrase", b"pwd")
_NOT_PASS = _words(
    b"""
    bypass compass surpass encompass trespass overpass underpass multipass singlepass renderpass
    """
)
_SECRET = _words(
    b"""
    secret secrets token tokens apikey authkey secretkey accesskey privatekey credential credentials
    salt appkey
    """
)
_SECRET_ENDS = (b"secret", b"token", b"apikey", b"secretkey", b"accesskey", b"authkey", b"authtoken", b"accesstoken")
# What makes a "key" one that opens something.
_KEY_OF = frozenset(
    b"api access secret private auth authentication authorization encrypt encryption encrypted sign signing "
    b"signature master account storage "
    b"shared service license licence deploy app application session webhook hmac aes crypt crypto cipher "
    b"consumer client nonce in server write "
    b"admin rpc jwt cookie camo flask django rails base decryption user token ssh subscription integration "
    b"instrumentation root developer dev prod "
    b"production sas bot security secure".split()
)
# Words behind the announcement that turn it into something about the secret.
_ABOUT = frozenset(
    b"url uri urls name names type types file files filename path paths dir directory field fields label hint "
    b"placeholder length len size count min max "
    b"policy policies regex pattern format prefix suffix expiry expires expiration ttl timeout version ref "
    b"reference arn header headers param params "
    b"parameter provider providers class enabled required valid validator validators validation error errors "
    b"message msg title text prompt help "
    b"description reset change changed confirm confirmation date time at by algorithm alg encoding digest "
    b"checksum strategy manager store service "
    b"host user username email index kind scope scopes endpoint location source env var variable mode level "
    b"status state map column attr attribute "
    b"input button link page view form route template selector css icon color auth method handler hash hashed "
    b"expired expire age days hours seconds "
    b"generator factory request response info metadata policyname alias group role uuid number no option "
    b"options flag test tests usage limit limits "
    b"issuer audience subject budget counter bucket buckets iterator stream parser tokenizer lexer symbol "
    b"start end position pos offset i j pair ring set".split()
)
_VALUE = _words(
    b"""
    value val key base default prod production dev live staging base64 b64 string str data id hex
    plain text raw
    """
)
# Words anywhere in the name that say the value is no secret.
_NEVER = frozenset(
    b"public pub encrypted encoded hashed sha md5 mock mocked fake dummy example sample placeholder invalid "
    b"wrong expected csrf xsrf csrfmiddlewaretoken checksum fingerprint regex "
    b"hint is has show hide forgot forgotten min max num total next prev last first lookahead continuation "
    b"page pagination cancellation cancel "
    b"translation i18n primary foreign sort partition cache lock idempotency".split()
)


@lru_cache(maxsize=4096)
def announces(name: bytes) -> Named:
    """Say whether a setting of this name holds a password, a machine's secret, or neither."""
    words = [word.lower() for word in _WORD.findall(name)]
    kind, at = _announcement(words)
    if kind is Named.NOTHING or not _NEVER.isdisjoint(words):
        return Named.NOTHING
    behind = [word for word in words[at + 1 :] if not word.isdigit()]
    if behind and (behind[-1] in _ABOUT or (kind is Named.PASSWORD and behind[-1] not in _VALUE)):
        return Named.NOTHING
    if kind is Named.SECRET and behind[-1:] == [b"id"] and words[at] != b"secret":
        return Named.NOTHING
    if kind is Named.SECRET and words[at] in (b"token", b"tokens") and any(word in _ABOUT for word in behind):
        return Named.NOTHING
    return kind


def is_about_tests(name: bytes) -> bool:
    """Say whether the name itself says that the value is for testing."""
    return any(word.lower() in (b"test", b"testing", b"tests", b"spec", b"fixture") for word in _WORD.findall(name))


def _announcement(words: list[bytes]) -> tuple[Named, int]:
    """Return what the last telling word announces, and where it stands."""
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        before = words[at - 1] if at else b""
        if word in _PASSWORD or word.endswith(_PASSWORD_ENDS):
            return Named.PASSWORD, at
        if word.endswith(b"pass") and word not in _NOT_PASS and at == len(words) - 1:
            return Named.PASSWORD, at
        if word in _SECRET or word.endswith(_SECRET_ENDS):
            return Named.SECRET, at
        if word in (b"key", b"keys") and (before in _KEY_OF or before.isdigit()):
            return Named.SECRET, at
        if word == b"auth" and len(words) == 1:
            return Named.SECRET, at
    return Named.NOTHING, -1
