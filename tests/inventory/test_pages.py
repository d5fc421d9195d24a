"""Who sees which of the inventory's pages, what they cost, and what they say when there is nothing."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Source
from posture.accounts.opaque import opaque_id
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    EngineerFactory,
    ExposureFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    ReadFactory,
    RunFactory,
    SourceFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

BUDGET = 12
LISTS = ["exposures", "credentials", "assets"]
ENGINE_ROOM = ["sources", "unowned"]


@pytest.fixture
def payments():
    """A team with a repository, a read of it, and a few exposures of managed credentials."""
    team = TeamFactory(name="Payments", slug="payments")
    asset = AssetFactory(team=team, name="halden/payments-web")
    ReadFactory(
        asset=asset, skipped=[{"reason": "Larger than the limit", "what": "a.bin", "count": 3, "partial": True}]
    )
    for number in range(6):
        exposure = ExposureFactory(asset=asset, team=team, path=f"payments/config_{number}.py")
        HoldingFactory(credential=exposure.credential, version__secret__asset__team=team)
    return team


@pytest.fixture
def logistics():
    """Another team with one exposure in a repository of its own."""
    team = TeamFactory(name="Logistics", slug="logistics")
    asset = AssetFactory(team=team, name="halden/route-planner")
    ExposureFactory(asset=asset, team=team, path="logistics/terraform.tfvars", first_author="Tomas Ek")
    return team


@pytest.fixture
def sign_in(client):
    def as_(user):
        client.force_login(user)
        return client

    return as_


def text(response):
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def addresses(user, team):
    exposure = team.exposures.first()
    return {
        "exposures": reverse("inventory:exposures"),
        "export": reverse("inventory:exposures-export"),
        "credentials": reverse("inventory:credentials"),
        "credential": reverse("inventory:credential", args=[opaque_id(user, "credential", exposure.credential_id)]),
        "assets": reverse("inventory:assets"),
        "asset": reverse("inventory:asset", args=[exposure.asset_id]),
        "help": reverse("inventory:help"),
    }


def engine_room(team):
    asset = team.assets.first()
    run = asset.reads.first().run
    return {
        "sources": reverse("inventory:sources"),
        "source": reverse("inventory:source", args=[asset.source_id]),
        "run": reverse("inventory:run", args=[run.pk]),
        "progress": reverse("inventory:run-progress", args=[run.pk]),
        "unowned": reverse("inventory:unowned"),
    }


# Who sees what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["exposures", "export", "credentials", "credential", "assets", "asset", "help"])
def test_w1_an_owner_sees_their_own_and_nothing_of_others(sign_in, payments, logistics, page):
    member = MembershipFactory(team=payments).user

    response = sign_in(member).get(addresses(member, payments)[page])

    assert response.status_code == 200
    assert "route-planner" not in text(response)
    assert "terraform.tfvars" not in text(response)


@pytest.mark.parametrize("page", ["credential", "asset"])
@pytest.mark.parametrize("make", [lambda: MembershipFactory().user, UserFactory])
def test_w1_what_is_not_yours_is_not_found(sign_in, payments, page, make):
    other = make()

    response = sign_in(other).get(addresses(other, payments)[page])

    assert response.status_code == 404
    assert "payments" not in text(response).lower()


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("make", [lambda: MembershipFactory().user, UserFactory])
def test_w6_a_stranger_learns_neither_rows_nor_totals(sign_in, payments, page, make):
    content = text(sign_in(make()).get(reverse(f"inventory:{page}")))

    assert "payments" not in content.lower()
    assert 'class="count ' not in content


def test_w6_an_export_of_a_stranger_has_only_its_head(sign_in, payments):
    lines = text(sign_in(UserFactory()).get(reverse("inventory:exposures-export"))).strip().splitlines()

    assert len(lines) == 1


@pytest.mark.parametrize("page", ["sources", "source", "run", "progress", "unowned"])
def test_w1_the_engine_room_is_not_found_by_members(sign_in, payments, page):
    member = MembershipFactory(team=payments, role="lead").user

    assert sign_in(member).get(engine_room(payments)[page]).status_code == 404


@pytest.mark.parametrize("page", ["sources", "source", "run", "unowned"])
@pytest.mark.parametrize("factory", [LeaderFactory, EngineerFactory])
def test_leaders_and_engineers_see_the_engine_room(sign_in, payments, page, factory):
    assert sign_in(factory()).get(engine_room(payments)[page]).status_code == 200


def test_w1_the_signed_out_see_nothing(client, payments):
    leader = LeaderFactory()
    everything = {**addresses(leader, payments), **engine_room(payments)}

    for address in everything.values():
        response = client.get(address)

        assert response.status_code == 302, address
        assert "sign-in" in response["Location"]


@pytest.mark.parametrize("action", ["source-collect", "read-retry", "unowned"])
def test_w1_members_cannot_act_in_the_engine_room(sign_in, payments, action):
    member = MembershipFactory(team=payments, role="lead").user
    read = payments.assets.first().reads.first()
    arguments = {"source-collect": [read.asset.source_id], "read-retry": [read.pk], "unowned": []}[action]

    assert sign_in(member).post(reverse(f"inventory:{action}", args=arguments)).status_code == 404


@pytest.mark.parametrize("action", ["source-collect", "read-retry"])
def test_acts_take_no_get(sign_in, payments, action):
    read = payments.assets.first().reads.first()
    arguments = {"source-collect": [read.asset.source_id], "read-retry": [read.pk], "unowned": []}[action]

    assert sign_in(EngineerFactory()).get(reverse(f"inventory:{action}", args=arguments)).status_code == 405


def test_an_id_beyond_the_database_is_not_found(sign_in):
    assert sign_in(LeaderFactory()).get(f"/assets/{10**30}/").status_code == 404
    assert sign_in(LeaderFactory()).get("/credentials/not-an-id/").status_code == 404


def test_the_asset_of_another_team_is_named_but_not_linked_where_only_a_path_is_yours(sign_in, logistics):
    mine = TeamFactory()
    asset = logistics.assets.first()
    ExposureFactory(asset=asset, team=mine, path="mine/config.py")
    member = MembershipFactory(team=mine).user

    content = text(sign_in(member).get(reverse("inventory:exposures")))

    assert "halden/route-planner" in content
    assert reverse("inventory:asset", args=[asset.pk]) not in content
    assert client_status(sign_in(member), "inventory:asset", asset.pk) == 404


def client_status(client, name, pk):
    return client.get(reverse(name, args=[pk])).status_code


# What it costs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["exposures", "export", "credentials", "credential", "assets", "asset", "help"])
def test_a_members_page_stays_within_its_budget_of_queries(sign_in, payments, page, django_assert_max_num_queries):
    member = MembershipFactory(team=payments).user
    client = sign_in(member)
    address = addresses(member, payments)[page]
    client.get(reverse("inventory:help"))  # A session's first request notes when it was last used.

    with django_assert_max_num_queries(BUDGET):
        text(client.get(address))


@pytest.mark.parametrize("page", ["sources", "source", "run", "progress", "unowned"])
def test_the_engine_room_stays_within_its_budget_of_queries(sign_in, payments, page, django_assert_max_num_queries):
    AssetFactory.create_batch(5)
    ExposureFactory.create_batch(5, asset=payments.assets.first(), team=None)
    SourceFactory.create_batch(5)
    client = sign_in(EngineerFactory())
    address = engine_room(payments)[page]
    client.get(reverse("inventory:help"))

    with django_assert_max_num_queries(BUDGET):
        client.get(address)


# What they say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("exposures", "No exposure is known"),
        ("credentials", "No credential is known"),
        ("assets", "No asset is known"),
        ("sources", "No source yet"),
        ("unowned", "Nothing is known yet"),
    ],
)
def test_an_empty_page_says_why_and_what_to_do(sign_in, page, says):
    content = text(sign_in(EngineerFactory()).get(reverse(f"inventory:{page}")))

    assert says in content
    assert 'class="btn' in content.split(says)[1]


@pytest.mark.parametrize("page", LISTS)
def test_a_member_with_nothing_is_told_what_they_would_see(sign_in, page):
    content = text(sign_in(MembershipFactory().user).get(reverse(f"inventory:{page}")))

    assert "No " in content or "own no asset" in content
    assert 'class="blank"' in content


@pytest.mark.parametrize("page", LISTS)
def test_filters_that_keep_nothing_offer_the_way_back(sign_in, payments, page):
    content = text(sign_in(LeaderFactory()).get(reverse(f"inventory:{page}"), {"q": "nowhere at all"}))

    assert "Nothing matches" in content
    assert 'href="?"' in content


def test_an_asset_never_read_to_the_end_is_not_called_clean(sign_in):
    asset = AssetFactory()

    content = text(sign_in(LeaderFactory()).get(reverse("inventory:asset", args=[asset.pk])))

    assert "Nothing is known yet" in content
    assert "Nothing stands here" not in content


def test_an_asset_that_was_not_read_again_in_time_is_not_known_since(sign_in):
    asset = AssetFactory(last_complete_at=timezone.now() - timedelta(days=3), last_status="complete")

    assert "Not known since" in text(sign_in(LeaderFactory()).get(reverse("inventory:asset", args=[asset.pk])))


def test_what_was_skipped_is_shown_with_its_reason_and_count(sign_in, payments):
    content = text(sign_in(LeaderFactory()).get(engine_room(payments)["run"]))

    assert "<b>3</b> Larger than the limit" in content


def test_where_a_collector_finds_things_is_shown_to_engineers_only(sign_in, payments):
    address = reverse("inventory:asset", args=[payments.assets.first().pk])
    locator = payments.assets.first().locator

    assert locator in text(sign_in(EngineerFactory()).get(address))
    assert locator not in text(sign_in(LeaderFactory()).get(address))
    assert locator not in text(sign_in(MembershipFactory(team=payments).user).get(address))


PAYLOAD = '"><script>alert(1)</script>\u202e\nx'


def test_w8_hostile_names_are_shown_and_never_run(sign_in):
    team = TeamFactory(name=PAYLOAD)
    asset = AssetFactory(
        team=team,
        name=PAYLOAD,
        owner_reason=PAYLOAD,
        default_ref=f"refs/heads/{PAYLOAD}",
        attributes={PAYLOAD: PAYLOAD},
    )
    exposure = ExposureFactory(
        asset=asset, team=team, path=PAYLOAD, first_author=PAYLOAD, latest_author=PAYLOAD, owner_reason=PAYLOAD
    )
    read = ReadFactory(
        asset=asset, error=PAYLOAD, status="failed", skipped=[{"reason": PAYLOAD, "what": PAYLOAD, "count": 1}]
    )
    Source.objects.filter(pk=asset.source_id).update(name=PAYLOAD, config={"path": PAYLOAD})
    engineer = EngineerFactory(name=PAYLOAD)
    client = sign_in(engineer)
    AssetFactory(name=PAYLOAD)

    for name, *arguments in [
        ("exposures",), ("credentials",), ("assets",), ("sources",), ("unowned",),
        ("credential", opaque_id(engineer, "credential", exposure.credential_id)),
        ("asset", asset.pk), ("source", asset.source_id), ("run", read.run_id),
    ]:  # fmt: skip
        content = text(client.get(reverse(f"inventory:{name}", args=arguments), {}))

        assert "<script>alert" not in content, name
        assert "\u202e" not in content, name
        assert "&lt;script&gt;alert" in content, name


def test_the_fragment_of_an_ended_run_stops_the_polling(sign_in, payments):
    run = RunFactory(status="running", source=SourceFactory())
    client = sign_in(LeaderFactory())

    active = client.get(reverse("inventory:run-progress", args=[run.pk]))
    run.status = "complete"
    run.save()
    ended = client.get(reverse("inventory:run-progress", args=[run.pk]))

    assert (active.status_code, ended.status_code) == (200, 286)
    assert "<nav" not in text(active)


def test_only_an_active_run_asks_again(sign_in, payments):
    run = RunFactory(status="running", source=SourceFactory())
    client = sign_in(LeaderFactory())

    assert "hx-get" in text(client.get(reverse("inventory:run", args=[run.pk])))
    run.status = "partial"
    run.save()
    assert "hx-get" not in text(client.get(reverse("inventory:run", args=[run.pk])))


def test_navigation_has_only_what_the_person_may_open(sign_in, payments):
    member = text(sign_in(MembershipFactory(team=payments).user).get(reverse("inventory:help")))
    leader = text(sign_in(LeaderFactory()).get(reverse("inventory:help")))

    assert reverse("inventory:sources") not in member
    assert reverse("inventory:unowned") not in member
    assert reverse("inventory:sources") in leader
    assert 'aria-current="page"' in leader


def test_a_silent_source_is_counted_in_the_navigation(sign_in):
    SourceFactory(created_at=timezone.now() - timedelta(days=2))

    assert "1 silent" in text(sign_in(LeaderFactory()).get(reverse("inventory:help")))


def test_pages_have_no_inline_style_and_no_inline_script(sign_in, payments):
    leader = LeaderFactory()
    client = sign_in(leader)

    for address in {**addresses(leader, payments), **engine_room(payments)}.values():
        content = text(client.get(address))

        assert " style=" not in content, address
        assert "<style" not in content, address
        assert "onclick" not in content, address
        assert content.count("<script") == content.count("<script defer src=") + content.count("<script src="), address


def test_a_credential_without_a_known_issuer_still_says_what_to_do(sign_in):
    exposure = ExposureFactory(credential=CredentialFactory(provider="no-longer-there", rule="no-longer-there"))
    leader = LeaderFactory()

    content = text(
        sign_in(leader).get(
            reverse("inventory:credential", args=[opaque_id(leader, "credential", exposure.credential_id)])
        )
    )

    assert "where it was issued" in content


# How well a source was read -----------------------------------------------------------------------------------


@pytest.fixture
def partial_source():
    """A source whose last run read two of four assets to the end: one is partial, one failed."""
    source = SourceFactory(name="main")
    run = RunFactory(
        source=source, status="partial", finished_at=timezone.now(),
        counts={"repositories": 4, "commits": 1, "blobs": 2113, "bytes": 1_556_615, "skipped": 1},
    )  # fmt: skip
    for name, status in [("one", "complete"), ("two", "complete"), ("shallow", "partial"), ("broken", "failed")]:
        skipped = [{"reason": "shallow clone", "what": "run `git fetch`", "count": 1, "partial": True}]
        ReadFactory(
            run=run, asset=AssetFactory(source=source, name=name, last_status=status), status=status,
            error="It is corrupt." if status == "failed" else "", skipped=skipped if status == "partial" else [],
        )  # fmt: skip
    return source


def test_a_source_read_in_part_says_what_is_missing_and_leads_to_what_was_skipped(sign_in, partial_source):
    content = text(sign_in(LeaderFactory()).get(reverse("inventory:source", args=[partial_source.pk])))

    run = reverse("inventory:run", args=[partial_source.runs.get().pk])
    assert "Never yet" in content
    assert content.count("2 of 4 assets not read to the end") == 2
    assert f'href="{run}#reads"' in content
    assert "It is corrupt." in content
    assert "run <code>git fetch</code>" in content
    assert "everything was read" not in content


def test_the_list_of_sources_says_how_much_is_missing(sign_in, partial_source):
    content = text(sign_in(LeaderFactory()).get(reverse("inventory:sources")))

    assert "2 of 4 assets not read to the end" in content


def test_a_source_read_to_the_end_has_nothing_missing(sign_in):
    run = RunFactory(finished_at=timezone.now())
    ReadFactory(run=run, asset=AssetFactory(source=run.source, last_status="complete"))

    content = text(sign_in(LeaderFactory()).get(reverse("inventory:source", args=[run.source_id])))

    assert "nothing is missing" in content
    assert 'id="missing"' not in content


def test_an_ended_run_tells_its_numbers_as_people_do(sign_in, partial_source):
    run = partial_source.runs.get()

    content = text(sign_in(LeaderFactory()).get(reverse("inventory:run", args=[run.pk])))

    assert "2 of 4 read to the end, 1 in part, 1 failed" in content
    for phrase in ("4 repositories", "1 new commit<", "2,113 new file versions", "1 thing skipped", "1.6 MB read"):
        assert phrase in content, phrase


def widths(content):
    bar = content.split('<svg class="bar"')[1].split("</svg>")[0]
    return dict(re.findall(r'class="(\w+)"[^>]* width="([\d.]+)%"', bar))


def test_the_bar_of_a_run_is_full_of_what_was_read_only(sign_in, partial_source):
    content = text(sign_in(LeaderFactory()).get(reverse("inventory:run", args=[partial_source.runs.get().pk])))

    assert widths(content) == {"ok": "50.00", "part": "25.00", "over": "25.00"}


def test_a_run_that_failed_before_it_found_anything_has_no_bar(sign_in):
    run = RunFactory(status="failed", error="The folder is gone.", finished_at=timezone.now())

    content = text(sign_in(LeaderFactory()).get(reverse("inventory:run", args=[run.pk])))

    assert '<svg class="bar"' not in content
    assert "The folder is gone." in content


def test_what_is_known_of_an_asset_is_in_words(sign_in):
    learned = {
        "last_commit": "2026-11-17T14:45:16+00:00", "lfs": 3, "shallow": False, "commits": 2113, "some_new_key": 1,
    }  # fmt: skip
    asset = AssetFactory(attributes=learned)

    content = text(sign_in(LeaderFactory()).get(reverse("inventory:asset", args=[asset.pk])))

    pairs = re.findall(r"<dt>([^<]+)</dt><dd>([^<]*)</dd>", content)
    assert pairs[-5:] == [
        ("Commits", "2,113"), ("Last commit", "17 Nov 2026, 14:45 UTC"), ("Files in Git LFS", "3"),
        ("Shallow clone", "no"), ("Some new key", "1"),
    ]  # fmt: skip
