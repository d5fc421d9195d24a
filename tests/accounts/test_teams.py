import threading

import pytest
from django.db import connection

from posture.accounts.models import Team
from posture.accounts.services import NotAllowed, Refused, create_team, move_team, rename_team, set_handles, update_team
from posture.accounts.views.teams import tree
from tests.factories import TeamFactory

pytestmark = pytest.mark.django_db


def test_a_team_gets_its_short_name_from_its_name(engineer):
    made = create_team(name="Card Payments & Co", handles=["@halden/cards ", "", "cards@halden.example"], by=engineer)

    assert made.slug == "card-payments-co"
    assert made.handles == ["@halden/cards", "cards@halden.example"]


def test_a_taken_short_name_is_refused_beside_its_field(engineer, team):
    with pytest.raises(Refused, match="already a team") as refusal:
        create_team(name="Payments", by=engineer)

    assert refusal.value.field == "slug"
    assert Team.objects.count() == 1


def test_a_name_without_letters_for_an_address_asks_for_a_short_name(engineer):
    with pytest.raises(Refused, match="short name"):
        create_team(name="支付", by=engineer)
    assert create_team(name="支付", slug="zhifu", by=engineer).pk


@pytest.mark.parametrize("handle", ["halden/cards", "@halden/ cards", "@", "@halden//x", "@a b", "@halden/<b>", "*"])
def test_a_malformed_handle_is_refused(engineer, team, handle):
    with pytest.raises(Refused) as refusal:
        set_handles(team=team, handles=[handle], by=engineer)

    assert refusal.value.field == "handles"


def test_a_handle_means_one_team_in_any_case(engineer, team, other_team):
    set_handles(team=team, handles=["@Halden/Payments"], by=engineer)

    with pytest.raises(Refused, match="already means Payments"):
        set_handles(team=other_team, handles=["@halden/payments"], by=engineer)
    set_handles(team=team, handles=["@halden/payments"], by=engineer)


def test_a_team_cannot_move_below_itself(engineer, team):
    child = TeamFactory(parent=team)
    grandchild = TeamFactory(parent=child)

    for parent in (team, child, grandchild):
        with pytest.raises(Refused) as refusal:
            move_team(team=team, parent=parent, by=engineer)
        assert refusal.value.field == "parent"

    move_team(team=grandchild, parent=team, by=engineer)
    move_team(team=child, parent=None, by=engineer)
    assert list(Team.objects.order_by("pk").values_list("parent", flat=True)) == [None, None, team.pk]


def test_saving_a_team_is_all_or_nothing(engineer, team):
    child = TeamFactory(parent=team)

    with pytest.raises(Refused):
        update_team(team=team, name="Renamed", parent=child, handles=["@halden/new"], by=engineer)

    team.refresh_from_db()
    assert (team.name, team.parent, team.handles) == ("Payments", None, [])


@pytest.mark.parametrize("actor", ["leader", "lead", "developer"])
def test_only_engineers_configure_teams(request, actor, team):
    by = request.getfixturevalue(actor)

    for attempt in (
        lambda: create_team(name="New", by=by),
        lambda: rename_team(team=team, name="Renamed", by=by),
        lambda: move_team(team=team, parent=None, by=by),
        lambda: set_handles(team=team, handles=["@halden/all"], by=by),
    ):
        with pytest.raises(NotAllowed):
            attempt()

    team.refresh_from_db()
    assert (team.name, team.handles, Team.objects.count()) == ("Payments", [], 1)


@pytest.mark.django_db(transaction=True)
def test_w30_two_moves_at_once_close_no_circle():
    first, second = TeamFactory(), TeamFactory()
    gate = threading.Barrier(2)

    def move(team, parent):
        gate.wait()
        try:
            move_team(team=team, parent=parent, by=None)
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Team.objects.filter(parent=None).count() == 1


def test_the_tree_is_listed_from_the_top_and_hides_what_is_not_among_its_teams():
    top = TeamFactory(name="A top")
    middle = TeamFactory(name="B middle", parent=top)
    leaf = TeamFactory(name="C leaf", parent=middle)
    other = TeamFactory(name="D other")

    assert [branch.team for branch in tree([top, middle, leaf, other])] == [top, middle, leaf, other]
    assert [(branch.team, branch.above) for branch in tree([middle, leaf])] == [(middle, ()), (leaf, (middle,))]
