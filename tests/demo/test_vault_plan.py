"""What the demo's vault is planned to hold, before any server is asked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from posture.demo.organisation import TEAMS
from posture.demo.stories import STORIES
from posture.demo.values import MAKERS
from posture.demo.vault.access import GROUPS, people, policies, workloads
from posture.demo.vault.planted import planted_values
from posture.demo.vault.stored import DEVELOPMENT, LEGACY, PRODUCTION, STAGING, stored
from posture.demo.vault.stored import STORIES as IN_THE_VAULT
from posture.demo.vault.wire import BYTES, VARINT, read_fields, timestamp, write_fields


def test_the_vault_holds_what_a_company_holds():
    mounts = Counter(each.mount for each in stored())

    assert 100 <= sum(mounts.values()) <= 200
    assert set(mounts) == {PRODUCTION, STAGING, DEVELOPMENT, LEGACY}
    assert all(each.kind in MAKERS for each in stored())
    assert {each.path.split("/")[0] for each in stored() if each.mount == PRODUCTION} >= {team.slug for team in TEAMS}


def test_ages_come_from_the_names_so_that_each_start_plans_the_same():
    assert stored() == stored()
    assert all(list(each.ages) == sorted(each.ages, reverse=True) for each in stored())


def test_what_stands_in_repositories_is_now_the_newest_version_and_now_an_older_one():
    names = {slot.value for story in STORIES for slot in story.slots.values()}
    planted = [each for each in IN_THE_VAULT if each.value in names]

    assert len({each.value for each in planted if each.version == 0}) >= 8
    assert len({each.value for each in planted if each.version}) >= 5
    assert names - {each.value for each in stored()}, "something must stay unmanaged"


def test_one_value_is_used_in_several_environments():
    places = Counter((each.value, each.mount) for each in stored() if each.value and not each.version)
    environments = Counter(value for value, _ in places)

    assert sum(count > 1 for count in environments.values()) >= 4


def test_policies_are_good_and_bad_and_everybody_has_known_ones():
    known = set(policies())

    assert any('path "*"' in text and '"sudo"' in text for text in policies().values())
    assert any('"deny"' in text for text in policies().values())
    for given in [*(each.policies for each in people()), *(each.policies for each in workloads()), *GROUPS.values()]:
        assert set(given) <= known
    assert {group for person in people() for group in person.groups} <= set(GROUPS)


def test_the_values_in_repositories_are_read_back(organisation, git):
    found = planted_values(organisation.root)

    assert set(found) == {slot.value for story in STORIES for slot in story.slots.values()}
    for story in STORIES:
        texts = list(git.versions(story.repository, story.path))
        for slot in story.slots.values():
            stands_there = any(found[slot.value][1] in text for text in texts)
            assert stands_there, story.path


def test_a_record_that_is_read_and_written_stays_the_same():
    inner = write_fields([(1, VARINT, 300), (2, BYTES, b"name")])
    record = write_fields([(1, BYTES, inner), (9, VARINT, 2**40), (401, VARINT, 1)])

    assert write_fields(read_fields(record)) == record
    assert list(read_fields(inner)) == [(1, VARINT, 300), (2, BYTES, b"name")]
    assert list(read_fields(timestamp(datetime(2026, 1, 1, tzinfo=UTC)))) == [(1, VARINT, 1767225600)]


@pytest.mark.parametrize("record", [b"\x08", b"\x0a\x05ab", b"\x0b", b"\xff" * 12])
def test_what_is_no_record_is_refused(record):
    with pytest.raises(ValueError, match=r"ends in the middle|unknown type"):
        list(read_fields(record))
