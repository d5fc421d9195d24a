"""What the inventory makes of what a store tells."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from inventory.collector import CollectorError, LiveExposureRecord, SkipRecord
from inventory.effective_access import readers_of
from inventory.models import Credential, Exposure, Grant, Holding, Principal, Read, Secret, Source, Version
from inventory.services import count_readers, finish_runs, perform_read, request_run, start_run, work_out_due
from inventory.services.ownership import work_out_owners
from inventory.store_records import (
    Capability,
    GrantRecord,
    HeldRecord,
    Matching,
    PrincipalKind,
    PrincipalRecord,
    SecretKind,
    SecretRecord,
    VersionRecord,
    VersionState,
)
from inventory.sync import known_versions, storable
from posture.accounts.visibility import visible
from tests.factories import MembershipFactory, TeamFactory, UserFactory
from tests.inventory.test_sync import script
from tests.scripted import done, finding, found, standing

MADE = datetime(2026, 1, 5, 12, tzinfo=UTC)
KEY = "0123456789ab"


def collect(source):
    run = request_run(source=source, trigger="command")
    start_run(run.pk)
    for read in run.reads.all():
        perform_read(read.pk)
    finish_runs()
    run.refresh_from_db()
    return run


def stored(path="pay/db", *numbers, **facts):
    versions = [VersionRecord(number, VersionState.SUPERSEDED, MADE) for number in numbers]
    if versions:
        versions[-1] = replace(versions[-1], state=VersionState.CURRENT)
    return SecretRecord(path, address=f"kv/data/{path}", created_at=MADE, versions=tuple(versions), **facts)


def reading(record, name="value"):
    """Say the same of a secret with its current value read."""
    held = (HeldRecord("password", finding(name)),)
    return replace(record, versions=(*record.versions[:-1], replace(record.versions[-1], key_id=KEY, held=held)))


def can_read(who, pattern):
    return GrantRecord(who, pattern, Matching.VAULT, (Capability.READ,), f'path "{pattern}"')


def test_collecting_a_store_again_changes_nothing(scripted, source):
    script(
        scripted,
        reading(stored("pay/db", "1", "2")),
        PrincipalRecord("role/pay", PrincipalKind.ROLE, "pay"),
        PrincipalRecord("app/pay", PrincipalKind.WORKLOAD, "pay", member_of=("role/pay",)),
        can_read("role/pay", "kv/data/pay/*"),
        done(),
    )

    for _ in range(2):
        assert collect(source).status == "complete"

    counts = [model.objects.count() for model in (Secret, Version, Holding, Credential, Principal, Grant)]
    assert counts == [1, 2, 1, 1, 2, 1]
    assert [(row.number, row.state) for row in Version.objects.order_by("number")] == [
        ("1", "superseded"),
        ("2", "current"),
    ]


def test_a_value_in_a_repository_and_in_a_vault_is_one_managed_credential(scripted, source):
    script(scripted, *found("value", "a.py"), standing(tip=[("a.py", "value")]), done())
    script(scripted, reading(stored("pay/db", "7")), done(), asset="kv")

    collect(source)

    credential = Credential.objects.get()
    assert list(Credential.objects.managed()) == list(Credential.objects.current()) == [credential]
    holding = credential.holdings.get()
    assert (holding.version.secret.path, holding.version.number, holding.key) == ("pay/db", "7", "password")


def test_a_rotated_secret_leaves_its_old_value_superseded(scripted, source):
    script(scripted, reading(stored("pay/db", "1"), "old"), done())
    collect(source)
    script(scripted, reading(stored("pay/db", "1", "2"), "new"), done())

    collect(source)

    old, new = (Credential.objects.get(fingerprint=finding(name).fingerprint) for name in ("old", "new"))
    assert list(Credential.objects.superseded()) == [old]
    assert list(Credential.objects.current()) == [new]


def test_a_version_that_its_store_dropped_is_kept_as_superseded(scripted, source):
    script(scripted, reading(stored("pay/db", "1"), "old"), done())
    collect(source)
    script(scripted, stored("pay/db", "9"), done())

    collect(source)

    assert dict(Version.objects.values_list("number", "state")) == {"1": "superseded", "9": "current"}
    assert Credential.objects.superseded().count() == 1


def test_a_read_without_values_keeps_what_is_known_of_them(scripted, source):
    script(scripted, reading(stored("pay/db", "1")), done())
    collect(source)
    script(scripted, stored("pay/db", "1"), done())

    collect(source)

    assert Holding.objects.count() == 1
    assert list(known_versions(Secret.objects.get().asset)) == [("pay/db", "1", KEY)]


def test_a_value_that_is_not_there_any_more_is_held_no_more(scripted, source):
    script(scripted, reading(stored("pay/db", "1")), done())
    collect(source)
    emptied = stored("pay/db", "1")
    emptied = replace(emptied, versions=(replace(emptied.versions[0], key_id=KEY),))
    script(scripted, emptied, done())

    collect(source)

    assert not Holding.objects.exists()


@pytest.mark.parametrize("end", [[SkipRecord("403", "kv/")], []], ids=["partial", "cut"])
def test_j18_a_store_that_was_not_read_to_the_end_loses_nothing(scripted, source, end):
    script(
        scripted,
        stored("pay/db", "1"),
        PrincipalRecord("app/pay", PrincipalKind.WORKLOAD, "pay"),
        can_read("app/pay", "kv/*"),
        done(),
    )
    collect(source)
    script(scripted, stored("web/db", "1"), *end, done() if end else RuntimeError("cut"))

    collect(source)

    gone = [model.objects.exclude(gone_at=None).count() for model in (Secret, Principal, Grant)]
    assert gone == [0, 0, 0]
    assert Secret.objects.present().count() == 2


def test_a_complete_read_marks_what_left_the_store_as_gone_and_it_comes_back(scripted, source):
    everything = (
        stored("pay/db", "1"),
        PrincipalRecord("app/pay", PrincipalKind.WORKLOAD, "pay"),
        can_read("app/pay", "kv/*"),
        done(),
    )
    script(scripted, *everything)
    collect(source)
    script(scripted, done())
    collect(source)
    assert [model.objects.present().count() for model in (Secret, Principal, Grant)] == [0, 0, 0]

    script(scripted, *everything)
    collect(source)

    assert [model.objects.present().count() for model in (Secret, Principal, Grant)] == [1, 1, 1]


def test_a_live_place_is_an_exposure_without_a_commit(scripted, source):
    script(scripted, LiveExposureRecord("function/checkout#DB_PASSWORD", finding("value"), MADE), done())

    collect(source)

    row = Exposure.objects.at_tip().get()
    assert (row.place, row.first_commit, row.first_at) == ("live", "", MADE)


def test_a_grant_to_somebody_whom_the_store_does_not_list_is_told(scripted, source):
    script(scripted, can_read("ghost", "kv/*"), done())

    run = collect(source)

    assert run.status == "partial"
    assert [skip["what"] for read in run.reads.all() for skip in read.skipped] == ["ghost"]


def test_who_can_read_follows_links_and_the_most_specific_rule(scripted, source):
    script(
        scripted,
        stored("pay/db", "1"),
        stored("web/db", "1"),
        PrincipalRecord("policy/all", PrincipalKind.ROLE, "all"),
        PrincipalRecord("policy/no-pay", PrincipalKind.ROLE, "no-pay"),
        PrincipalRecord("group/ops", PrincipalKind.GROUP, "ops", member_of=("policy/all", "group/loop")),
        PrincipalRecord("group/loop", PrincipalKind.GROUP, "loop", member_of=("group/ops",)),
        PrincipalRecord("ann", PrincipalKind.HUMAN, "Ann", member_of=("group/ops",)),
        PrincipalRecord("bob", PrincipalKind.HUMAN, "Bob", member_of=("group/loop", "policy/no-pay")),
        PrincipalRecord("eve", PrincipalKind.HUMAN, "Eve", member_of=("policy/all",), enabled=False),
        can_read("policy/all", "kv/*"),
        GrantRecord(
            "policy/no-pay", "kv/data/pay/*", Matching.VAULT, tuple(Capability), 'path "kv/data/pay/*"', deny=True
        ),
        done(),
    )

    collect(source)
    count_readers()

    def names(path):
        secret = Secret.objects.get(path=path)
        return [Principal.objects.get(pk=reader.principal).name for reader in readers_of(secret)], secret.readers

    assert names("pay/db") == (["Ann"], 1)
    assert names("web/db") == (["Ann", "Bob"], 2)
    assert readers_of(Secret.objects.get(path="web/db"))[0].allowed.rules == ('path "kv/*"',)
    assert not Source.objects.owing_readers().exists()


def test_without_any_grant_told_nobody_knows_who_can_read(scripted, source):
    script(scripted, stored("pay/db", "1"), done())

    collect(source)
    count_readers()

    assert Secret.objects.get().readers is None


def test_a_secret_belongs_to_the_team_of_the_rule_for_its_path(scripted, source):
    pay = TeamFactory(slug="pay")
    pay.ownership_rules.create(match="secret:kv/pay/**", tier="critical", environment="production")
    script(scripted, stored("pay/db", "1"), stored("web/db", "1"), done(), asset="kv")
    member = UserFactory()
    MembershipFactory(team=pay, user=member)

    collect(source)
    work_out_owners()

    mine = visible(Secret.objects.all(), member).get()
    assert (mine.path, mine.tier, mine.environment, mine.owner_kind) == ("pay/db", "critical", "production", "rule")
    assert Secret.objects.unowned().get().path == "web/db"


def test_what_the_store_says_of_an_environment_beats_a_rule(scripted, source):
    TeamFactory(slug="pay").ownership_rules.create(match="secret:kv/**", environment="production")
    said = stored("pay/db", "1", environment="staging", evidence={"environment": "custom metadata"})
    script(scripted, said, stored("web/db", "1"), done(), asset="kv")

    collect(source)
    work_out_owners()

    assert dict(Secret.objects.values_list("path", "environment")) == {"pay/db": "staging", "web/db": "production"}


def test_a_secret_falls_due_by_its_age_or_its_own_end(scripted, source):
    soon = timezone.now() + timedelta(days=3)
    script(
        scripted,
        stored("old", "1"),
        stored("rotated", "1", rotated_at=timezone.now()),
        replace(stored("unknown"), created_at=None),
        stored("dynamic", ephemeral=True, kind=SecretKind.DYNAMIC),
        stored("certificate", kind=SecretKind.CERTIFICATE, expires_at=soon),
        stored("revoked", kind=SecretKind.CERTIFICATE, expires_at=soon, enabled=False),
        stored("off", enabled=False),
        done(),
    )

    collect(source)
    work_out_due()

    due = dict(Secret.objects.values_list("path", "due_at"))
    assert due["old"] == MADE + timedelta(days=90)
    assert due["rotated"] > timezone.now() + timedelta(days=89)
    assert (due["unknown"], due["dynamic"], due["certificate"]) == (None, None, soon)
    assert (due["revoked"], due["off"]) == (None, None)
    assert [row.path for row in Secret.objects.stale()] == ["old"]
    assert [row.path for row in Secret.objects.age_unknown()] == ["unknown"]
    assert Secret.objects.get(path="old").limit_reason


@pytest.mark.parametrize("fault", [CollectorError("It stopped."), RuntimeError("odd"), MemoryError()])
def test_what_was_read_before_a_fault_of_any_kind_is_kept(scripted, source, fault):
    script(scripted, stored("pay/db"), stored("pay/web"), done())
    collect(source)

    script(scripted, stored("pay/new"), fault)
    run = collect(source)

    assert run.status == "failed"
    assert set(Secret.objects.present().values_list("path", flat=True)) == {"pay/db", "pay/web", "pay/new"}


def test_rights_that_were_read_before_a_fault_hold_together(scripted, source):
    role, app = (PrincipalRecord(name, kind, name) for name, kind in (("role", "role"), ("app", "workload")))
    script(scripted, role, replace(app, member_of=("role",)), can_read("role", "kv/*"), CollectorError("It stopped."))

    collect(source)

    assert Grant.objects.get().principal.links_down.get().member.name == "app"
    assert source in Source.objects.owing_readers()


def test_a_read_that_breaks_off_after_another_took_it_over_changes_nothing(scripted, source, monkeypatch):
    def taken_over(context):
        yield stored("pay/db")
        Read.objects.update(fence=F("fence") + 1)
        Source.objects.update(readers_due_at=None)
        raise CollectorError("It stopped.")

    # All that came is written by then, so that nothing waits.
    monkeypatch.setattr("inventory.sync.read.BATCH", 1)
    script(scripted, done())
    scripted.reads["pay-api"] = taken_over

    collect(source)

    assert Read.objects.get().error == ""
    assert not Source.objects.owing_readers().exists()


def test_what_a_store_held_that_is_gone_is_gone_with_it_and_back_with_it(scripted, source):
    role = PrincipalRecord("role", PrincipalKind.ROLE, "role")
    app = PrincipalRecord("app", PrincipalKind.WORKLOAD, "app", member_of=("role",))
    script(scripted, stored("pay/db"), app, done(), asset="kv")
    script(scripted, role, can_read("role", "kv/*"), done(), asset="access")

    def there():
        return [model.objects.present().count() for model in (Secret, Principal, Grant)]

    collect(source)
    count_readers()
    assert there() == [1, 2, 1]
    assert Secret.objects.get().readers == 1

    kv, access = scripted.assets
    scripted.assets[:] = [access]
    collect(source)
    assert there() == [0, 1, 1]
    assert source in Source.objects.owing_readers()

    scripted.assets[:] = [kv]
    collect(source)
    assert there() == [1, 1, 0]
    count_readers()
    assert Secret.objects.get().readers is None

    scripted.assets[:] = [kv, access]
    collect(source)
    count_readers()
    assert there() == [1, 2, 1]
    assert Secret.objects.get().readers == 1


def test_a_list_of_stores_that_is_not_whole_empties_none(scripted, source):
    script(scripted, stored("pay/db"), done(), asset="kv")
    collect(source)
    scripted.assets[:] = [SkipRecord("403", "mounts")]

    collect(source)

    assert Secret.objects.present().count() == 1


def test_what_a_store_held_that_is_gone_is_rated_again(scripted, source):
    script(scripted, reading(stored("pay/db", "1")), done(), asset="kv")
    script(scripted, done())
    collect(source)
    Credential.objects.update(severity_due=False)
    scripted.assets.remove("kv")

    collect(source)

    assert Credential.objects.get().severity_due


def test_a_character_that_no_database_keeps_costs_no_batch(scripted, source):
    facts = {"attributes": {"Kind\0": ["odd\0"]}, "evidence": {"created_at": "said\0"}}
    who = PrincipalRecord("app", PrincipalKind.WORKLOAD, "pay\0ments", attributes={"Title": "\0"})
    script(scripted, stored(**facts), who, done())

    assert collect(source).status == "complete"

    assert Secret.objects.get().attributes == {"Kind\ufffd0000": ["odd\ufffd0000"]}
    assert Principal.objects.get().name == "pay\ufffd0000ments"


ODD = "a\0b\udc80c"


def test_g44_odd_characters_anywhere_in_a_record_refuse_no_batch_and_join_no_two_names(scripted, source):
    who = PrincipalRecord(ODD, PrincipalKind.WORKLOAD, ODD, member_of=(f"role{ODD}",))
    role = PrincipalRecord(f"role{ODD}", PrincipalKind.ROLE, ODD)
    grant = GrantRecord(f"role{ODD}", f"{ODD}*", Matching.GLOB, (Capability.READ,), ODD, condition=ODD)
    records = [who, role, grant, SkipRecord(ODD, ODD), done(cursor={ODD: ODD})]
    paths = ["a\0", "a\ufffd", "a\ufffd0000", "a\ufffdfffd0000", "a\ud800", "a"]
    script(scripted, *(stored(path, ODD, "2" * 300, "2" * 301) for path in paths), *records, asset=ODD)
    scripted.reads[storable(ODD)] = scripted.reads[ODD]

    run = collect(source)

    assert run.status == "partial"
    assert Secret.objects.count() == len(paths)
    assert Version.objects.count() == 3 * len(paths)
    assert Grant.objects.get().principal.links_down.get().member.kind == PrincipalKind.WORKLOAD


def test_g44_a_failure_told_with_odd_characters_is_kept(scripted, source):
    def broken(context):
        yield stored("pay/db")
        raise CollectorError(f"The server said {ODD}.")

    script(scripted, done())
    scripted.reads["pay-api"] = broken

    run = collect(source)

    assert "The server said" in run.reads.get().error


def test_an_address_that_no_column_holds_is_skipped(scripted, source):
    script(scripted, replace(stored("pay/db"), address="x" * 2001), stored("pay/web"), done())

    assert collect(source).status == "partial"
    assert [row.path for row in Secret.objects.all()] == ["pay/web"]
