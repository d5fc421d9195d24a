"""The page of reuse and segregation: what one viewer is told of values in several secrets, and of who reads across."""

import base64
import json
import re
from itertools import product
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from inventory.models import Secret, Version
from inventory.reuse_page import ReusePage
from inventory.services import work_out_severities
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    EngineerFactory,
    ExposureFactory,
    HoldingFactory,
    MembershipFactory,
    PrincipalFactory,
    SecretFactory,
    SourceFactory,
    TeamFactory,
    VersionFactory,
)

pytestmark = pytest.mark.django_db


def value(*environments, team=None, weak=False, **facts):
    """Put one value into a secret of each of these environments; returns the credential."""
    credential = CredentialFactory(weak=weak, **facts)
    for environment in environments:
        hold(credential, environment, team)
    return credential


def hold(credential, environment="", team=None):
    asset = AssetFactory(team=team, kind="mount")
    return HoldingFactory(credential=credential, version__secret=SecretFactory(asset=asset, environment=environment))


def page_of(user, query=""):
    return ReusePage(user, QueryDict(query))


def listed(page):
    return [row.credential.pk for row in page.rows]


def cells(matrix):
    """Return the numbers of a matrix that are not zero, by row and column."""
    return {(cell.row.name, cell.column.name): cell.count for _, row in matrix.rows for cell in row if cell.count}


@pytest.fixture
def engineer():
    return EngineerFactory()


def test_every_number_of_the_matrix_leads_to_exactly_its_values(client, engineer):
    value("production", "staging")
    value("production", "production", "staging")
    value("production", "")
    value("test", "test")
    value("test")
    work_out_severities()
    client.force_login(engineer)

    page = page_of(engineer)

    numbers = cells(page.values)
    assert numbers == {
        ("production", "staging"): 2,
        ("staging", "production"): 2,
        ("production", "production"): 1,
        ("production", ""): 1,
        ("", "production"): 1,
        ("test", "test"): 1,
    }
    assert [each.name for each in page.values.environments] == ["production", "staging", "test", ""]
    for _, row in page.values.rows:
        for cell in row:
            if cell.url:
                shown = client.get(cell.url)
                assert shown.context["page"].selected == len(shown.context["page"].rows) == cell.count, cell.url


def test_every_number_of_identities_leads_to_exactly_those(client, engineer):
    for reads_in in (["production", "staging"], ["production", "staging"], ["", "production"], [], None):
        PrincipalFactory(reads_in=reads_in)
    PrincipalFactory(reads_in=["production", "staging"], gone_at=timezone.now())
    client.force_login(engineer)

    page = page_of(engineer)

    assert page.identities_crossing == 2
    assert cells(page.identities)["production", "staging"] == 2
    assert cells(page.identities)["production", "production"] == 3
    for _, row in page.identities.rows:
        for cell in row:
            if cell.url:
                shown = client.get(cell.url)
                assert shown.context["figures"]["total"] == cell.count, cell.url
                assert "not a place" not in shown.content.decode()


def test_what_was_taken_out_of_its_last_file_is_reused_and_no_longer_exposed(client, engineer):
    exposed, cleaned = value("production", "production"), value("production", "production")
    ExposureFactory(credential=exposed)
    ExposureFactory(credential=cleaned, gone_at=timezone.now())
    work_out_severities()

    assert page_of(engineer).exposed == 1
    assert listed(page_of(engineer, "exposed=yes")) == [exposed.pk]
    assert listed(page_of(engineer, "exposed=no")) == [cleaned.pk]


def test_the_worst_come_first_by_environments_then_by_secrets(engineer):
    within = value("production", "production", "production")
    crossing = value("test", "staging")
    with_production = value("production", "staging")
    widest = value("production", "staging", "test")
    many = value("test", "staging", "staging")
    work_out_severities()

    assert listed(page_of(engineer)) == [row.pk for row in (widest, with_production, many, crossing, within)]
    by_secrets = listed(page_of(engineer, "order=-secrets"))
    assert by_secrets[:3] == [row.pk for row in (widest, many, within)]


def test_an_environment_that_is_not_known_counts_as_a_doubt_and_not_as_a_crossing(engineer):
    value("production", "")
    value("production", "staging", "")
    work_out_severities()

    page = page_of(engineer)

    assert (page.total, page.crossing, page.perhaps) == (2, 1, 1)
    tones = {(cell.row.name, cell.column.name): cell.tone for _, row in page.values.rows for cell in row}
    assert tones["production", ""] == tones["", ""] == "unk"
    assert tones["production", "staging"] == "f"


def test_w27_others_secrets_are_counted_for_a_value_that_cannot_be_guessed(client):
    member = MembershipFactory()
    shared = value("production", team=member.team)
    hold(shared, "staging", TeamFactory())
    hold(shared, "test")
    work_out_severities()

    page = page_of(member.user)

    (row,) = page.rows
    assert (row.spread.secrets, row.hidden, row.spread.where.environments) == (1, 2, {"production": 1})
    # In which environments the others stand is not told, so that it may cross.
    assert (page.crossing, page.perhaps, row.spread.crosses) == (0, 1, None)
    client.force_login(member.user)
    shown = client.get(reverse("inventory:reuse")).content.decode()
    assert "and in 2 places you cannot see" in shown
    assert "staging" not in shown.lower()


def test_w27_nothing_of_others_is_told_of_a_value_that_can_be_guessed(client):
    member = MembershipFactory()
    alone = value("production", team=member.team, weak=True)
    twice = value("production", "staging", team=member.team, weak=True)
    other = TeamFactory()
    before = page_of(member.user)
    work_out_severities()
    told = repr([(row.opaque, row.hidden, row.spread) for row in page_of(member.user).rows])
    assert "elsewhere=0" in told

    hold(alone, "staging", other)
    hold(twice, "test", other)
    hold(twice, "development")
    work_out_severities()

    after = page_of(member.user)
    assert listed(after) == [twice.pk]
    assert repr([(row.opaque, row.hidden, row.spread) for row in after.rows]) == told
    assert before.total == 0
    client.force_login(member.user)
    assert "cannot see" not in client.get(reverse("inventory:reuse")).content.decode()


@pytest.mark.parametrize("weak", [True, False])
def test_w27_that_a_value_is_exposed_elsewhere_neither_counts_nor_selects(weak):
    member = MembershipFactory()
    own, foreign = (value("production", "staging", team=member.team, weak=weak) for _ in range(2))
    ExposureFactory(credential=own, asset__team=member.team)
    ExposureFactory(credential=foreign, asset__team=TeamFactory())
    work_out_severities()

    assert page_of(member.user).exposed == 1
    assert listed(page_of(member.user, "exposed=yes")) == [own.pk]
    assert listed(page_of(member.user, "exposed=no")) == [foreign.pk]


def test_w27_two_teams_know_the_same_value_under_different_ids():
    first, second = MembershipFactory(), MembershipFactory()
    shared = value("production", "staging", team=first.team)
    for environment in ("production", "test"):
        hold(shared, environment, second.team)
    work_out_severities()

    one, other = (page_of(member.user).rows[0] for member in (first, second))

    assert one.opaque != other.opaque
    assert set(one.spread.where.environments) == {"production", "staging"}
    assert set(other.spread.where.environments) == {"production", "test"}
    assert [secret.team for secret in one.secrets] == [first.team] * 2


def test_w1_values_and_identities_of_other_teams_are_not_there():
    member = MembershipFactory()
    value("production", "staging", team=TeamFactory())
    value("production", "staging")
    PrincipalFactory(reads_in=["production", "staging"])
    work_out_severities()

    page = page_of(member.user)

    assert (page.total, page.identities_crossing, page.exposed) == (0, 0, 0)
    assert page.empty_because == "store"


def test_secrets_of_several_teams_of_a_viewer_are_put_together():
    parent = TeamFactory()
    member = MembershipFactory(team=parent)
    shared = value("production", team=parent)
    hold(shared, "production", TeamFactory(parent=parent))
    work_out_severities()

    (row,) = page_of(member.user).rows

    assert (row.spread.secrets, row.spread.where.environments, row.hidden) == (2, {"production": 2}, 0)
    assert len(row.teams) == 2
    assert not row.unowned


def test_a_row_says_which_secrets_whose_and_where_it_is_exposed(engineer):
    team = TeamFactory(name="Payments")
    shared = value(*["production"] * 5, team=team)
    hold(shared, "production")
    ExposureFactory(credential=shared)
    ExposureFactory(credential=shared, gone_at=timezone.now())
    work_out_severities()

    page = page_of(engineer)

    (row,) = page.rows
    assert (len(row.secrets), row.more, row.standing.places) == (3, 3, 1)
    assert (row.teams, row.unowned) == (["Payments"], True)
    assert page.exposed == 1


def test_a_row_says_how_many_can_read_the_secret_that_most_can(engineer):
    widest, unknown = value(*["production"] * 6), value("test", "test")
    for number, holding in enumerate(widest.holdings.order_by("-version__secret__path")):
        Secret.objects.filter(versions__holdings=holding).update(readers=40 - number if number % 2 else None)
    work_out_severities()

    rows = {row.credential.pk: row.readers for row in page_of(engineer).rows}

    assert rows == {widest.pk: 39, unknown.pk: None}


def test_where_the_readers_of_one_secret_are_not_known_the_number_is_the_least(client, engineer):
    for counts in ((3, 2), (7, None)):
        for holding, readers in zip(value("test", "test").holdings.all(), counts, strict=True):
            Secret.objects.filter(versions__holdings=holding).update(readers=readers)
    work_out_severities()
    client.force_login(engineer)

    answer = client.get(reverse("inventory:reuse")).content.decode()

    assert ("up to 3" in answer, "at least 7" in answer, "up to 7" in answer) == (True, True, False)


def test_one_secret_with_the_value_under_two_keys_is_named_once(engineer):
    shared = value("production", "staging")
    HoldingFactory(version=shared.holdings.first().version, key="again", credential=shared)
    work_out_severities()

    (row,) = page_of(engineer).rows

    assert row.spread.secrets == len(row.secrets) == len({secret.pk for secret in row.secrets}) == 2


def test_what_its_stores_dropped_since_the_spread_was_worked_out_is_left_out(client, engineer):
    gone, kept = value("production", "staging"), value("test", "test")
    work_out_severities()
    Secret.objects.filter(versions__holdings__credential=gone).update(gone_at=timezone.now())
    client.force_login(engineer)

    assert listed(client.get(reverse("inventory:reuse")).context["page"]) == [kept.pk]


def test_the_list_is_narrowed_by_team_exposure_and_crossing(engineer):
    team = TeamFactory(slug="payments")
    crossing = value("production", "staging")
    owned = value("test", "test", team=team)
    ExposureFactory(credential=owned)
    work_out_severities()

    assert listed(page_of(engineer, "team=payments")) == [owned.pk]
    assert listed(page_of(engineer, "exposed=yes")) == [owned.pk]
    assert listed(page_of(engineer, "exposed=no")) == listed(page_of(engineer, "crosses=yes")) == [crossing.pk]
    assert listed(page_of(engineer, "crosses=no")) == [owned.pk]
    assert page_of(engineer, "environment=gone-long-ago").selected == 0


def test_the_list_is_narrowed_to_a_team_without_those_below_it(engineer):
    payments = TeamFactory(slug="payments")
    own = value("production", "staging", team=payments)
    below = value("production", "staging", team=TeamFactory(parent=payments))
    value("production", "staging", team=TeamFactory())
    work_out_severities()

    assert sorted(listed(page_of(engineer, "team=payments"))) == [own.pk, below.pk]
    assert listed(page_of(engineer, "team_only=payments")) == [own.pk]


def test_pages_follow_each_other_without_a_gap(client, engineer):
    for number in range(60):
        value(*["production"] * (2 + number % 3))
    work_out_severities()
    client.force_login(engineer)
    address, seen = reverse("inventory:reuse"), []

    while True:
        shown = client.get(address).context
        seen.append(listed(shown["page"]))
        if not shown["pager"]["next"]:
            break
        address = f"{reverse('inventory:reuse')}?{shown['pager']['next']}"

    assert [len(rows) for rows in seen] == [25, 25, 10]
    assert len({pk for rows in seen for pk in rows}) == 60
    back = client.get(f"{reverse('inventory:reuse')}?{shown['pager']['previous']}").context
    assert listed(back["page"]) == seen[1]


def test_a_place_in_the_list_is_an_id_of_the_viewers_own(client, engineer):
    for _ in range(30):
        value("production", "production")
    work_out_severities()
    client.force_login(engineer)
    place = client.get(reverse("inventory:reuse")).context["pager"]["next"]
    client.force_login(MembershipFactory().user)

    assert client.get(f"{reverse('inventory:reuse')}?{place}").status_code in (200, 400)
    assert client.get(f"{reverse('inventory:reuse')}?after=x").status_code == 400


def test_w7_a_forged_place_in_the_list_is_answered(client, engineer):
    for _ in range(30):
        value("production", "production")
    work_out_severities()
    client.force_login(engineer)
    following = client.get(reverse("inventory:reuse")).context["pager"]["next"]
    place = parse_qs(following)["after"][0]
    values = json.loads(base64.urlsafe_b64decode(place + "=" * (-len(place) % 4)))

    for position, forged in product(range(len(values)), [-1, 2**62, 2**70, True, None, "x", [], 1.5]):
        made = json.dumps([*values[:position], forged, *values[position + 1 :]]).encode()
        for way in ("after", "before"):
            asked = {way: base64.urlsafe_b64encode(made).decode().rstrip("=")}
            assert client.get(reverse("inventory:reuse"), asked).status_code in (200, 400), (position, forged)


def test_what_to_do_next_is_said_where_there_is_nothing_to_compare(client, engineer):
    client.force_login(engineer)
    assert "No store is connected" in client.get(reverse("inventory:reuse")).content.decode()
    source = SourceFactory(kind="vault", name="main vault", config={"fingerprint": False})
    version = VersionFactory(secret__asset__source=source)

    off = client.get(reverse("inventory:reuse")).content.decode()

    assert "No value was read" in off
    assert reverse("inventory:source-edit", args=[source.pk]) in off
    Version.objects.filter(pk=version.pk).update(read_key="0123456789ab")
    assert "No value is reused" in client.get(reverse("inventory:reuse")).content.decode()


def test_values_that_nobody_read_are_counted_as_not_known(client, engineer):
    value("production", "staging")
    work_out_severities()
    Version.objects.update(read_key="0123456789ab")
    VersionFactory()
    VersionFactory(state="superseded")
    client.force_login(engineer)

    page = page_of(engineer)

    assert page.unread == 1
    words = re.sub(r"\s+", " ", client.get(reverse("inventory:reuse")).content.decode())
    assert "The values of 1 stored secret were not read" in words


@pytest.mark.parametrize("sees_everything", [True, False])
def test_the_page_stays_within_its_budget_of_queries(client, django_assert_max_num_queries, sees_everything):
    member = MembershipFactory()
    for number in range(30):
        shared = value("production", "staging", team=member.team, weak=number % 2 == 0)
        hold(shared, "test", TeamFactory())
        ExposureFactory(credential=shared)
        PrincipalFactory(reads_in=["production", "staging"], asset__team=member.team)
    work_out_severities()
    client.force_login(EngineerFactory() if sees_everything else member.user)
    client.get(reverse("inventory:help"))

    with django_assert_max_num_queries(12 if sees_everything else 17):
        assert len(client.get(reverse("inventory:reuse")).context["page"].rows) == 25


def test_the_links_of_the_matrix_name_no_more_than_environments():
    page = page_of(EngineerFactory())

    assert parse_qs(urlsplit(page._values_in(["production", ""])).query) == {"environment": ["production", "none"]}
