"""Telling a secret from what only looks like one: pure functions over the bytes of a value."""

from __future__ import annotations

import regex

from inventory.detection.base64_text import decode_base64
from inventory.detection.randomness import WORDY, changes, character_classes, entropy, letter_pairs, looks_random

_MASKED = regex.compile(rb"[xX]{6,}|[*]{3,}|[.]{3,}|[#]{4,}|[_-]{8,}|0{12,}|\xe2\x80[\xa2\xa6]|<[A-Za-z][\w .:/-]+>")
_SAYS_SO = regex.compile(
    rb"(?i)example|place-?_?holder|change[_ -]?(?:me|it|this)|redacted|replace[_ -]?(?:me|with|this|by)|insert[_ -]"
    rb"|(?:your|my|some|enter|paste|add|put|the|fake|dummy|mock|sample)[_ -]?"
    rb"(?:own|new|super|api|auth|token|secret|key|access|pass|client|private|bot|user|value|here)"
    rb"|[_ -]here\b|to[_ -]?do\b|fix[_-]?me|not[_ -]?(?:a[_ -])?real|do[_ -]?not[_ -]?use|deadbeef|foo_?bar"
    rb"|lorem|dummy|fake"
)
_SERIES = (
    b"0123456789",
    b"1234567890",
    b"9876543210",
    b"abcdefghij",
    b"zyxwvutsrq",
    b"qwertyuiop",
    b"a1b2c3",
    b"1a2b3c",
    b"d4c3b2",
)

# A value that stands for one that is kept or made elsewhere: variables, templates, commands, ciphers.
_REFERENCE = regex.compile(
    rb"\A(?:\$\$?[A-Za-z_{(\[]|&[a-z]|--\w|\{[\w.-]+\}|%[A-Za-z_]\w*%|%[({]|\\?#\{|\{\{|\{%|<%|@\w[\w.-]*@|\[\["
    rb"|!(?:Ref|Sub|GetAtt|vault)\b|\|[+-]?\Z|>[+-]?\Z"
    rb"|(?:ENC|DEC|enc|KMS)[\[(]|\{cipher\}|(?:vault|secrets?|ssm|arn|op|ref\+\w+|sops|awssm|gcpsm|env|file"
    rb"|keyring|bitwarden|doppler):"
    rb"|\w+://|(?:env|process\.env|os\.environ|System\.getenv|ENV|secrets|vars?|local|data|self|this|config"
    rb"|settings|params?|args?|opts?|options)"
    rb"[.\[]|AQICAH|\$ANSIBLE_VAULT|\\)"
)
_HOLDS_REFERENCE = regex.compile(
    rb"\$\{|\$\(|\{\{|\}\}|<%|%>|\$\{\{|%\([\w.]+\)|%[sd](?![A-Za-z0-9])|\{\d?\}|\{[a-z_]\w*(?:\.\w+)*\}|#\{"
    rb"|\\\(|(?<![A-Za-z0-9])\$[A-Za-z_]\w{3,}\Z|\$[A-Z_]{4,}\Z|`"
)
_CODE = regex.compile(
    rb"[A-Za-z_]\w*\(|\(\)|=>|->|::|\)\Z|\A[\[({]|\w\[[^\]]*\]|&&|\|\||\A[a-z_]{3,}=|[\"']\s*[:,]\s*\\?[\"']"
)
_CHAIN = regex.compile(rb"\A[A-Za-z_$][\w$-]*(?:(?:\.|->|::|\?\.|/)[\w$-]+)+\Z")
_ALGORITHM = regex.compile(
    rb"Hmac|PBKDF2|SHA-?(?:1|224|256|384|512)|\bAES|\bRSA|ISO-8859|(?i:utf-?(?:8|16))|PKCS|(?i:windows-125)"
)
_PLACE = regex.compile(
    rb"\A(?:[a-z][a-z0-9+.-]*://|\.{1,2}/|~/|[A-Za-z]:\\|\*(?:[./]|\Z))"
    rb"|\.(?:pem|key|crt|cer|txt|json|ya?ml|toml|ini|conf|cfg|env|pub|p12|pfx|jks|ppk|html?|js|ts|py|rb|go|java"
    rb"|php|xml|md|csv|log|sock|png|svg|css)\Z"
    rb"|\A[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z|\A\d{1,4}(?:[./:-]\d{1,4}){2,}|\A\d+(?:\.\d+)*[a-z]{0,3}\Z"
    rb"|\A0x[0-9A-Fa-f]+\Z"
)
# Random base64 holds slashes too, so these are places only if they read like words.
_WORDY_PLACE = regex.compile(rb"\A[\w-]+(?:\.[a-z][\w-]*){2,}(?::\d+)?\Z|\A/?[\w.@-]*(?:/[\w.@-]+)+/?(?::[\w.-]+)?\Z")
_SHAPE = regex.compile(rb"\\[dwsWSDbB]|\[\^?[\w-]*[a-zA-Z0-9]-[a-zA-Z0-9]|\(\?[:=!P]|\A\^|\.\*|\.\+|\[:\w+:\]")
_SEALED = regex.compile(rb"\A(?:ENC|DEC|enc|KMS)[\[(]|\A\{cipher\}|\AAQICAH|\A\$ANSIBLE_VAULT")
_TEMPLATE = regex.compile(rb"\$\{\w+\}|\{\{.*\}\}|<%.*%>|\$\(\w+\)|%\(\w+\)s|[\"']\s*[:,+.]\s*[\"'\w]")
_BASE64 = regex.compile(rb"[A-Za-z0-9+/]+={0,2}")
_PRINTABLE = regex.compile(rb"[\x20-\x7e\r\n\t]{6,}")
_NOTHING = frozenset(
    b"""
    true false null none nil undefined nan empty blank yes no on off auto default required optional
    string str text bytes int integer bool boolean object any unknown number array list map password
    passwd pass pwd passphrase secret secrets token tokens key apikey api_key user username login
    admin root test tests testing guest demo foo bar baz qux hello world value data credentials
    credential auth basic bearer digest oauth oauth2 jwt session cookie header query body form input
    hidden new old current invalid valid wrong bad good correct incorrect missing expired secretkey
    secret_key my_secret mysecret mypassword my_password changeit anonymous public private client
    server email name id type url uri file path env abc abcd abcde abcdef abc123 123 1234 12345
    123456 1234567 12345678 123456789 asdf asdfasdf qwerty p@ssw0rd p@ssword passw0rd password1
    testpass testpassword test_password test1234 test123 pass1234 secret123 s3cr3t s3cret letmein
    """.split()
)
_FILLER = regex.compile(
    rb"(?i)\A(?:test|testing|secret|token|pass(?:word|wd)?|pwd|key|api|user|admin|root|foo|bar|baz|my|the|some"
    rb"|a|an|new|old|bad|wrong|"
    rb"invalid|valid|super|very|not|this|is|for|client|auth|access|refresh|private|public|id|value|string"
    rb"|default|fake|dummy|mock|sample|"
    rb"demo|dev|local|app|name|hash|hashed|encrypted|random|shared|correct|incorrect|other|first|second|"
    rb"jwt|oauth2?|bearer|abc|xyz|word|type|client|session|base64|hex|url|path|text|none|null|undefined|"
    rb"[_ .\-:/!@#?<>&;$%*()]|\d{1,4})+\Z"
)
_LEET = bytes.maketrans(b"@4301$57", b"aaeolsst")
_CONSTANT = regex.compile(rb"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_COLOUR = regex.compile(rb"#[0-9A-Fa-f]{6}\b")
_NOT_PLAIN = regex.compile(rb"[^\x20-\x7e]")
_SIGN = regex.compile(rb"[0-9!@#$%^&*+=?~]")
_DIGIT = regex.compile(rb"[0-9]")
_ALPHANUMERIC = bytes(byte for byte in range(128) if chr(byte).isalnum())
_LETTER = regex.compile(rb"[A-Za-z]")
_BREAKS = regex.compile(rb"[\s]")


def implausible_token(value: bytes) -> bool:
    """Say whether a token of a provider's own shape is visibly made up: masked, a series, or named an example."""
    if _MASKED.search(value) or _SAYS_SO.search(value) or repeats(value):
        return True
    lower = value.lower()
    return any(series in lower for series in _SERIES)


def repeats(value: bytes) -> bool:
    """Say whether the value's end is one short unit over and over (`abababab`)."""
    tail = value[-32:]
    if len(tail) < 12:
        return False
    return any(tail[unit:] == tail[:-unit] for unit in range(1, min(8, len(tail) // 3) + 1))


def is_reference(value: bytes) -> bool:
    """Say whether the value names where a secret comes from (variable, template, vault path, cipher) instead "
    "of being one."""
    return bool(_REFERENCE.match(value) or _HOLDS_REFERENCE.search(value))


def is_code(value: bytes) -> bool:
    """Say whether the value is an expression: a call, an index, an attribute."""
    if _CODE.search(value) is not None:
        return True
    return _CHAIN.match(value) is not None and letter_pairs(value)[1] < WORDY


def is_place_or_number(value: bytes) -> bool:
    """Say whether the value is an address, a path, a file, a version, a date or a number."""
    if _PLACE.search(value) is not None:
        return True
    if _WORDY_PLACE.match(value) is None:
        return False
    pairs, rarity = letter_pairs(value)
    return pairs < 4 or rarity < WORDY


def is_placeholder(value: bytes) -> bool:
    """Say whether the value stands in for a secret that is still to be filled in, or is a word of the trade."""
    lower = value.lower()
    if lower in _NOTHING or _FILLER.match(lower) is not None or _FILLER.match(lower.translate(_LEET)) is not None:
        return True
    return b"12345" in value or implausible_token(value) or (len(value) < 40 and _ALGORITHM.search(value) is not None)


def is_prose(value: bytes) -> bool:
    """Say whether the value is meant to be read by people: a label, a sentence, another language."""
    if _NOT_PLAIN.search(value):
        return True
    if not _BREAKS.search(value):
        return False
    pairs, rarity = letter_pairs(value)
    return (pairs >= 4 and rarity < WORDY + 0.4) or _COLOUR.search(value) is not None


def common_reasons(value: bytes) -> bool:
    """Say whether any of the reasons applies that rule out secrets and passwords alike."""
    return is_reference(value) or is_placeholder(value) or is_prose(value) or _SHAPE.search(value) is not None


def _reads_like_words(value: bytes) -> bool:
    pairs, rarity = letter_pairs(value)
    return pairs >= max(8, len(value) // 4) and rarity < WORDY


def is_dense(value: bytes) -> bool:
    """Say whether the value can only be a generator's: long, and every kind of character mixed all over it.

    Such a value may hold by chance what would mark another one as a template or as code.
    """
    return (
        24 <= len(value) <= 256
        and character_classes(value) >= 3
        and len(value.translate(None, _ALPHANUMERIC)) >= len(value) / 10
        and changes(value) >= 0.4
        and entropy(value) >= 4.2
        and not _reads_like_words(value)
        and not _NOT_PLAIN.search(value)
        and not (_SEALED.match(value) or _TEMPLATE.search(value) or implausible_token(value) or _SHAPE.search(value))
    )


def is_wrapped_placeholder(value: bytes) -> bool:
    """Say whether the value is base64 of a placeholder or a reference, or the cut-off head of a signed token."""
    if value.startswith(b"eyJ") and value.count(b".") < 2:
        return True
    if len(value) < 12 or not _BASE64.fullmatch(value):
        return False
    decoded = decode_base64(value)
    return _PRINTABLE.fullmatch(decoded) is not None and common_reasons(decoded.strip())


def plausible_secret(value: bytes) -> bool:
    """Say whether the value of something called secret, token or key is one: made by a machine."""
    if is_wrapped_placeholder(value):
        return False
    if is_dense(value):
        return True
    if common_reasons(value) or not looks_random(value):
        return False
    return not is_code(value) and (not is_place_or_number(value) or entropy(value) > 4.5)


def plausible_password(value: bytes) -> bool:
    """Say whether the value of something called password is one that is hard enough to be meant."""
    if is_wrapped_placeholder(value):
        return False
    if is_dense(value):
        return True
    if len(value) < 6 or common_reasons(value) or is_code(value):
        return False
    if looks_random(value):
        return not is_place_or_number(value) or entropy(value) > 4.5
    # Dots and dashes only hold names together.
    if (
        character_classes(value.translate(None, b"_.:/-")) < 3
        or len(value) < 8
        or is_place_or_number(value)
        or _BREAKS.search(value)
    ):
        return False
    return _SIGN.search(value) is not None


def plausible_weak_password(value: bytes) -> bool:
    """Say whether the value could be a password that a person chose: letters with digits."""
    if not 5 <= len(value) <= 64 or common_reasons(value) or is_code(value) or is_place_or_number(value):
        return False
    if _BREAKS.search(value) or value.isdigit() or _CONSTANT.fullmatch(value):
        return False
    return _LETTER.search(value) is not None and _DIGIT.search(value) is not None
