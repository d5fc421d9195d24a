"""Writes docs/sources.md from what the collectors say of themselves; with --check it only says whether it differs."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

from inventory.collector import Collector, ConfigField, collectors

PLACE = Path(__file__).resolve().parents[1] / "docs" / "sources.md"
_HEAD = """# Sources

What each kind of source reads, the least rights that it needs, what it cannot know, and what it was tested against.
Made from the collectors by `python tools/sources_document.py`.

Stores of secrets are read by metadata: no right to any value is needed, and none is used. Where *Fingerprints* are
switched on, values are read one at a time, turned into keyed fingerprints and dropped. What a server does not offer or
does not allow is shown as not known. When a read breaks off, what came before is kept and nothing is marked as gone;
the run says why and what to do. The page of a source tries the connection, and says what its rights allow and what is
missing.

A credential is named, never written down: `env:POSTURE_CREDENTIAL_…` or `file:NAME`, see the README.
"""


def document() -> str:
    """Return the whole file."""
    every = sorted(collectors().values(), key=lambda each: each.label.lower())
    return "\n".join([_HEAD, _contents(every), *map(_section, every)])


def _contents(every: list[type[Collector]]) -> str:
    rows = [f"| [{each.label}](#{_anchor(each.label)}) | `{each.slug}` | {each.asset_kind} |" for each in every]
    return "\n".join(["| Source | Kind | One asset for each |", "| --- | --- | --- |", *rows, ""])


def _section(collector: type[Collector]) -> str:
    parts = [f"## {collector.label}\n", f"{inspect.getdoc(collector)}\n", _settings(collector)]
    if collector.needed_credential:
        parts.append(f"**Credential** It is needed, and holds {collector.needed_credential}.\n")
    if collector.least_rights:
        parts.append(f"**Least rights**\n\n```\n{collector.least_rights.strip()}\n```\n")
    if collector.cannot_know:
        parts.append("\n".join(["**It cannot know**\n", *(f"- {each}" for each in collector.cannot_know), ""]))
    parts.append(f"**Tested against** {collector.tested_against}\n")
    return "\n".join(parts)


def _anchor(heading: str) -> str:
    """Return what viewers of Markdown call a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _settings(collector: type[Collector]) -> str:
    rows = [f"| `{each.name}` | {each.label} | {_meaning(each)} |" for each in collector.fields]
    return "\n".join(["| Setting | Label | Meaning |", "| --- | --- | --- |", *rows, ""])


def _meaning(field: ConfigField) -> str:
    default = (
        f" Default: {'no' if field.default is False else field.default}." if field.default not in ("", None) else ""
    )
    return f"{field.help}{default}".replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write the file, or compare it."""
    if "--check" not in sys.argv[1:]:
        PLACE.write_text(document(), encoding="utf-8")
        return 0
    if PLACE.is_file() and PLACE.read_text(encoding="utf-8") == document():
        return 0
    print(
        f"{PLACE.name} is not what the collectors say. Write it anew: python tools/sources_document.py", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
