"""What was deleted and can still be recovered: its values still exist, so that it is told, as switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from inventory.azure.client import VaultClient
from inventory.azure.entry import Entry
from inventory.azure.failures import Refused
from inventory.azure.reading import Reading
from inventory.azure.timeline import SERVICE, hints_of
from inventory.collector import Record, SecretRecord, SkipRecord
from inventory.store_records import SecretKind

_LISTS: tuple[tuple[str, SecretKind, Callable[[VaultClient], Any]], ...] = (
    ("secrets", SecretKind.STORED, lambda vault: vault.secrets.list_deleted_secrets()),
    ("keys", SecretKind.ENCRYPTION_KEY, lambda vault: vault.keys.list_deleted_keys()),
    ("certificates", SecretKind.CERTIFICATE, lambda vault: vault.certificates.list_deleted_certificates()),
)


@dataclass
class Deleted:
    """What one vault keeps of what was deleted."""

    reading: Reading
    seen_before: bool
    """Whether an earlier read was told of it: then a refusal hides it, and it must not be taken for gone."""
    told: bool = False
    """Whether this read was told of it."""

    def read(self) -> Iterator[Record]:
        """Yield what can still be recovered."""
        for plural, kind, listing in _LISTS:
            try:
                for entry in self.reading.entries(f"list deleted {plural}", listing):
                    if not entry.odd and not entry.managed:
                        self.reading.secrets += 1
                        yield self._record(entry, plural, kind)
                self.told = True
            except Refused as refused:
                yield SkipRecord(refused.why, f"deleted {plural}", partial=self.seen_before)

    def _record(self, entry: Entry, plural: str, kind: SecretKind) -> SecretRecord:
        hints, path = hints_of(entry), f"{plural}/{entry.name}"
        attributes: dict[str, Any] = {}
        if entry.deleted:
            attributes["Deleted"] = entry.deleted.isoformat()
        if entry.purged:
            attributes["Can be recovered until"] = entry.purged.isoformat()
        return SecretRecord(
            path,
            hints.kind if hints.kind and kind is SecretKind.STORED else kind,
            address=self.reading.address(path),
            environment=hints.environment,
            tier=hints.tier,
            # The dates are those of its last version; how many there were is not told any more.
            rotated_at=entry.created,
            expires_at=entry.expires,
            enabled=False,
            ephemeral=False,
            evidence=dict(hints.evidence)
            | {
                "created_at": f"not known: {SERVICE} lists no versions of what was deleted",
                "rotated_at": f"{SERVICE}, created of the last version",
                "expires_at": f"{SERVICE}, attributes.exp" if entry.expires else f"{SERVICE}: no end is set",
                "enabled": f"{SERVICE}: it was deleted, and can be recovered",
                "auto_rotated": f"not known: {SERVICE} tells no rotation of what was deleted",
                "rotation_failed": f"not known: {SERVICE} tells no rotation of what was deleted",
                "ephemeral": f"{SERVICE} keeps it until it is purged",
                "last_used_at": "not known: only the vault's diagnostic log tells",
            },
            attributes=attributes,
        )


__all__ = ["Deleted"]
