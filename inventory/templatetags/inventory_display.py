"""How text and times from outside are shown: nothing invisible, nothing that reorders, times in UTC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from inventory.collector import asset_kind_labels
from inventory.server_paths import without_server_paths

register = template.Library()

# What a message or a provider's advice marks as code.
_CODE = re.compile(r"`([^`]+)`")

# A date and time as collectors write it, with its zone.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d:\d\d")

COUNTED_AS = {
    "repositories": "repository|repositories",
    "assets": "asset",
    "secrets": "stored secret",
    "principals": "identity|identities",
    "commits": "new commit",
    "blobs": "new file version",
    "credentials": "credential in all|credentials in all",
    "exposures": "exposure in all|exposures in all",
    "skipped": "thing skipped|things skipped",
}
"""What the counts of a collection are called, in the order in which they are told."""

GIT = "repositories"
"""The kind of source whose counts are those of repositories; what others hold are assets."""

LONGEST = 500
"""Characters of one name or path that a page shows; a path may have thousands."""

# Control characters, bidirectional overrides and marks, zero-width and other invisible characters, line
# separators, tag characters, lone surrogates: what could hide text, forge a line or swap what is read.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff]"
)


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\u27e8U+{code:04X}\u27e9"


@register.filter
def shown(text: object) -> str:
    """Return text from a repository, a person or a collector as it may be shown: escaping is still the template's."""
    whole = "" if text is None else str(text)
    cut = whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
    return _UNSAFE.sub(_visible, cut)


@register.filter
def marked(text: object) -> SafeString:
    """Return text in which `code` between backticks is set as code; everything else is escaped."""
    # Split by a group: what stood between backticks follows what stood before it.
    before, *rest = _CODE.split(shown(text))
    return format_html(
        "{}{}", before, format_html_join("", "<code>{}</code>{}", zip(rest[::2], rest[1::2], strict=True))
    )


@register.filter
def unplaced(text: str) -> str:
    """Return an error without the server's folders, for those who do not run it."""
    return without_server_paths(text)


@register.filter
def said(value: object) -> str:
    """Return a value that a collector learned, in words: yes, no, not known, a number, a moment or a text."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return moment(datetime.fromisoformat(value))
    return f"{value:,}" if isinstance(value, int) else shown(value)


@register.filter
def number(value: int | None) -> str:
    """Return a whole number with its thousands apart: `2,113`."""
    return "not known" if value is None else f"{value:,}"


@register.filter
def counted(value: int | None, noun: str) -> str:
    """Return a number with its noun, such as `2,113 commits`; the noun is `one|many` where its plural is irregular."""
    one, _, many = noun.partition("|")
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


@register.filter
def size(value: float) -> str:
    """Return a number of bytes as people say it: `1.6 MB`."""
    if value < 1000:
        return counted(int(value), "byte")
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:,.1f} TB"


@register.filter
def tally(counts: Mapping[str, int], kind: str = GIT) -> list[str]:
    """Return what a collection counted as phrases, for a list with commas; a store has neither commits nor files."""
    told = dict(counts)
    if kind != GIT:
        told = {"assets" if name == "repositories" else name: value for name, value in counts.items()}
        told = {name: value for name, value in told.items() if name not in ("commits", "blobs", "bytes")}
    words = [counted(told[name], noun) for name, noun in COUNTED_AS.items() if name in told]
    return words + ([f"{size(told['bytes'])} read"] if told.get("bytes") else [])


@register.filter
def asset_kind(kind: str) -> str:
    """Return what an asset of a kind is called for people."""
    return asset_kind_labels().get(kind) or shown(kind).capitalize()


@register.filter
def short(commit: object) -> str:
    """Return the first seven characters of an object id."""
    return shown(commit)[:7]


@register.filter
def branch(ref: object) -> str:
    """Return a ref's name as people say it."""
    return re.sub(r"^refs/(heads|tags|remotes)/", "", shown(ref))


@register.filter
def moment(at: datetime | date | None) -> str:
    """Return the exact time: `24 Nov 2026, 06:00 UTC`."""
    if at is None:
        return "not known"
    if not isinstance(at, datetime):
        return f"{at.day} {at:%b %Y}"
    utc = at.astimezone(UTC) if timezone.is_aware(at) else at
    return f"{utc.day} {utc:%b %Y, %H:%M} UTC"


@register.filter
def day(at: datetime | date | None) -> str:
    """Return the date alone: `24 Nov 2026`."""
    if at is None:
        return "not known"
    utc = at.astimezone(UTC) if isinstance(at, datetime) else at
    return f"{utc.day} {utc:%b %Y}"


@register.filter
def ago(at: datetime | None) -> str:
    """Return how long ago, or how soon: `20 min ago`, `in 3 h`, `214 d ago`."""
    if at is None:
        return "never"
    gap = timezone.now() - at
    words = duration(abs(gap.total_seconds()))
    if abs(gap) < timedelta(seconds=5):
        return "just now"
    return f"{words} ago" if gap > timedelta(0) else f"in {words}"


@register.filter
def age(at: datetime | None) -> str:
    """Return how old something of that date is: `214 d`."""
    return "not known" if at is None else duration(max(0.0, (timezone.now() - at).total_seconds()))


@register.filter
def duration(seconds: float | None) -> str:
    """Return a length of time in its largest fitting unit."""
    if seconds is None:
        return "not known"
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size):,} {unit}"
    return f"{int(seconds)} s"


@register.filter
def per_cent(part: float | None, whole: float = 1.0) -> str:
    """Return a share as an SVG width, such as `64.2%`: bars carry it as an attribute, since styles are forbidden."""
    if part is None or not whole:
        return "0%"
    return f"{max(0.0, min(100.0, 100.0 * float(part) / float(whole))):.2f}%"


@register.filter
def initials(name: object) -> str:
    """Return up to two letters for an avatar."""
    letters = [part[0] for part in shown(name).split() if part[0].isalnum()]
    return ("".join(letters[:2]) or "?").upper()


@register.filter
def percentage(share: float | None) -> str:
    """Return a share in words that never round up to certainty: 0.999 is `99%`."""
    return "not known" if share is None else f"{int(max(0.0, min(1.0, share)) * 100 + 1e-9)}%"
