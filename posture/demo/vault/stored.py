"""What Halden keeps in its vault: which secrets, of what kind and age, and which values stand elsewhere too."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from posture.demo.shelf import SHELF, Plan

PRODUCTION, STAGING, DEVELOPMENT, LEGACY = "kv-prod", "kv-staging", "kv-dev", "legacy"
MOUNTS = {PRODUCTION: 2, STAGING: 2, DEVELOPMENT: 2, LEGACY: 1}
"""Key-value stores, each with its version."""


@dataclass(frozen=True)
class Stored:
    """One secret of a key-value store."""

    mount: str
    path: str
    key: str
    kind: str
    """How its value is drawn, a kind of `posture.demo.values`."""
    ages: tuple[float, ...]
    """Days since each version was written, the oldest first; a store of version 1 has one, and tells no time."""
    value: str = ""
    """Name of the value that one version holds; equal names are equal values, planted ones stand in repositories."""
    version: int = 0
    """Which version holds it, counted from 1; 0 is the newest."""
    beside: dict[str, str] = field(default_factory=dict)
    """What stands there without being secret."""
    labels: dict[str, str] = field(default_factory=dict)
    """Its custom metadata."""
    ends_in_hours: int = 0
    """After how long the store deletes it."""

    def value_of(self, version: int) -> str:
        """Return the name of a version's value."""
        named = self.value and version == (self.version or len(self.ages))
        return self.value if named else f"{self.mount}/{self.path}#{version}"


def stored() -> tuple[Stored, ...]:
    """Return everything that the key-value stores hold, each path once; what a story needs comes before the rest."""
    found: dict[tuple[str, str], Stored] = {}
    for each in (*STORIES, *_routine(), *_legacy()):
        found.setdefault((each.mount, each.path), each)
    return tuple(found.values())


def _story(where: str, key: str, kind: str, ages: tuple[float, ...], value: str, version: int = 0) -> Stored:
    mount, _, path = where.partition("/")
    return Stored(mount, path, key, kind, ages, value, version)


_PASSWORD, _TOKEN, _KEY = "generic-password", "generic-secret", "private-key"
STORIES = (
    # In use, and in a repository too: to be changed now.
    _story("kv-prod/payments/payments-web/stripe", "key", "stripe-secret-key", (410, 141), "stripe-live"),
    _story("kv-prod/payments/payments-api/mail", "password", _PASSWORD, (302,), "smtp-receipts"),
    _story("kv-prod/payments/settlement-batch/bank-sftp", "private_key", _KEY, (61,), "bank-sftp-key"),
    _story("kv-prod/payments/ledger/reader", "password", _PASSWORD, (420, 231), "ledger-reader"),
    _story("kv-prod/checkout/checkout-api/settlement", "token", _TOKEN, (190,), "settlement-token"),
    _story("kv-prod/data/retail-export/storage", "key", "azure-storage-account-key", (95,), "retail-storage"),
    _story("kv-prod/data/warehouse-loader/metrics", "api_key", "datadog-api-key", (272,), "loader-datadog"),
    _story("kv-prod/mobile/mobile-android/upload-key", "private_key", _KEY, (510,), "android-upload-key"),
    _story("kv-prod/platform/dashboards/grafana", "token", "grafana-service-account-token", (59,), "shared-grafana"),
    _story("kv-dev/identity/identity-login/captcha", "key", "google-cloud-api-key", (66,), "login-captcha"),
    # Nobody dares to change it.
    _story("kv-prod/platform/cloud/break-glass", "password", _PASSWORD, (515,), ""),
    # Changed since: what stands in the repository is an older version.
    _story("kv-prod/payments/payments-web/hooks", "secret", "stripe-webhook-secret", (200, 64), "hook-signing", 1),
    _story("kv-staging/payments/payments-api/database", "url", "database-url", (255, 118, 22),
           "payments-staging-db", 1),
    _story("kv-prod/checkout/storefront/packages", "token", "npm-access-token", (200, 22), "storefront-npm", 1),
    _story("kv-prod/logistics/depot-scanner/storage", "key", "azure-storage-account-key", (300, 127),
           "scanner-storage", 1),
    _story("kv-prod/data/events-batch/account", "private_key", "service-account-key", (151, 42), "events-account", 1),
    _story("kv-prod/shared/partners/acme", "password", _PASSWORD, (400, 31), "partner-acme", 1),
    # One value in several places.
    _story("kv-staging/payments/payments-api/mail", "password", _PASSWORD, (298,), "smtp-receipts"),
    _story("kv-prod/data/warehouse-loader/ledger", "password", _PASSWORD, (229,), "ledger-reader"),
    _story("kv-prod/data/warehouse-loader/database", "password", _PASSWORD, (640, 305), "warehouse-db"),
    _story("kv-staging/data/warehouse-loader/database", "password", _PASSWORD, (290,), "warehouse-db"),
    _story("kv-dev/data/warehouse-loader/database", "password", _PASSWORD, (189,), "warehouse-db"),
    _story("kv-staging/platform/dashboards/grafana", "token", "grafana-service-account-token", (58,), "shared-grafana"),
    _story("kv-prod/marketing-sites/campaign-site/mail", "key", "sendgrid-api-key", (103,), "campaign-mail"),
    _story("kv-dev/marketing-sites/campaign-site/mail", "key", "sendgrid-api-key", (101,), "campaign-mail"),
    _story("kv-staging/identity/identity-proxy/session", "secret", _TOKEN, (350,), "session-below-production"),
    _story("kv-dev/identity/identity-proxy/session", "secret", _TOKEN, (349,), "session-below-production"),
    _story("kv-staging/logistics/route-planner/database", "password", _PASSWORD, (160,), "planner-below-production"),
    _story("kv-dev/logistics/route-planner/database", "password", _PASSWORD, (160,), "planner-below-production"),
)  # fmt: skip
_SERVICES = tuple(
    plan
    for plan in SHELF
    if plan.stack is not None and plan.repository.team and plan.repository.name != "payments-docs"
)
_THINGS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("database", "password", _PASSWORD, {"kind": "database-password"}),
    ("session", "secret", _TOKEN, {}),
    ("partner-api", "token", _TOKEN, {"kind": "platform-token"}),
    ("storage", "key", "azure-storage-account-key", {"kind": "storage-key"}),
)
"""What a service usually has: its name in the vault, the key, how it is drawn, and its labels."""


def _routine() -> Iterator[Stored]:
    """Yield what services have without a story: most in production, fewer below."""
    for at, plan in enumerate(_SERVICES):
        things = [_THINGS[0], _THINGS[1 + at % 3], *([_THINGS[2]] if at % 4 == 0 else [])]
        for name, key, kind, labels in things:
            for mount in (PRODUCTION, STAGING, DEVELOPMENT):
                path = f"{plan.repository.team}/{plan.repository.name}/{name}"
                dice = random.Random(f"{mount}/{path}")  # noqa: S311 - decides ages, no values
                if mount == PRODUCTION or dice.random() < (0.7 if mount == STAGING else 0.45):
                    yield _usual(plan, mount, path, key, kind, labels, dice)


def _usual(
    plan: Plan, mount: str, path: str, key: str, kind: str, labels: dict[str, str], dice: random.Random
) -> Stored:
    beside = {"username": plan.repository.name, "host": f"{plan.repository.name}.{mount[3:]}.halden.example"}
    said = dict(labels)
    if dice.random() < 0.4:
        said["owner"] = str(plan.repository.team)
    return Stored(
        mount,
        path,
        key,
        kind,
        _ages(dice, str(plan.repository.team), mount),
        beside=beside if key == "password" else {},
        labels=said,
        ends_in_hours=dice.choice((200, 700)) if mount == DEVELOPMENT and dice.random() < 0.15 else 0,
    )


_IN_TIME = {
    "identity": 0.97,
    "checkout": 0.9,
    "platform": 0.85,
    "mobile": 0.8,
    "marketing-sites": 0.7,
    "payments": 0.72,
    "data": 0.55,
    "logistics": 0.5,
}
"""How much of what a team keeps in production it changes in time."""


def _ages(dice: random.Random, team: str, mount: str) -> tuple[float, ...]:
    """Return the ages of a secret's versions: some are changed in time, some fall due soon, some were forgotten."""
    lot = dice.random() * (1.0 if mount == PRODUCTION else 1.1) / _IN_TIME[team]
    if lot < 0.6:
        newest, count = dice.uniform(2, 60), dice.randint(2, 6)
    elif lot < 1:
        newest, count = dice.uniform(55, 88), dice.randint(1, 4)
    elif lot < 1.4:
        newest, count = dice.uniform(93, 260), dice.randint(1, 2)
    else:
        newest, count = dice.uniform(370, 1100), 1
    days = [newest]
    while len(days) < count:
        days.append(days[-1] + dice.uniform(55, 92))
    return tuple(round(each, 2) for each in reversed(days))


_OLD = (
    ("logistics/maps", "key", "google-cloud-api-key", "tracker-maps"),
    ("mirror/gitlab", "token", "gitlab-pat", "mirror-gitlab"),
    ("mirror/deploy-key", "private_key", _KEY, ""),
    ("payments/old-gateway", "password", _PASSWORD, ""),
    ("payments/bank-portal", "password", _PASSWORD, ""),
    ("shared/smtp", "password", _PASSWORD, ""),
    ("shared/license-server", "token", _TOKEN, ""),
    ("warehouse/ftp", "password", _PASSWORD, ""),
    ("warehouse/oracle", "password", _PASSWORD, ""),
    ("office/wifi", "password", _PASSWORD, ""),
    ("office/printer", "password", _PASSWORD, ""),
    ("jenkins/deploy", "token", _TOKEN, ""),
)


def _legacy() -> Iterator[Stored]:
    """Yield what nobody moved out of the first store, which keeps no times."""
    for path, key, kind, value in _OLD:
        yield Stored(LEGACY, path, key, kind, (0,), value)


__all__ = ["DEVELOPMENT", "LEGACY", "MOUNTS", "PRODUCTION", "STAGING", "Stored", "stored"]
