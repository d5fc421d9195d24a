"""The only carrier of a secret's value, for the short time between reading it and fingerprinting it."""

from __future__ import annotations

from typing import NoReturn


class SecretValue:
    """A secret's bytes, which refuse to be shown, stored or sent.

    A value lives only inside a collector. `repr`, `str` and `format` redact; pickling and copying
    refuse, so that no queue, cache or log can take it along by accident. `reveal` is the one way
    to the bytes and is called by the fingerprint and by the detection's own checks, nowhere else.
    """

    __slots__ = ("_value",)

    def __init__(self, value: bytes | str) -> None:
        self._value = value.encode() if isinstance(value, str) else bytes(value)

    def reveal(self) -> bytes:
        """Return the bytes, for hashing or checking in place."""
        return self._value

    def __len__(self) -> int:
        return len(self._value)

    def __repr__(self) -> str:
        return "SecretValue(redacted)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "SecretValue(redacted)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretValue) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret value may not be pickled or copied")

    def __copy__(self) -> NoReturn:
        raise TypeError("a secret value may not be pickled or copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a secret value may not be pickled or copied")
