"""Literal secrets in the variables of functions and builds: places where a value stands outside of any store.

Asking for them hands the values out, so that this is done only where fingerprints are switched on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inventory.aws.reading import Reading, as_time
from inventory.collector import LiveExposureRecord, Record
from posture.common.secret_value import SecretValue

_AT_ONCE = 100
"""Projects that CodeBuild describes in one answer at most."""


@dataclass
class Variables:
    """The variables of everything in one region that runs code."""

    reading: Reading
    region: str

    def functions(self) -> Iterator[Record]:
        """Yield the secrets in variables of Lambda functions."""
        for page in self.reading.pages("lambda", "list_functions", self.region):
            for function in page.get("Functions", ()):
                since = _instant(function.get("LastModified"))
                named = (function.get("Environment") or {}).get("Variables") or {}
                yield from self._found(f"lambda/{self.region}/{function.get('FunctionName')}", dict(named), since)

    def builds(self) -> Iterator[Record]:
        """Yield the secrets in variables of CodeBuild projects; those that name a store's secret are none."""
        for page in self.reading.pages("codebuild", "list_projects", self.region):
            names = list(page.get("projects", ()))
            for start in range(0, len(names), _AT_ONCE):
                answer = self.reading.client.call(
                    "codebuild", "batch_get_projects", self.region, names=names[start : start + _AT_ONCE]
                )
                for project in answer.get("projects", ()):
                    variables = (project.get("environment") or {}).get("environmentVariables") or ()
                    named = {
                        each.get("name", ""): each.get("value", "")
                        for each in variables
                        if each.get("type", "PLAINTEXT") == "PLAINTEXT"
                    }
                    since = as_time(project.get("lastModified"))
                    yield from self._found(f"codebuild/{self.region}/{project.get('name')}", named, since)

    def _found(self, place: str, named: dict[str, Any], since: datetime | None) -> Iterator[Record]:
        values = self.reading.values
        assert values is not None
        pairs = [(name, SecretValue(str(value))) for name, value in named.items()]
        # A secret of one value is that value; a single variable is just a setting.
        pairs += [("", SecretValue(""))] if len(pairs) == 1 else []
        for held in values.held(pairs):
            yield LiveExposureRecord(f"{place}#{held.key}", held.finding, since)


def _instant(text: Any) -> datetime | None:
    try:
        return as_time(datetime.fromisoformat(text)) if isinstance(text, str) else None
    except ValueError:
        return None


__all__ = ["Variables"]
