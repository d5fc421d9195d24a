"""The context that tells whose a value is where its own shape does not: the issuer's name before what it is called."""

from __future__ import annotations

UUID = "[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}"
SECRET_WORDS = "key|token|secret|access|private|pat|passw(?:or)?d"
"""What people call a credential, somewhere behind the issuer's name."""


def near(name: str, value: str, *, called: str = SECRET_WORDS, beside: str = r"\w-") -> str:
    """Return the pattern of a value that is assigned to a name such as `ACME_API_KEY`, for a provider's format.

    `name`, `value` and `called` are patterns. The name is searched for in any case. `beside` are the characters,
    as in a class, of which none may follow the value, since it would be a part of something longer then.
    """
    return (
        rf"(?i:{name}[\w ./?&-]{{0,24}}(?:{called})\w{{0,9}})"
        rf"[\s\"':=>,(|]{{1,8}}(?:(?i:value)[\s\"':=]{{1,4}})?(?P<value>{value})(?:[^{beside}]|$)"
    )
