"""Makes the demo's vault: a new OpenBao, filled like a company's, all or nothing."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from posture.common import address
from posture.demo.description import DemoError
from posture.demo.values import Values
from posture.demo.vault import access
from posture.demo.vault.ages import WORKERS, age_secret_ids, age_secrets, age_tokens
from posture.demo.vault.api import VaultAPI
from posture.demo.vault.engines import add_certificates, add_databases, add_keys
from posture.demo.vault.place import HOST, VaultPlace
from posture.demo.vault.planted import planted_values
from posture.demo.vault.server import START_SECONDS, filling, make_seal_key, url, wait_until_open
from posture.demo.vault.stored import MOUNTS, Stored, stored

READER_POLICY = "vault-reader.hcl"
"""The least rights that collecting needs, as whoever starts the demo wrote them down."""


def make_vault(demo: Path, root: Path, program: Path, *, port: int, log_folder: Path, seed: int | None = None) -> None:
    """Fill a vault below the demo's folder with what its repositories below `root` hold too, and more.

    Until all of it is there it has another name, so that a crash leaves none.

    Raises:
        DemoError: it cannot be made; the message says where to look.
    """
    final = VaultPlace.below(demo)
    place = VaultPlace(demo / ".vault-making")
    try:
        shutil.rmtree(place.folder, ignore_errors=True)
        place.store.mkdir(parents=True, mode=0o700)
        make_seal_key(place)
        log_folder.mkdir(parents=True, exist_ok=True)
        scratch_port = address.next_free(HOST, port)
        with filling(program, place, scratch_port, log_folder):
            credential = _fill(url(scratch_port), scratch_port, planted_values(root), _policy(demo), seed)
        _write_private(place.credential, json.dumps(credential))
        shutil.rmtree(final.folder, ignore_errors=True)
        place.folder.rename(final.folder)
    except (OSError, address.AddressError) as error:
        raise DemoError(f"The vault cannot be made in {demo}: {error}") from None
    finally:
        shutil.rmtree(place.folder, ignore_errors=True)


def _fill(where: str, port: int, planted: dict[str, tuple[str, str]], policy: str, seed: int | None) -> dict[str, str]:
    api = VaultAPI(where)
    # Whoever sets it up is handed its root token; it is used here only, and ended below.
    api.token = api("PUT", "sys/init", {"recovery_shares": 1, "recovery_threshold": 1})["root_token"]
    wait_until_open(port)
    now = datetime.now(UTC)
    values = Values(seed)
    for name, (_, value) in planted.items():
        values.know(name, value)
    _add_secrets(api, values, now)
    add_certificates(api)
    add_keys(api, now)
    add_databases(api)
    credential = _add_access(api, policy, now)
    api("POST", "auth/token/revoke-self")
    return credential


def _add_secrets(api: VaultAPI, values: Values, now: datetime) -> None:
    plan = stored()
    # Drawn by one thread, so that two places of one value share it.
    drawn = {each.value_of(n): _value(values, each, n) for each in plan for n in range(1, len(each.ages) + 1)}
    for mount, version in MOUNTS.items():
        api("POST", f"sys/mounts/{mount}", {"type": "kv", "options": {"version": str(version)}})
    for mount in (name for name, version in MOUNTS.items() if version == 2):
        _wait_for(api, f"{mount}/config")

    def write(each: Stored) -> None:
        if MOUNTS[each.mount] == 1:
            api("POST", f"{each.mount}/{each.path}", {each.key: drawn[each.value_of(1)], **each.beside})
            return
        facts = {"custom_metadata": each.labels} if each.labels else {}
        if each.ends_in_hours:
            facts["delete_version_after"] = f"{each.ends_in_hours}h"  # type: ignore[assignment]
        if facts:
            api("POST", f"{each.mount}/metadata/{each.path}", facts)
        for number in range(1, len(each.ages) + 1):
            data = {each.key: drawn[each.value_of(number)], **each.beside}
            api("POST", f"{each.mount}/data/{each.path}", {"data": data})

    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(write, plan))
    for mount in (name for name, version in MOUNTS.items() if version == 2):
        ages = {each.path: each.ages for each in plan if each.mount == mount}
        if age_secrets(api, mount, ages, now) != len(ages):
            raise DemoError(f"OpenBao keeps the ages of {mount} in another form than this demo knows")


def _wait_for(api: VaultAPI, path: str) -> None:
    """Wait until a new store can be written: it gets ready by itself, in a moment."""
    until = time.monotonic() + START_SECONDS
    while not api.offers(path):
        if time.monotonic() > until:
            raise DemoError(f"OpenBao does not get {path} ready")
        time.sleep(0.02)


def _value(values: Values, each: Stored, number: int) -> str:
    drawn = values.get(each.value_of(number), each.kind)
    # In a JSON file the lines of a key are escaped; a vault is given it as it is.
    return drawn.replace("\\n", "\n") if each.kind == "service-account-key" else drawn


def _add_access(api: VaultAPI, policy: str, now: datetime) -> dict[str, str]:
    for name, text in access.policies().items():
        api("POST", f"sys/policies/acl/{name}", {"policy": text})
    for kind in ("approle", "userpass"):
        api("POST", f"sys/auth/{kind}", {"type": kind})
    secret_ids: dict[str, float] = {}
    tokens = _add_people(api)
    with ThreadPoolExecutor(WORKERS) as workers:
        for made, logins in workers.map(lambda each: _add_workload(api, each), access.workloads()):
            secret_ids |= made
            tokens |= logins
    for token in access.TOKENS:
        lives = {"ttl": f"{token.lives_hours}h"} if token.lives_hours else {}
        facts = {"policies": token.policies, "display_name": token.name, "no_parent": True, **lives}
        tokens[api("POST", "auth/token/create", facts)["auth"]["accessor"]] = token.days
    age_secret_ids(api, secret_ids, now)
    age_tokens(api, tokens, now)
    values = "\n".join(
        access.rule(f"{mount}/data/*", "read") if version == 2 else access.rule(f"{mount}/*", "read list")
        for mount, version in MOUNTS.items()
    )
    api("POST", f"sys/policies/acl/{access.READER}", {"policy": f"{policy}\n{values}"})
    return _add_role(api, access.READER, (access.READER,), days=365)


def _add_role(api: VaultAPI, name: str, policies: tuple[str, ...], *, days: int) -> dict[str, str]:
    path = f"auth/approle/role/{name}"
    ends = f"{days * 24}h" if days else "0"
    # Only pipelines fetch tokens that live for long.
    facts = {"token_policies": policies, "token_ttl": "1h" if name == access.READER else "720h", "secret_id_ttl": ends}
    api("POST", path, facts)
    return {
        "role_id": api("GET", f"{path}/role-id")["data"]["role_id"],
        "secret_id": api("POST", f"{path}/secret-id", {})["data"]["secret_id"],
    }


def _add_workload(api: VaultAPI, workload: access.Workload) -> tuple[dict[str, float], dict[str, float]]:
    """Make an AppRole with its secret ids; returns these and the token of its login, each with its age."""
    credential = _add_role(api, workload.name, workload.policies, days=workload.lives_days)
    path = f"auth/approle/role/{workload.name}/secret-id"
    accessors = api.names(path)
    while len(accessors) < len(workload.secret_ids):
        accessors.append(api("POST", path, {})["data"]["secret_id_accessor"])
    ages = dict(zip(accessors, workload.secret_ids, strict=True))
    if not workload.logs_in:
        return ages, {}
    login = api("POST", "auth/approle/login", credential)["auth"]["accessor"]
    return ages, {login: min(29.0, workload.secret_ids[-1] / 9)}


def _add_people(api: VaultAPI) -> dict[str, float]:
    """Make users, what stands for them, and their groups; returns the tokens of their logins with their ages."""
    mount = api("GET", "sys/auth")["data"]["userpass/"]["accessor"]

    def add(person: access.Person) -> tuple[str, dict[str, float]]:
        password = secrets.token_urlsafe(24)
        user = {"password": password, "token_policies": person.policies, "token_ttl": "720h"}
        api("POST", f"auth/userpass/users/{person.name}", user)
        entity = api("POST", "identity/entity", {"name": person.name})["data"]["id"]
        alias = {"name": person.name, "canonical_id": entity, "mount_accessor": mount}
        api("POST", "identity/entity-alias", alias)
        if person.logged_in is None:
            return entity, {}
        login = api("POST", f"auth/userpass/login/{person.name}", {"password": password})
        return entity, {login["auth"]["accessor"]: person.logged_in}

    tokens: dict[str, float] = {}
    members: dict[str, list[str]] = {name: [] for name in access.GROUPS}
    people = access.people()
    # Passwords are hashed slowly on purpose, so that they are made side by side.
    with ThreadPoolExecutor(WORKERS) as workers:
        for person, (entity, logins) in zip(people, workers.map(add, people), strict=True):
            tokens |= logins
            for group in person.groups:
                members[group].append(entity)
    for group, given in access.GROUPS.items():
        api("POST", "identity/group", {"name": group, "policies": given, "member_entity_ids": members[group]})
    return tokens


def _policy(demo: Path) -> str:
    return (demo / READER_POLICY).read_text()


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)


__all__ = ["READER_POLICY", "make_vault"]
