"""Expands the example templates of formats, so that no secret-looking value is ever committed."""

from __future__ import annotations

import random
import re
import string

_SLOT = re.compile(r"<\[(?P<members>(?:\\.|[^\]\\])+)\]\{(?P<least>\d+)(?:,(?P<most>\d+))?\}>")
_NAMED = {"d": string.digits, "w": string.ascii_letters + string.digits + "_"}


def expand(template: str, seed: random.Random) -> str:
    r"""Replace every `<[class]{n}>` and `<[class]{m,n}>` by random characters of the class; the rest stands as it is.

    A class is written as in a regular expression: ranges, `\d`, `\w`, and a backslash before `]`, `-` or `\`.
    """

    def fill(slot: re.Match[str]) -> str:
        members = characters(slot["members"])
        least = int(slot["least"])
        length = seed.randint(least, int(slot["most"] or least))
        return "".join(seed.choice(members) for _ in range(length))

    return _SLOT.sub(fill, template)


def characters(members: str) -> str:
    """Return every character of a class, without its brackets.

    Raises:
        ValueError: a range runs backwards.
    """
    found: list[str] = []
    at = 0
    while at < len(members):
        char = members[at]
        if char == "\\":
            following = members[at + 1]
            found.extend(_NAMED.get(following, following))
            at += 2
        elif members[at + 1 : at + 2] == "-" and at + 2 < len(members):
            last = members[at + 2]
            if last < char:
                raise ValueError(f"the range {char}-{last} in the class [{members}] runs backwards")
            found.extend(map(chr, range(ord(char), ord(last) + 1)))
            at += 3
        else:
            found.append(char)
            at += 1
    return "".join(dict.fromkeys(found))
