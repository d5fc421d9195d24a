"""Gives what the demo's vault holds its age: the server's own records are written back with earlier times.

A server dates what is written by its clock, so that a vault which was filled a minute ago would show a company whose
secrets are all new. While it is filled it lets its records be read and written as they lie; there the times are set,
and from then on it tells them itself, as any vault tells its own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from posture.demo.vault.api import VaultAPI
from posture.demo.vault.wire import BYTES, Field, read_fields, timestamp, write_fields

# Fields of the key-value store's record of one secret, and of the record of one version within it.
_PATH, _VERSIONS, _CREATED, _UPDATED = 1, 2, 5, 6
_NUMBER, _FACTS, _MADE = 1, 2, 1
WORKERS = 4


def age_secrets(api: VaultAPI, mount: str, ages: Mapping[str, tuple[float, ...]], now: datetime) -> int:
    """Set the times of a key-value store's secrets: path → days of each version, the oldest first; returns how many."""
    uuid = api("GET", "sys/mounts")["data"][f"{mount}/"]["uuid"]
    base = f"sys/raw/logical/{uuid}/"
    inner = next(name for name in api.names(base) if name.endswith("/") and "metadata/" in api.names(base + name))

    def age(place: str) -> bool:
        record = base64.b64decode(api("GET", place, encoding="base64")["data"]["value"])
        fields = list(read_fields(record))
        path = next((bytes(value).decode() for number, _, value in fields if number == _PATH and value), "")
        if path not in ages:
            return False
        times = [now - timedelta(days=days) for days in ages[path]]
        changed = write_fields(_aged(fields, times))
        api("POST", place, {"value": base64.b64encode(changed).decode(), "encoding": "base64"})
        return True

    with ThreadPoolExecutor(WORKERS) as workers:
        return sum(workers.map(age, _leaves(api, f"{base}{inner}metadata/")))


def _aged(fields: list[Field], times: list[datetime]) -> Iterator[Field]:
    for number, kind, value in fields:
        if number == _VERSIONS and isinstance(value, bytes):
            yield number, kind, _aged_version(value, times)
        elif number == _CREATED:
            yield number, BYTES, timestamp(times[0])
        elif number == _UPDATED:
            yield number, BYTES, timestamp(times[-1])
        else:
            yield number, kind, value


def _aged_version(entry: bytes, times: list[datetime]) -> bytes:
    fields = list(read_fields(entry))
    version = next(value for number, _, value in fields if number == _NUMBER and isinstance(value, int))
    made = timestamp(times[version - 1])
    return write_fields(
        (
            number,
            kind,
            write_fields((n, k, made if n == _MADE else v) for n, k, v in read_fields(value))
            if number == _FACTS and isinstance(value, bytes)
            else value,
        )
        for number, kind, value in fields
    )


def age_keys(api: VaultAPI, ages: Mapping[str, tuple[float, ...]], now: datetime) -> None:
    """Set the times of the keys that stay in the engine: name → days of each version, the oldest first."""
    uuid = api("GET", "sys/mounts")["data"]["transit/"]["uuid"]
    for name, days in ages.items():

        def change(record: dict[str, Any], days: tuple[float, ...] = days) -> None:
            for number, entry in record["keys"].items():
                at = now - timedelta(days=days[int(number) - 1])
                entry["time"], entry["creation_time"] = _text(at), int(at.timestamp())

        _rewrite(api, f"sys/raw/logical/{uuid}/policy/{name}", change)


def age_secret_ids(api: VaultAPI, ages: Mapping[str, float], now: datetime) -> None:
    """Set the times of AppRoles' secret ids: accessor → days; one with an end keeps how long it lives."""
    uuid = api("GET", "sys/auth")["data"]["approle/"]["uuid"]

    def change(record: dict[str, Any]) -> None:
        days = ages.get(record["secret_id_accessor"])
        if days is None:
            return
        before, made = datetime.fromisoformat(record["creation_time"]), now - timedelta(days=days)
        record["creation_time"] = record["last_updated_time"] = _text(made)
        ends = datetime.fromisoformat(record["expiration_time"])
        if ends > before:
            record["expiration_time"] = _text(made + (ends - before))

    for place in _leaves(api, f"sys/raw/auth/{uuid}/secret_id/"):
        _rewrite(api, place, change)


def age_tokens(api: VaultAPI, ages: Mapping[str, float], now: datetime) -> None:
    """Set when tokens were made: accessor → days."""

    def change(record: dict[str, Any]) -> None:
        days = ages.get(record.get("accessor", ""))
        if days is not None:
            record["creation_time"] = int((now - timedelta(days=days)).timestamp())

    for place in _leaves(api, "sys/raw/sys/token/id/"):
        _rewrite(api, place, change)


def _rewrite(api: VaultAPI, place: str, change: Callable[[dict[str, Any]], None]) -> None:
    text = api("GET", place)["data"]["value"]
    record = json.loads(text)
    change(record)
    if (changed := json.dumps(record)) != json.dumps(json.loads(text)):
        api("POST", place, {"value": changed})


def _leaves(api: VaultAPI, folder: str) -> Iterator[str]:
    for name in api.names(folder):
        if name.endswith("/"):
            yield from _leaves(api, folder + name)
        else:
            yield folder + name


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


__all__ = ["age_keys", "age_secret_ids", "age_secrets", "age_tokens"]
