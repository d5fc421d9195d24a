"""Whether a value is still accepted, by the pure rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inventory.validity import Kept, Known, Says, Verdict, VersionFacts, Word, judge, of_access_key, of_holding

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
FRESH = timedelta(hours=24)
READ = NOW - timedelta(hours=2)
KEY = Kept(1, "aws", "iam/user/ann/access-key/ID", "cloud-key", READ, enabled=False, complete_at=READ)


def days_ago(number):
    return NOW - timedelta(days=number)


def word_of(*says, before=None):
    return judge(Known(own=says, before=before), NOW, FRESH)


def test_a_key_that_its_account_switched_off_is_dead_as_of_the_read():
    word = word_of(of_access_key([KEY]))

    assert (word.verdict, word.at, word.secret, word.until) == (Verdict.INVALID, READ, 1, READ + FRESH)


def test_a_key_told_off_by_a_read_that_did_not_come_to_its_end_is_not_known():
    assert word_of(of_access_key([replace(KEY, complete_at=None)])).verdict == Verdict.UNKNOWN
    assert word_of(of_access_key([replace(KEY, complete_at=days_ago(1))])).verdict == Verdict.UNKNOWN


def test_a_deleted_key_stays_dead_for_good():
    word = word_of(of_access_key([replace(KEY, enabled=True, gone_at=days_ago(90))]))

    assert (word.verdict, word.at, word.until) == (Verdict.INVALID, days_ago(90), None)


def test_a_key_of_a_renamed_user_is_alive_though_the_old_name_is_gone():
    records = [replace(KEY, secret=1, gone_at=READ), replace(KEY, secret=2, enabled=True)]

    word = word_of(of_access_key(records))

    assert (word.verdict, word.secret) == (Verdict.VALID, 2)


def test_an_account_that_is_not_listed_any_more_proves_nothing():
    assert word_of(of_access_key([replace(KEY, lost=True)])).verdict == Verdict.UNKNOWN


@pytest.mark.parametrize("enabled", [True, False])
def test_what_was_not_read_again_in_time_is_not_known_any_more(enabled):
    old = replace(KEY, enabled=enabled, seen_at=days_ago(3), complete_at=days_ago(3))
    before = judge(Known(own=(of_access_key([old]),)), days_ago(3), FRESH)

    word = word_of(of_access_key([old]), before=before)

    assert (word.verdict, word.at) == (Verdict.UNKNOWN, days_ago(3))
    assert word.reason.startswith("Not known since 2026-05-29")
    assert word_of(of_access_key([old]), before=word) == word


def says(accepted, secret=1):
    return Says(accepted, "so it says", READ, secret)


@pytest.mark.parametrize(
    ("beside", "verdict"),
    [
        ([False], Verdict.INVALID),
        ([False, False], Verdict.INVALID),
        ([False, True], Verdict.UNKNOWN),
        ([False, None], Verdict.UNKNOWN),
        ([True], Verdict.VALID),
    ],
)
def test_a_secret_beside_several_key_ids_is_dead_only_with_all_of_them(beside, verdict):
    word = judge(Known(beside=tuple(map(says, beside)), issuer_is_read=True), NOW, FRESH)

    assert word.verdict == verdict


def test_what_no_source_could_tell_cannot_be_checked():
    assert judge(Known(), NOW, FRESH).verdict == Verdict.CANNOT_CHECK
    assert judge(Known(issuer_is_read=True), NOW, FRESH).verdict == Verdict.UNKNOWN


def test_w27_a_guessable_value_of_several_teams_is_not_judged():
    word = judge(Known(own=(says(False),), told_apart=False), NOW, FRESH)

    assert (word.verdict, word.at, word.secret) == (Verdict.CANNOT_CHECK, None, None)


ROTATED = Kept(
    *(5, "aws", "secretsmanager/eu-central-1/pay", "database-password", READ),
    auto_rotated=True,
    rotation_failed=False,
    attributes={"Last rotation": days_ago(1).isoformat()},
    complete_at=READ,
)
OLD, BETWEEN, NEW = (
    VersionFacts("a", "superseded", days_ago(60)),
    VersionFacts("b", "superseded", days_ago(30)),
    VersionFacts("c", "current", days_ago(2)),
)


def of_rotated(kept=ROTATED, version=OLD, versions=(OLD, BETWEEN, NEW), *, standing=False):
    return of_holding(kept, version, versions, standing=standing, private_key=False)


def test_two_rotations_by_the_store_itself_leave_a_value_dead():
    assert (of_rotated().accepted, of_rotated().lasts) == (False, True)


@pytest.mark.parametrize(
    "changed",
    [
        {"version": BETWEEN},
        {"standing": True},
        {"kept": replace(ROTATED, rotation_failed=True)},
        {"kept": replace(ROTATED, complete_at=days_ago(2))},
        {"kept": replace(ROTATED, attributes={"Last rotation": days_ago(20).isoformat()})},
        {"kept": replace(ROTATED, attributes={})},
    ],
)
def test_a_rotation_that_may_have_left_the_value_working_proves_nothing(changed):
    assert of_rotated(**changed).accepted is None


def test_a_value_superseded_in_a_store_alone_is_not_dead():
    copy = replace(ROTATED, auto_rotated=False)
    vault = Kept(6, "vault", "pay/db", "generic-secret", READ, complete_at=READ)

    assert of_rotated(copy) is None
    assert of_rotated(vault) is None
    assert of_rotated(replace(vault, enabled=False, gone_at=READ)) is None


def token(state="current", **facts):
    attributes = {"Type": "kubernetes.io/service-account-token"}
    kept = Kept(7, "kubernetes", "build", "platform-token", READ, attributes=attributes, complete_at=READ)
    version = VersionFacts("1", state)
    return of_holding(replace(kept, **facts), version, [version], standing=False, private_key=False)


def test_a_service_accounts_token_lives_as_long_as_the_cluster_keeps_it():
    assert token().accepted is True
    assert token("superseded").accepted is False
    assert token(enabled=False).accepted is False
    assert (token(gone_at=READ).accepted, token(gone_at=READ).lasts) == (False, True)
    assert token("superseded", complete_at=None).accepted is None


def test_a_private_key_dies_with_the_certificate_for_it():
    kept = Kept(8, "kubernetes", "tls", "certificate", READ, expires_at=days_ago(1), complete_at=READ)
    version = VersionFacts("1", "current")

    def of(kept, *, private_key=True):
        return of_holding(kept, version, [version], standing=True, private_key=private_key)

    assert of(kept).accepted is False
    assert of(replace(kept, expires_at=NOW)).accepted is True
    assert of(replace(kept, complete_at=None)).accepted is None
    assert of(kept, private_key=False) is None


def static_role(number="1 app", state="superseded", current="2 app", *, standing=False, **facts):
    kept = Kept(9, "vault", "static-creds/app", "database-password", READ, complete_at=READ)
    versions = [VersionFacts(number, state), VersionFacts(current, "current")]
    return of_holding(replace(kept, **facts), versions[0], versions, standing=standing, private_key=False)


def test_a_password_that_its_engine_changed_is_dead():
    assert (static_role().accepted, static_role().lasts) == (False, True)
    assert static_role("2 app", "current").accepted is True


def test_an_engine_that_changed_another_accounts_password_proves_nothing():
    assert static_role(current="2 other").accepted is None
    assert static_role(standing=True).accepted is None
    assert static_role(complete_at=None).accepted is None
    assert static_role("2 app", "current", gone_at=READ).accepted is None


def test_a_word_of_which_nothing_is_known_yet_is_no_date():
    word = judge(Known(issuer_is_read=True, before=Word(Verdict.CANNOT_CHECK, "")), NOW, FRESH)

    assert (word.verdict, word.at) == (Verdict.UNKNOWN, None)
