"""Which parts of a stored value are secret, and what each is, by fingerprint: for every store that may be read.

A store's secret is often a set of named values of which only some are secret: a host and a user name beside the
password. What counts is decided by what the value is (a provider's format, an address with a password) before what
it is called. The values go no further than this module.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inventory.collector import ReadContext
from inventory.detection.engine import Engine, Finding
from inventory.detection.hyperscan_engine import load_engine
from inventory.detection.key_name import Named, announces
from inventory.detection.plausibility import is_reference, plausible_secret
from inventory.exposure_records import FindingRecord
from inventory.held_names import HeldNames
from inventory.store_records import HeldRecord
from posture.common.fingerprint import FingerprintKey, canonical, is_weak, load_key
from posture.common.secret_value import SecretValue

PASSWORD_RULE, SECRET_RULE = "generic-password", "generic-secret"
MOST_BYTES = 1 << 20
"""A longer value is a file; only what has a known format is looked for in it."""
MOST_KEYS = 200
_DEEPEST = 8
# Names under which stores keep the one value of a secret.
_SOLE = frozenset({"", "value", "data", "secret", "content", "contents", "secretstring", "secretbinary"})


@dataclass(frozen=True)
class ValueReader:
    """Turns the values of one secret into what is kept of them."""

    key: FingerprintKey
    engine: Engine

    @classmethod
    def of(cls, context: ReadContext) -> ValueReader:
        """Load the fingerprint key and the detection, whose compiled form every collector shares.

        Raises:
            FileNotFoundError, ValueError: the key is missing or no key.
        """
        return cls(load_key(context.key_file), load_engine(context.workspace.parent / "engine"))

    def held(self, pairs: Iterable[tuple[str, SecretValue]]) -> tuple[HeldRecord, ...]:
        """Return what of a version's named values is secret, each once per name."""
        named = list(pairs)[:MOST_KEYS]
        sole = len(named) == 1
        names = HeldNames(self.engine)
        found: dict[str, HeldRecord] = {}
        for name, value in named:
            # Numbered whether it holds anything or not, so that the number follows from the names alone.
            shown = names.shown(name) or "value"
            for line, record in self._judge(name, value, sole=sole):
                key = f"{shown}:{line}" if line else shown
                found.setdefault(key, HeldRecord(key, record))
        return tuple(found.values())

    def _judge(self, name: str, value: SecretValue, *, sole: bool) -> Iterator[tuple[int, FindingRecord]]:
        """Yield what a value holds, with its line where it is one of several things; 0: it is the whole value."""
        content = value.reveal()
        text = content.strip()
        if not text:
            return
        whole, inner = self._found(content, text)
        if whole is not None:
            yield 0, self.record(whole.rule, whole.value, str(whole.confidence))
        elif inner:
            for each in inner:
                yield each.line, self.record(each.rule, each.value, str(each.confidence))
        elif not is_reference(text) and (rule := _rule_by_name(name, text, sole=sole)):
            yield 0, self.record(rule, value, "medium")

    def _found(self, content: bytes, text: bytes) -> tuple[Finding | None, list[Finding]]:
        """Return the finding that is the whole value, and those within it."""
        findings = self.engine.scan(content)
        whole = canonical(SecretValue(text))
        for each in findings:
            if each.value.reveal().strip() == text or canonical(each.value) == whole:
                return each, []
        return None, findings

    def record(self, rule: str, value: SecretValue, confidence: str) -> FindingRecord:
        """Return what is kept of a value that is what a rule finds."""
        return FindingRecord(
            rule=rule,
            fingerprint=self.key.fingerprint(value),
            key_id=self.key.key_id,
            line=1,
            end_line=1,
            confidence=confidence,
            weak=is_weak(value),
            length=len(value),
        )


def _rule_by_name(name: str, text: bytes, *, sole: bool) -> str:
    """Say what a value without a known format is, by its name; empty where the name says that it is no secret."""
    if len(text) > MOST_BYTES:
        return ""
    kind = announces(name.encode("utf-8", "replace"))
    if kind is Named.PASSWORD:
        return PASSWORD_RULE
    if kind is Named.SECRET:
        return SECRET_RULE
    if (sole or name.lower() in _SOLE) and b"\n" not in text:
        return SECRET_RULE
    return SECRET_RULE if plausible_secret(text) else ""


def json_pairs(value: SecretValue) -> list[tuple[str, SecretValue]]:
    """Return the named values of a secret that is a JSON object, else the value itself under no name.

    Nested names are joined by dots. Numbers, booleans and null are no secrets.
    """
    raw = value.reveal()
    if not raw.lstrip().startswith(b"{") or len(raw) > MOST_BYTES:
        return [("", value)]
    try:
        parsed = json.loads(raw)
    except (ValueError, RecursionError):
        return [("", value)]
    pairs: list[tuple[str, SecretValue]] = []
    waiting: list[tuple[str, object, int]] = [("", parsed, 0)]
    while waiting and len(pairs) < MOST_KEYS:
        name, part, depth = waiting.pop()
        if isinstance(part, str):
            pairs.append((name, SecretValue(part)))
        elif depth < _DEEPEST and isinstance(part, dict):
            waiting += [(f"{name}.{key}".lstrip("."), each, depth + 1) for key, each in reversed(part.items())]
        elif depth < _DEEPEST and isinstance(part, list):
            waiting += [(f"{name}.{at}".lstrip("."), each, depth + 1) for at, each in reversed(list(enumerate(part)))]
    return pairs
