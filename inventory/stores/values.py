"""Reads the values of a store for their fingerprints, each version once; nothing is kept of them but that."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from inventory.collector import CollectorError, ReadContext
from inventory.held import ValueReader
from inventory.store_records import HeldRecord
from posture.common.secret_value import SecretValue


@dataclass
class Values:
    """May be used by several workers at once; the detection looks at one value at a time."""

    reader: ValueReader
    known: frozenset[int] = frozenset()
    """Hashes of path and number of the versions that were read before with this key: a version never changes."""
    _one: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, context: ReadContext) -> Values:
        """Take the fingerprint key, and what was read before with it.

        Raises:
            CollectorError: the key is missing or no key.
        """
        try:
            reader = ValueReader.of(context)
        except (OSError, ValueError) as error:
            raise CollectorError(f"The fingerprint key cannot be used: {error}", permanent=True) from None
        own = reader.key.key_id
        return cls(
            reader, frozenset(hash((path, number)) for path, number, key in context.known_versions() if key == own)
        )

    @property
    def key_id(self) -> str:
        """Return the id of the key under which values are read now."""
        return self.reader.key.key_id

    def knows(self, path: str, number: str) -> bool:
        """Say whether a version was read before."""
        return hash((path, number)) in self.known

    def held(self, pairs: Iterable[tuple[str, SecretValue]]) -> tuple[HeldRecord, ...]:
        """Return what of named values is secret."""
        with self._one:
            return self.reader.held(pairs)

    def identifier(self, key: str, value: SecretValue, rule: str) -> HeldRecord:
        """Return an identifier by its fingerprint, as the format that finds it in files would tell it."""
        return HeldRecord(key, self.reader.record(rule, value, "high"))


__all__ = ["Values"]
