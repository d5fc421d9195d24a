"""How random a value looks: Shannon entropy, changes of character class, and likeness to words."""

from __future__ import annotations

import math
from collections import Counter
from operator import getitem, ne

import regex

# How rare the second letter is after the first in words and names of programs, in bits (0 to 9): a row for each
# first letter. Counted over the words in Python's own library; identifiers of people and programs score 2.4 to
# 4.3 on average, random letters 4.3 to 6.6.
_RARITY = (
    "64447647586343849232567657",
    "25552678357266369346377858",
    "37563683493467279453488969",
    "35541567278566368445467769",
    "46435557597443656233656468",
    "36553368299466369344388869",
    "37661654398454469335477868",
    "26762788297555269454487959",
    "45344548876442358433859695",
    "27662687455665269837375958",
    "36651666377465368434475959",
    "26642678287367369744468949",
    "24762788398647338646478869",
    "36333537376675369732558977",
    "65447657586342549244454788",
    "28662674497367348244587849",
    "56556576598455756445066887",
    "26552658396545369444567958",
    "47462674395566446732476959",
    "37562684298566369344577847",
    "44454557497332649333889798",
    "27661777299666469556887879",
    "26552674296564369335777789",
    "46353476398546528542667457",
    "35453557498434428533565766",
    "27751675297666358655667754",
)
_HEX = regex.compile(rb"(?:0x)?(?:[0-9a-f]{16,}|[0-9A-F]{16,})")
_UUID = regex.compile(rb"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Bytes as letters of either case (0 to 25, else 26) and as classes, and the pairs' rarities with 0 for what is none.
_LETTER = bytes(
    ord(chr(byte).lower()) - 97 if chr(byte).isascii() and chr(byte).isalpha() else 26 for byte in range(256)
)
_CLASS = bytes(
    1 if 97 <= byte <= 122 else 2 if 65 <= byte <= 90 else 3 if 48 <= byte <= 57 else 4 for byte in range(256)
)
_CAPITALISED = b"\x02\x01"
_PAIRS = (*(bytes(map(int, row)) + b"\0" for row in _RARITY), bytes(27))
WORDY = 4.4
"""Mean rarity of letter pairs below which a value reads like words."""


def entropy(value: bytes) -> float:
    """Shannon entropy per byte, in bits (0 to 8)."""
    total = len(value)
    if not total:
        return 0.0
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values())


def letter_pairs(value: bytes) -> tuple[int, float]:
    """Return how many neighbouring letters there are and how rare they are on average."""
    letters = value.translate(_LETTER)
    rarities = bytes(map(getitem, map(_PAIRS.__getitem__, letters), letters[1:]))
    count = len(rarities) - rarities.count(0)
    return count, sum(rarities) / count if count else 0.0


def character_classes(value: bytes) -> int:
    """Return how many of lower case, upper case, digits and other characters occur."""
    return len(set(value.translate(_CLASS)))


def changes(value: bytes) -> float:
    """Return the share of neighbours that change character class, a capital before a small letter apart."""
    classes = value.translate(_CLASS)
    changed = sum(map(ne, classes, classes[1:])) - classes.count(_CAPITALISED)
    return changed / max(1, len(value) - 1)


def is_hex(value: bytes) -> bool:
    """Say whether the value is 16 or more hexadecimal digits of one case."""
    return _HEX.fullmatch(value) is not None


def is_uuid(value: bytes) -> bool:
    """Say whether the value has the shape of a UUID."""
    return _UUID.fullmatch(value) is not None


def looks_random(value: bytes) -> bool:
    """Say whether a machine rather than a person made the value up."""
    length, bits = len(value), entropy(value)
    if length < 8 or value.isdigit():
        return False
    if is_hex(value) or is_uuid(value):
        return bits >= 2.9 and not value.isalpha()
    if bits < min(3.4, 0.75 * math.log2(length)):
        return False
    pairs, rarity = letter_pairs(value)
    share = changes(value)
    if pairs >= max(6, length // 4) and rarity < WORDY:
        # Letters that read like words make a name, unless digits and capitals are strewn all over it.
        return share >= 0.4 and rarity >= 3.9 and length >= 16
    if length < 16:
        return share >= 0.3 and character_classes(value) >= 3
    return share >= 0.15 or rarity >= 5.0
