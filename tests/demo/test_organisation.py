from pathlib import Path

import pytest

from posture.demo.description import Role
from posture.demo.organisation import describe
from posture.demo.shelf import SHELF
from posture.demo.stories import STORIES


@pytest.fixture
def organisation():
    return describe(Path("/data"))


def test_there_are_eight_teams_in_a_tree_without_cycles(organisation):
    parents = {team.slug: team.parent for team in organisation.teams}

    assert len(parents) == 8
    assert set(filter(None, parents.values())) == {"payments", "platform"}
    assert all(parents[parent] is None for parent in filter(None, parents.values()))


def test_each_team_has_one_lead_and_addresses_are_unique(organisation):
    for team in organisation.teams:
        assert [person.role for person in team.members].count(Role.LEAD) == 1

    people = [*organisation.people, *(person for team in organisation.teams for person in team.members)]
    assert len({person.email for person in people}) == len(people)
    assert {person.role for person in organisation.people} == {Role.LEADER, Role.ENGINEER}


def test_one_team_is_without_a_champion(organisation):
    assert [team.slug for team in organisation.teams if team.champion is None] == ["marketing-sites"]


def test_stories_and_rules_speak_of_what_is_there(organisation):
    teams = {team.slug for team in organisation.teams}

    assert {rule.team for rule in organisation.rules} <= teams
    assert {story.repository for story in STORIES} <= {plan.repository.name for plan in SHELF}
    assert {each.team for each in organisation.repositories} == {*teams, None}


def test_each_story_has_its_slots_in_its_text():
    for story in STORIES:
        assert all(f"<{name}>" in story.text for name in story.slots), story.path
