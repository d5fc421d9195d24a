"""The size test of the page of reuse: 100,000 stored secrets that hold 20,000 values, 5,000 identities.

Run by hand, on a quiet machine, with a data folder (or a database) of its own:

    POSTURE_DATA_DIR=$(mktemp -d) python -m tests.bench.reuse_at_size [--secrets N --values N --identities N]

It prints how long the pipeline takes to work out the spread of every value, and for the page, its narrowed lists and
an empty page of the same process the median and the slowest of many requests, with their time of the processor, which
other work on the machine does not lengthen as much, and their queries.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import statistics
import time

import django

ENVIRONMENTS = ("production", "staging", "test", "development", "")
TEAMS, AT_ONCE, TIMES = 100, 5_000, 15
PAGES = (
    ("the empty page", "/help/"),
    ("reuse", "/reuse/"),
    ("reuse, a cell", "/reuse/?environment=production&environment=staging"),
    ("reuse, exposed", "/reuse/?exposed=yes"),
    ("reuse, one team", "/reuse/?team=team-7"),
    ("access, a cell", "/access/?environments=production,staging"),
)


def main():
    """Build, work out, measure."""
    parser = argparse.ArgumentParser()
    for name, number in (("secrets", 100_000), ("values", 20_000), ("identities", 5_000)):
        parser.add_argument(f"--{name}", type=int, default=number)
    sizes = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posture.settings")
    os.environ.setdefault("POSTURE_ALLOWED_HOSTS", "testserver")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    overseer, member = build(sizes)
    from inventory.services import work_out_severities

    started = time.perf_counter()
    work_out_severities()
    print(f"work out severities and spread: {time.perf_counter() - started:.1f} s")
    for who, user in (("everything", overseer), ("one team", member)):
        measure(who, user)


def build(sizes):
    """Make the rows; returns somebody who sees everything and somebody of one team."""
    from inventory import models
    from tests.factories import AssetFactory, EngineerFactory, MembershipFactory, TeamFactory

    chance = random.Random(20261124)
    teams = [TeamFactory(slug=f"team-{number}") for number in range(TEAMS)]
    assets = [AssetFactory(kind="mount", team=team) for team in teams]
    values = [
        models.Credential(
            fingerprint=hashlib.sha256(str(number).encode()).hexdigest(),
            key_id="0123456789ab",
            rule="stored-secret",
            provider="generic",
            kind="generic-secret",
            confidence="high",
            weak=number % 10 == 0,
        )
        for number in range(sizes.values)
    ]
    models.Credential.objects.bulk_create(values, AT_ONCE)
    stored = [
        models.Secret(
            asset=assets[number % TEAMS],
            team=teams[number % TEAMS],
            path=f"app-{number // TEAMS}/secret-{number}",
            address=f"kv/{number}",
            environment=chance.choice(ENVIRONMENTS),
            evidence={"created_at": "a store says so " * 8},
            policy_due=False,
        )
        for number in range(sizes.secrets)
    ]
    models.Secret.objects.bulk_create(stored, AT_ONCE)
    versions = [
        models.Version(secret=secret, number=str(number), state=state, read_key="0123456789ab")
        for secret in stored
        for number, state in enumerate(("superseded", "current"))
    ]
    models.Version.objects.bulk_create(versions, AT_ONCE)
    models.Holding.objects.bulk_create(
        (models.Holding(version=version, key="password", credential=chance.choice(values)) for version in versions),
        AT_ONCE,
    )
    models.Exposure.objects.bulk_create(exposures(sizes, chance, values, assets, teams), AT_ONCE)
    models.Principal.objects.bulk_create(
        (
            models.Principal(
                asset=assets[number % TEAMS],
                team=teams[number % TEAMS],
                external_id=f"identity-{number}",
                name=f"identity-{number}",
                kind="workload",
                reads=1,
                reads_in=sorted(chance.sample(ENVIRONMENTS, chance.randint(1, 3))),
            )
            for number in range(sizes.identities)
        ),
        AT_ONCE,
    )
    return EngineerFactory(), MembershipFactory(team=teams[7]).user


def exposures(sizes, chance, values, assets, teams):
    """Yield one exposure for each value."""
    from django.utils import timezone

    from inventory.models import Exposure

    now = timezone.now()
    for number, value in enumerate(values):
        path = f"config/{number}.env"
        yield Exposure(
            asset=assets[number % TEAMS],
            team=teams[number % TEAMS],
            credential=value,
            rule=value.rule,
            path=path,
            path_digest=hashlib.sha256(path.encode()).hexdigest(),
            place=chance.choice(("tip", "history")),
            weak=value.weak,
            first_at=now,
            latest_at=now,
            first_line=1,
            latest_line=1,
        )


def measure(who, user):
    """Ask for every page many times."""
    from django.db import connection
    from django.test import Client

    client = Client()
    client.force_login(user)
    for label, address in PAGES:
        if who == "one team" and "team=" in address:
            continue
        client.get(address)
        connection.force_debug_cursor = True
        connection.queries_log.clear()
        answer = client.get(address)
        queries = len(connection.queries_log)
        connection.force_debug_cursor = False
        assert answer.status_code == 200, (address, answer.status_code)
        taken, worked = [], []
        for _ in range(TIMES):
            started, busy = time.perf_counter(), time.process_time()
            client.get(address)
            taken.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - busy) * 1000)
        middle, slowest, busy = statistics.median(taken), max(taken), statistics.median(worked)
        print(
            f"{who:10}  {label:16} {middle:6.0f} ms, at most {slowest:6.0f} ms, of the processor {busy:4.0f} ms, "
            f"{queries:2} queries"
        )


if __name__ == "__main__":
    main()
