"""`manage.py score FILE`: score a team from a file of facts, without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from posture.scoring.card import explain
from posture.scoring.facts import Facts, FactsError

MAX_BYTES = 64_000_000


class Command(BaseCommand):
    help = "Score one team from a JSON file of facts, and say what each fix would gain. Needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="facts of one team as JSON, or an object that holds them under 'facts'"
        )
        parser.add_argument(
            "--json", action="store_true", help="print the whole card with gains and costs as one JSON object"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if path.stat().st_size > MAX_BYTES:
                raise CommandError(f"{path} is larger than 64 MB. Score one team at a time.")
            found = explain(Facts.from_text(path.read_bytes()))
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}. Name a file of facts.") from None
        except FactsError as error:
            raise CommandError(f"{path}: {error}") from None
        self.stdout.write(json.dumps(found, indent=1) if options["json"] else _text(found))


def _text(card: dict[str, Any]) -> str:
    lines = [f"{_shown(card['team'])}: {_number(card['score'])}, {card['grade']}, {card['confidence']:.0%} known"]
    for pillar in card["pillars"]:
        because = f"  {pillar['reason']}" if pillar["reason"] else ""
        lines.append(f"  {pillar['label']:<16} {_number(pillar['value']):>12}{because}")
    lines += [f"  at most {cap['limit']:.0f}: {cap['reason']}" for cap in card["caps"]]
    worthwhile = [gain for gain in card["gains"] if gain["gain"] > 0]
    lines += ["What to do next:"] if worthwhile else []
    lines += [f"  +{gain['gain']:.2f}  {_shown(gain['action'])}. {gain['why']}" for gain in worthwhile]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "not assessed" if value is None else f"{value:.2f}"


def _shown(text: str) -> str:
    """Replace what a terminal would obey."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
