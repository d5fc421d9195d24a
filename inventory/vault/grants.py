"""What the paths of a policy let somebody do, in the inventory's words: pure.

A path means something only together with what is mounted there: reading below `metadata/` of a key-value store
gives names and times, reading below `data/` gives values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from inventory.access_rule import fits
from inventory.store_records import Capability, GrantRecord, Matching
from inventory.vault.engines import ENGINES
from inventory.vault.mounts import Mount
from inventory.vault.policy import PathRule, Policy

_WRITES = frozenset({"create", "update", "patch"})
_ORDER = tuple(Capability)
# Whoever may write here changes who may do what.
_MANAGES = re.compile(
    r"(?!.*/secret-id(?:-accessor)?/lookup$)(?:\+/)*(?:sys/(?:\*|\+|polic|auth(?:/|\*|$)|mounts|namespaces|remount)"
    r"|identity/(?:\*|\+|entity|group(?!s/))"
    r"|auth/(?:\*|\+(?:/\*|$)|[^/]+/(?:\*|roles?(?:/|\*|$)|users|groups|config|certs?(?:/|\*|$)|map))"
    r"|(?:\+/)*\*$)"
)
# These ask for `sudo` even where nothing can be changed.
_ONLY_LOOKS = re.compile(r"(?:\+/)*(?:sys/leases(?:/(?:lookup|count)\b.*)?|auth/token/accessors/?)")
_R, _L, _W, _D = Capability.READ, Capability.LIST, Capability.WRITE, Capability.DELETE
_U, _M = Capability.USE, Capability.MANAGE
# Area of a mount → what reading, listing, writing and deleting there gives.
_Gives = tuple[tuple[Capability, ...], tuple[Capability, ...], tuple[Capability, ...], tuple[Capability, ...]]
_USUAL: _Gives = ((_R,), (_L,), (_W,), (_D,))
_KV2: dict[str, _Gives] = {
    "data": ((_R,), (), (_W,), (_D,)),
    "metadata": ((_L,), (_L,), (_W,), (_D,)),
    "detailed-metadata": ((_L,), (_L,), (), ()),
    "subkeys": ((_L,), (), (), ()),
    "config": ((_L,), (), (_W,), ()),
    "delete": ((), (), (_D,), ()),
    "destroy": ((), (), (_D,), ()),
    "undelete": ((), (), (_W,), ()),
}
_NAMES: _Gives = ((_L,), (_L,), (_W,), (_D,))
_HANDS_OUT: _Gives = ((_R,), (_L,), (_R,), (_D,))
# A key is used, and read only where it is exported.
_TRANSIT: dict[str, _Gives] = {
    "keys": _NAMES,
    "export": _USUAL,
    "backup": _USUAL,
    "restore": ((), (), (_W,), ()),
    "": ((_L,), (_L,), (_U, _W), (_D,)),
}
_USES: _Gives = ((), (), (_U,), ())
_HANDING = frozenset({"creds", "static-creds", "static-cred", "sign", "issue", "roleset", "sts"})


def grants_of(
    principal: str, name: str, policy: Policy, namespace: str, mounts: Sequence[Mount], now: datetime
) -> Iterator[GrantRecord]:
    """Yield what a policy gives to whoever has it; `namespace` is the policy's own, with a slash at its end.

    Every path is told, also one that gives nothing: the most specific path that fits decides alone.
    """
    for rule in policy.rules:
        if rule.ends_at is not None and rule.ends_at <= now:
            continue
        pattern = namespace + rule.pattern
        capabilities = capabilities_of(rule, pattern, mounts)
        yield from _told(principal, name, rule, pattern, capabilities, covers_a_mount(pattern, mounts))


def root_grant(principal: str, namespace: str) -> GrantRecord:
    """Return what the policy `root` gives, which has no text."""
    return GrantRecord(
        principal,
        f"{namespace}*",
        Matching.VAULT,
        (Capability.ADMIN,),
        "policy root: everything, past every other policy",
        wildcard=True,
    )


def capabilities_of(rule: PathRule, pattern: str, mounts: Sequence[Mount]) -> frozenset[Capability]:
    """Return what a path gives at the mounts that it means."""
    if rule.denies:
        return frozenset(Capability)
    given = frozenset(rule.capabilities)
    found: set[Capability] = set()
    for reading, listing, writing, deleting in _gives(pattern, mounts):
        found.update(reading if given & {"read", "subscribe"} else ())
        found.update(listing if given & {"list", "scan"} else ())
        found.update(writing if given & _WRITES else ())
        found.update(deleting if "delete" in given else ())
    changes, own = bool(given & (_WRITES | {"delete"})), _without_namespace(pattern, mounts)
    if changes and _MANAGES.match(own):
        found.add(_M)
    if "sudo" in given and (changes or not _ONLY_LOOKS.fullmatch(own)):
        found.add(Capability.ADMIN)
    return frozenset(found)


def covers_a_mount(pattern: str, mounts: Sequence[Mount]) -> bool:
    """Say whether a pattern fits everything, or every secret of one mount."""
    if pattern in ("*", "+/*"):
        return True
    if not pattern.endswith("*"):
        return False
    for mount in mounts:
        for area in _secret_areas(mount):
            base = mount.name + area
            # Names that no secret has: what fits both fits any.
            if fits(pattern, Matching.VAULT, base + "\1") and fits(pattern, Matching.VAULT, base + "\2/\1\2"):
                return True
    return False


def _without_namespace(pattern: str, mounts: Sequence[Mount]) -> str:
    """Return the part of a pattern within the namespace that it names."""
    named = max((mount.namespace for mount in mounts if pattern.startswith(mount.namespace)), key=len, default="")
    return pattern[len(named) :]


def _secret_areas(mount: Mount) -> tuple[str, ...]:
    if mount.type == "kv":
        return ("data/",) if mount.version == 2 else ("",)
    if mount.type in ENGINES:
        return tuple(f"{roles.hand_out_at}/" for roles in ENGINES[mount.type])
    if mount.type == "transit":
        return ("decrypt/", "sign/", "export/")
    return ("code/",) if mount.type == "totp" else ()


def _gives(pattern: str, mounts: Sequence[Mount]) -> list[_Gives]:
    """Return what the operations give at each mount that the pattern lies in; the usual where it spans several."""
    found = []
    for mount in mounts:
        area = _area(pattern, mount)
        if area is not None:
            found.append(_at(mount, area))
    return found or [_USUAL]


def _area(pattern: str, mount: Mount) -> str | None:
    """Return the part of a mount that a pattern lies in, its first segment; None where it lies elsewhere or spans."""
    segments = pattern.split("/")
    own = mount.name.rstrip("/").split("/")
    if len(segments) <= len(own):
        return None
    # Only a star at the end can stand for several segments, and it is behind these.
    if any(mine != told and told != "+" for mine, told in zip(own, segments, strict=False)):
        return None
    return segments[len(own)]


def _at(mount: Mount, area: str) -> _Gives:
    if mount.type == "kv" and mount.version == 2:
        return _KV2.get(area, _USUAL)
    if mount.type == "transit":
        whole = area in ("*", "+", "")
        return _TRANSIT["" if whole else area] if whole or area in _TRANSIT else _USES
    if mount.type in ENGINES or mount.type == "pki":
        return _HANDS_OUT if area in _HANDING else _USUAL if area in ("*", "+") else _NAMES
    if mount.type == "totp":
        return _USUAL if area in ("code", "*", "+") else _NAMES
    return _USUAL


def _told(
    principal: str, name: str, rule: PathRule, pattern: str, capabilities: frozenset[Capability], whole: bool
) -> Iterator[GrantRecord]:
    words = f'policy {name}: path "{rule.path}" {{{", ".join(rule.capabilities)}}}'
    writing = capabilities & {_W, _D, _M} if rule.write_conditions else frozenset()
    parts = [(capabilities - writing, rule.conditions)]
    if writing:
        parts.append((writing, (*rule.conditions, *rule.write_conditions)))
    for some, conditions in parts:
        yield GrantRecord(
            principal,
            pattern,
            Matching.VAULT,
            tuple(each for each in _ORDER if each in some),
            words,
            deny=rule.denies,
            # Names alone open nothing.
            wildcard=whole and not rule.denies and bool(some - {_L}),
            condition="; ".join(conditions),
        )


__all__ = ["capabilities_of", "covers_a_mount", "grants_of", "root_grant"]
