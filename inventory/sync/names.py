"""Renames what was stored before a value was found that stands in its name."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.models import Asset, Exposure
from inventory.name_records import RetoldRecord, text_digest

_TEXTS = ("path", "first_author", "first_email", "latest_author", "latest_email", "removed_author")


def known_texts(asset: Asset) -> Iterator[str]:
    """Yield every name that is stored of an asset's exposures, also of those that are gone; each once per column."""
    for column in _TEXTS:
        names = Exposure.objects.filter(asset=asset).exclude(**{column: ""}).order_by()
        yield from names.values_list(column, flat=True).distinct().iterator(chunk_size=2000)


class NameWriter:
    """The names that one read tells otherwise; a row keeps its identity under the new one."""

    def __init__(self, asset: Asset) -> None:
        self.asset = asset
        self._texts: dict[str, str] = {}

    @property
    def waiting(self) -> int:
        """How many records are to be written."""
        return len(self._texts)

    def take(self, record: object) -> bool:
        """Keep a record until the next writing; says whether it was one of these."""
        if not isinstance(record, RetoldRecord):
            return False
        self._texts.update(record.texts)
        return True

    def write(self) -> None:
        """Write what was taken; the caller holds the transaction and the lease."""
        texts, self._texts = self._texts, {}
        for text in dict.fromkeys(known_texts(self.asset)) if texts else ():
            if (now := texts.get(text_digest(text))) is not None:
                self._rename(text, now)

    def finish(self, *, whole: bool) -> None:
        """Nothing is left for the end."""

    def _rename(self, text: str, now: str) -> None:
        exposures = Exposure.objects.filter(asset=self.asset)
        for column in _TEXTS[1:]:
            exposures.filter(**{column: text}).update(**{column: now})
        digest = text_digest(now)
        named = exposures.filter(path_digest=text_digest(text))
        # Two names of one value may become the same; the row that has that name already stands for both.
        named.filter(credential__in=exposures.filter(path_digest=digest).values("credential")).delete()
        named.update(path=now, path_digest=digest)
