"""Halden's engines: certificates of which some end soon, keys that stay inside, and accounts made on request."""

from __future__ import annotations

from datetime import datetime

from posture.demo.vault.ages import age_keys
from posture.demo.vault.api import VaultAPI

_CERTIFICATES = (
    ("pay.halden.example", 4, 86),
    ("shop.halden.example", 19, 71),
    ("routes.halden.example", 41, 49),
    ("ledger.internal.halden.example", 2, 196),
    ("warehouse.internal.halden.example", 110, 88),
    ("login.halden.example", 77, 13),
    ("gateway.internal.halden.example", 290, 75),
)
"""Name, days until its end, and days since its beginning."""
_KEYS: tuple[tuple[str, str, int, tuple[float, ...]], ...] = (
    ("card-numbers", "aes256-gcm96", 0, (700, 610, 240)),
    ("ledger-signing", "ed25519", 0, (820,)),
    ("sessions", "aes256-gcm96", 90, (170, 85)),
    ("parcel-labels", "aes256-gcm96", 30, (130, 100, 70)),
    ("receipts", "ecdsa-p256", 0, (60,)),
)
"""Name, type, days after which it is to change by itself, and days since each version."""
_DATABASES: tuple[tuple[str, str, str], ...] = (
    ("ledger-reporting", "1h", "24h"),
    ("warehouse-analyst", "8h", "24h"),
    ("orders-migration", "30m", "2h"),
    ("planner-support", "2h", "12h"),
)
"""Role, how long its accounts live, and how long at most."""


def add_certificates(api: VaultAPI) -> None:
    """Mount the company's own authority and issue what its services use."""
    api("POST", "sys/mounts/pki", {"type": "pki", "config": {"max_lease_ttl": "43800h"}})
    api("POST", "pki/root/generate/internal", {"common_name": "Halden internal authority", "ttl": "43800h"})
    for name, ends, begun in _CERTIFICATES:
        role = "services" if begun < 90 else f"services-{begun}-days"
        facts = {"allowed_domains": "halden.example", "allow_subdomains": True, "max_ttl": "9000h"}
        api("POST", f"pki/roles/{role}", facts | {"not_before_duration": f"{begun * 24}h"})
        api("POST", f"pki/issue/{role}", {"common_name": name, "ttl": f"{ends * 24 + 6}h"})


def add_keys(api: VaultAPI, now: datetime) -> None:
    """Mount the engine for keys that never leave it."""
    api("POST", "sys/mounts/transit", {"type": "transit"})
    for name, kind, period, ages in _KEYS:
        api("POST", f"transit/keys/{name}", {"type": kind, "auto_rotate_period": f"{period * 24}h" if period else "0"})
        for _ in ages[1:]:
            api("POST", f"transit/keys/{name}/rotate", {})
    age_keys(api, {name: ages for name, _, _, ages in _KEYS}, now)


def add_databases(api: VaultAPI) -> None:
    """Mount the engine that makes accounts on request; its database is not there, so that it has no live leases."""
    api("POST", "sys/mounts/database", {"type": "database"})
    api(
        "POST",
        "database/config/production",
        {
            "plugin_name": "postgresql-database-plugin",
            "connection_url": "postgresql://{{username}}@db.prod.halden.example:5432/postgres",
            "username": "vault",
            "allowed_roles": [name for name, _, _ in _DATABASES],
            "verify_connection": False,
        },
    )
    for name, usual, longest in _DATABASES:
        api(
            "POST",
            f"database/roles/{name}",
            {
                "db_name": "production",
                "creation_statements": [
                    "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'"
                ],
                "default_ttl": usual,
                "max_ttl": longest,
            },
        )


__all__ = ["add_certificates", "add_databases", "add_keys"]
