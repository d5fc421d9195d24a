"""Who can read a secret, asked for one and counted for all: both say the same, whatever leads where."""

import random
from collections import Counter

import pytest

from inventory.effective_access import readers_of
from inventory.models import Principal, Secret
from inventory.services import count_readers
from inventory.store_records import Capability, GrantRecord, Matching, PrincipalKind, PrincipalRecord
from tests.inventory.test_store_sync import collect, stored
from tests.inventory.test_sync import script
from tests.scripted import done

PATHS = ["pay/db", "pay/api", "web/db", "web/deep/key", "top"]
PATTERNS = [
    "*",
    "kv/*",
    "kv/data/*",
    "kv/data/pay/*",
    "kv/data/+/db",
    "kv/data/web/deep/key",
    "kv/metadata/*",
    "kv/data/to*",
]


def organisation(chance):
    """Yield policies, groups in circles and identities that have some of both."""
    policies = [f"policy/{number}" for number in range(8)]
    groups = [f"group/{number}" for number in range(4)]
    for policy in policies:
        yield PrincipalRecord(policy, PrincipalKind.ROLE, policy)
        for pattern in chance.sample(PATTERNS, 2):
            given = (Capability.READ,) if chance.random() < 0.7 else (Capability.LIST,)
            deny = chance.random() < 0.2
            condition = "at night" if chance.random() < 0.2 else ""
            rule = f'path "{pattern}"'
            yield GrantRecord(policy, pattern, Matching.VAULT, given, rule, deny=deny, condition=condition)
    for group in groups:
        member_of = (*chance.sample(policies, 2), chance.choice(groups))
        yield PrincipalRecord(group, PrincipalKind.GROUP, group, member_of=member_of)
    for number in range(30):
        kind = chance.choice([PrincipalKind.HUMAN, PrincipalKind.WORKLOAD, PrincipalKind.TOKEN])
        member_of = tuple(chance.sample([*policies, *groups], chance.randint(0, 3)))
        enabled = chance.choice([None, True, True, False])
        yield PrincipalRecord(f"who/{number}", kind, str(number), member_of=member_of, enabled=enabled)


@pytest.mark.parametrize("seed", range(5))
def test_the_count_of_readers_is_the_number_of_those_who_surely_are(scripted, source, seed):
    script(scripted, *map(stored, PATHS), *organisation(random.Random(seed)), done())
    collect(source)

    count_readers()

    secrets = Secret.objects.select_related("asset")
    sure = {
        secret.path: sum(reader.allowed.can(Capability.READ) is True for reader in readers_of(secret))
        for secret in secrets
    }
    assert dict(Secret.objects.values_list("path", "readers")) == sure
    assert len(set(sure.values())) > 1


@pytest.mark.parametrize("seed", range(4))
def test_what_a_principal_can_read_is_what_its_secrets_say(scripted, source, seed):
    chance = random.Random(seed)
    script(scripted, *[stored(path, "1") for path in PATHS], *organisation(chance), done())
    collect(source)

    count_readers()

    certain = Counter(
        reader.principal
        for secret in Secret.objects.all()
        for reader in readers_of(secret)
        if reader.allowed.can(Capability.READ) is True
    )
    reached = Principal.objects.identities().exclude(enabled=False).exclude(reads=None)
    assert reached.exists()
    assert {row.pk: row.reads for row in reached if row.reads} == dict(certain)


def test_admin_and_wildcard_reach_through_groups_and_what_nothing_reaches_is_not_known(scripted, source):
    def principal(name, kind=PrincipalKind.WORKLOAD, *member_of):
        return PrincipalRecord(name, kind, name, member_of=member_of)

    root = (Capability.READ, Capability.ADMIN)
    script(
        scripted,
        stored("pay/db", "1"),
        principal("policy/root", PrincipalKind.ROLE),
        principal("policy/all", PrincipalKind.ROLE),
        principal("group", PrincipalKind.GROUP, "policy/root"),
        principal("ann", PrincipalKind.HUMAN, "group"),
        principal("app", PrincipalKind.WORKLOAD, "policy/all"),
        principal("nobody"),
        GrantRecord("policy/root", "*", Matching.VAULT, root, "root", wildcard=True),
        GrantRecord("policy/all", "kv/data/*", Matching.VAULT, (Capability.READ,), "all", wildcard=True),
        done(),
    )
    collect(source)

    count_readers()

    told = {row.name: (row.admin, row.wildcard, row.reads) for row in Principal.objects.all()}
    assert told == {
        "policy/root": (True, True, None),
        "policy/all": (False, True, None),
        "group": (True, True, None),
        "ann": (True, True, 1),
        "app": (False, True, 1),
        "nobody": (None, None, None),
    }
