"""Lists: filters from a closed set, kept in the address; pages by key; a file of exactly what is filtered."""

import csv
import io
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from inventory.export import FORMULA_STARTS, csv_lines, safe_cell
from posture.accounts.opaque import opaque_id
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    PrincipalFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader(client):
    user = LeaderFactory()
    client.force_login(user)
    return user


def rows(response, key="rows"):
    return list(response.context[key])


def paths(client, **filters):
    return sorted(row.path for row in rows(client.get(reverse("inventory:exposures"), filters)))


def test_each_filter_keeps_what_it_says(client, leader):
    team = TeamFactory(slug="payments")
    below = TeamFactory(slug="payments-web", parent=team)
    old = ExposureFactory(path="a", team=team, place="history", first_at=timezone.now() - timedelta(days=90))
    ExposureFactory(path="b", team=below, credential__severity="critical", credential__validity="valid")
    ExposureFactory(path="c", team=None, in_test_path=True, credential__provider="slack", credential__kind="webhook")
    ExposureFactory(path="d", team=None, gone_at=timezone.now())
    HoldingFactory(credential=old.credential)

    assert paths(client) == ["a", "b", "c"]
    assert paths(client, severity="critical") == ["b"]
    assert paths(client, severity=["critical", "medium"]) == ["a", "b", "c"]
    assert paths(client, kind="webhook") == ["c"]
    assert paths(client, provider="slack") == ["c"]
    assert paths(client, place="history") == ["a"]
    assert paths(client, validity="valid") == ["b"]
    assert paths(client, managed="yes") == ["a"]
    assert paths(client, managed="no") == ["b", "c"]
    assert paths(client, owned="no") == ["c"]
    assert paths(client, test="yes") == ["c"]
    assert paths(client, gone="yes") == ["d"]
    assert paths(client, gone="all") == ["a", "b", "c", "d"]
    assert paths(client, team="payments") == ["a", "b"]
    assert paths(client, team="payments-web") == ["b"]
    assert paths(client, older="60") == ["a"]
    assert paths(client, newer="60") == ["b", "c"]
    assert paths(client, asset=str(old.asset_id)) == ["a"]
    assert paths(client, credential=opaque_id(leader, "credential", old.credential_id)) == ["a"]
    assert paths(client, q="B") == ["b"]


UNKNOWN = [
    "owner__password__startswith=x",
    "team__members__password=x",
    "order=credential__fingerprint",
    "order=team__members__password",
    "severity=worst",
    "severity__in=critical",
    "place=TIP",
    "older=-1",
    "older=1e9",
    "older=٣",
    "team=nobody-knows",
    "asset=0",
    "asset=99999999999999999999",
    "credential=abc",
    "provider=x",
    "managed=maybe",
    "q=%00",
    f"q={'x' * 201}",
    "after=xxxx",
    "before=W10",
    "_connector=OR",
    "page=2",
]


@pytest.mark.parametrize("page", ["exposures", "exposures-export"])
def test_w7_what_does_not_exist_is_answered_with_what_is_allowed(client, leader, page):
    for query in UNKNOWN:
        response = client.get(f"{reverse(f'inventory:{page}')}?{query}")

        # A place in the list means nothing to a file of the whole.
        ignored = page == "exposures-export" and query.startswith(("after", "before"))
        assert response.status_code == (200 if ignored else 400), query
    assert b"Allowed: <code>q</code>, <code>severity</code>" in response.content


@pytest.mark.parametrize("page", ["credentials", "assets"])
@pytest.mark.parametrize(
    "query", ["fingerprint__startswith=a", "order=fingerprint", "severity=x", "coverage=x", "after=zz"]
)
def test_w7_the_other_lists_refuse_it_too(client, leader, page, query):
    assert client.get(f"{reverse(f'inventory:{page}')}?{query}").status_code == 400


def test_w6_a_filter_by_a_team_or_asset_that_is_not_yours_is_like_one_that_does_not_exist(client):
    other = AssetFactory(team=TeamFactory(slug="logistics", name="Logistics"))
    client.force_login(MembershipFactory().user)

    for query in (f"asset={other.pk}", "team=logistics"):
        response = client.get(f"{reverse('inventory:exposures')}?{query}")

        assert response.status_code == 400
        assert b"Logistics" not in response.content


def test_w27_a_filter_by_a_credential_takes_the_viewers_own_id_only(client):
    team = TeamFactory()
    exposure = ExposureFactory(team=team)
    stranger = MembershipFactory().user
    client.force_login(MembershipFactory(team=team).user)

    response = client.get(
        reverse("inventory:exposures"), {"credential": opaque_id(stranger, "credential", exposure.credential_id)}
    )

    assert response.status_code == 400


def test_filters_are_chips_that_can_be_taken_away_one_by_one(client, leader):
    ExposureFactory(credential__severity="critical")

    selection = client.get(reverse("inventory:exposures") + "?severity=critical&severity=high&place=tip").context[
        "selection"
    ]

    assert [(chip.label, chip.value) for chip in selection.chips] == [
        ("Severity", "Critical"), ("Severity", "High"), ("Stands at", "Default branch"),
    ]  # fmt: skip
    assert parse_qs(selection.chips[0].remove) == {"severity": ["high"], "place": ["tip"]}


def test_pages_show_every_row_once_in_every_order_and_back(client, leader):
    severities = ["critical", "high", "medium", "low", "info"]
    for number in range(53):
        ExposureFactory(
            credential=CredentialFactory(severity=severities[number % 5]),
            first_at=timezone.now() - timedelta(days=number // 3),
        )
    for order in ("severity", "-severity", "-first", "first", "-latest", "latest", "path", "-path"):
        address, seen = f"{reverse('inventory:exposures')}?order={order}", []
        while address:
            response = client.get(address)
            seen.append([row.pk for row in rows(response)])
            following = response.context["pager"]["next"]
            address = f"{reverse('inventory:exposures')}?{following}" if following else ""
        back = client.get(f"{reverse('inventory:exposures')}?{response.context['pager']['previous']}")

        assert [len(page) for page in seen] == [25, 25, 3], order
        assert len({pk for page in seen for pk in page}) == 53, order
        assert [row.pk for row in rows(back)] == seen[1], order


def test_w27_pages_of_credentials_carry_the_viewers_own_ids(client):
    team = TeamFactory()
    member = MembershipFactory(team=team).user
    for _ in range(30):
        ExposureFactory(team=team)
    stranger = MembershipFactory().user

    for order in ("severity", "-severity", "kind", "-kind", "provider", "-provider"):
        client.force_login(member)
        first = client.get(reverse("inventory:credentials"), {"order": order})
        second = client.get(f"{reverse('inventory:credentials')}?{first.context['pager']['next']}")
        cursor = parse_qs(first.context["pager"]["next"])["after"][0]
        client.force_login(stranger)
        foreign = client.get(reverse("inventory:credentials"), {"order": order, "after": cursor})

        assert len({row.pk for row in rows(first)} | {row.pk for row in rows(second)}) == 30, order
        assert foreign.status_code == 400, order


def test_the_worst_come_first(client, leader):
    for severity in ("low", "critical", "info", "high"):
        ExposureFactory(credential__severity=severity)

    found = [row.credential.severity for row in rows(client.get(reverse("inventory:exposures")))]

    assert found == ["critical", "high", "low", "info"]


def test_a_credential_is_one_row_however_many_places_it_stands_in(client, leader):
    credential = CredentialFactory()
    ExposureFactory.create_batch(3, credential=credential)

    found = rows(client.get(reverse("inventory:credentials")))

    assert found == [credential]
    assert found[0].standing.places == 3


def test_a_link_from_a_leader_opens_under_the_viewers_own_id(client):
    team = TeamFactory()
    exposure = ExposureFactory(team=team)
    member = MembershipFactory(team=team).user
    client.force_login(member)

    response = client.get(
        reverse("inventory:credential", args=[opaque_id(LeaderFactory(), "credential", exposure.credential_id)])
    )

    own = reverse("inventory:credential", args=[opaque_id(member, "credential", exposure.credential_id)])
    assert urlsplit(response["Location"]).path == own
    assert client.get(own).status_code == 200


def test_w27_the_page_of_a_weak_value_tells_nothing_of_other_places(client):
    team = TeamFactory()
    credential = CredentialFactory(weak=True, severity_reason="The same value opens several environments.")
    ExposureFactory(credential=credential, team=team)
    ExposureFactory(credential=credential, team=TeamFactory())
    member = MembershipFactory(team=team).user
    client.force_login(member)

    content = client.get(
        reverse("inventory:credential", args=[opaque_id(member, "credential", credential.pk)])
    ).content.decode()

    assert "you cannot see" not in content
    assert "several environments" not in content


def test_the_page_of_a_strong_value_says_in_how_many_places_more(client):
    team = TeamFactory()
    credential = CredentialFactory()
    ExposureFactory(credential=credential, team=team)
    ExposureFactory.create_batch(2, credential=credential, team=TeamFactory(name="Logistics"))
    member = MembershipFactory(team=team).user
    client.force_login(member)

    content = client.get(
        reverse("inventory:credential", args=[opaque_id(member, "credential", credential.pk)])
    ).content.decode()

    assert "And in 2 places you cannot see" in content
    assert "Logistics" not in content


# The file ---------------------------------------------------------------------------------------------------


def read_csv(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_exactly_what_is_filtered_in_the_same_order(client, leader):
    for number in range(40):
        ExposureFactory(path=f"p{number:02}", place="tip" if number % 2 else "history")

    response = client.get(reverse("inventory:exposures-export"), {"place": "tip", "order": "-path"})
    found = read_csv(response)

    assert response["Content-Type"].startswith("text/csv")
    assert "attachment" in response["Content-Disposition"]
    assert [row["Path"] for row in found] == [f"p{number:02}" for number in range(39, 0, -2)]


def test_w10_no_cell_of_the_file_starts_a_formula(client, leader):
    formula = '=HYPERLINK("http://x","y")'
    ExposureFactory(
        path=formula, first_author=f"+{formula}", latest_author=f"@{formula}", owner_reason=f"\t{formula}",
        asset__name=f"-{formula}", team=TeamFactory(name=f"\uff1d{formula}"),
    )  # fmt: skip

    found = read_csv(client.get(reverse("inventory:exposures-export")))

    assert found[0]["Path"] == f"'{formula}"
    assert not any(cell.startswith(FORMULA_STARTS) for cell in found[0].values())


@given(st.text())
def test_w10_a_cell_is_text_whatever_comes_in(text):
    cell = safe_cell(text)

    assert not cell.lstrip(" ").startswith(FORMULA_STARTS)
    assert cell.encode("utf-8") or not text


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))), min_size=1, max_size=3))
def test_w10_a_file_reads_back_as_it_was_written(cells):
    head = [f"c{number}" for number in range(len(cells))]
    text = "".join(csv_lines(head, [cells])).removeprefix("\ufeff")

    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [safe_cell(cell) for cell in cells]


@pytest.mark.parametrize("kind", ["repository", "mount", "access", "namespace", "cluster"])
def test_assets_can_be_filtered_by_every_kind_that_a_collector_makes(client, leader, kind):
    wanted = AssetFactory(kind=kind)
    AssetFactory(kind="something else")

    response = client.get(reverse("inventory:assets"), {"kind": kind})

    assert response.status_code == 200
    assert rows(response) == [wanted]


def test_the_page_of_a_store_tells_nothing_of_git_and_leads_to_what_it_keeps(client, leader):
    store = AssetFactory(kind="mount", last_complete_at=timezone.now())
    PrincipalFactory(asset=store)

    page = client.get(reverse("inventory:asset", args=[store.pk])).content.decode()

    assert "Default branch" not in page
    assert "in its history" not in page
    assert f"{reverse('inventory:secrets')}?asset={store.pk}" in page
    assert f"{reverse('inventory:principals')}?asset={store.pk}" in page
