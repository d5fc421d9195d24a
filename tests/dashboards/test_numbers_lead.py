"""Every number of the overview, a team's page and rotation leads to exactly its items."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Credential, Exposure, Secret
from posture.accounts.models import Team
from posture.pipeline import advance
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    PrincipalFactory,
    SecretFactory,
    TeamFactory,
    VersionFactory,
)

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*\?[^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
HEADED = re.compile(r'<h2>([\d,]+) [^<]*</h2><a href="([^"]*\?[^"]*)">All</a>')
STAT = re.compile(r'class="value[^"]*">([\d,]+)<')
NUMBER = re.compile(r"(?<![\d.])\d[\d,]*")


def days(number):
    return timezone.now() + timedelta(days=number)


def exposed(asset, credential=None, age=20, **more):
    credential = credential or CredentialFactory()
    return ExposureFactory(asset=asset, credential=credential, first_at=days(-age), owner_kind="hand", **more)


@pytest.fixture
def organisation():
    """Payments with Ledger below it, and Logistics, that share a value; each with repositories and a store."""
    payments = TeamFactory(name="Payments", slug="payments")
    teams = [
        payments,
        TeamFactory(name="Ledger", slug="ledger", parent=payments),
        TeamFactory(name="Logistics", slug="logistics"),
    ]
    shared = CredentialFactory()
    for number, team in enumerate(teams):
        repository = AssetFactory(team=team, owner_kind="hand", last_read_at=days(0), last_complete_at=days(0))
        AssetFactory(team=team, owner_kind="hand", visibility="private")
        AssetFactory(team=team, owner_kind="hand", last_status="failed", last_read_at=days(0))
        store = AssetFactory(team=team, owner_kind="hand", kind="vault", last_read_at=days(0), last_complete_at=days(0))
        exposed(repository, shared, 10 + 100 * number)
        for age in (3, 50, 200, 500)[: number + 2]:
            exposed(repository, age=age)
        stored = HoldingFactory(version__secret__asset=store)
        exposed(repository, stored.credential, age=70)
        HoldingFactory(version__secret__asset=store, version__read_key="0123456789ab")
        for due in (-3, 5, 40)[: 3 - number]:
            SecretFactory(asset=store, path=f"due/{due}", created_at=days(-90))
        SecretFactory(asset=store)
        SecretFactory(asset=store, auto_rotated=True, rotation_failed=True)
        PrincipalFactory(asset=store)
        SecretFactory(asset=store, ephemeral=True, kind="dynamic-credential")
    exposed(AssetFactory())
    advance()
    for due in (-3, 5, 40):
        Secret.objects.filter(path=f"due/{due}").update(due_at=days(due))
    # The child team's place is the worse one, which says nothing of the parent's own.
    Exposure.objects.filter(credential=shared).update(severity="low")
    Exposure.objects.filter(credential=shared, team__slug="ledger").update(severity="critical")
    Credential.objects.filter(pk=shared.pk).update(severity="critical")
    return teams


def listed(client, url):
    """Return how many rows the list behind an address has."""
    context = client.get(url.partition("#")[0]).context
    if "figures" in context:
        figures = context["figures"]
        return figures["total"] if isinstance(figures, dict) else figures.total
    return context["page"].selected


def links(page):
    """Yield each address of a page that leads to some of a list, with the number that leads there."""
    main = re.search(r"<main.*</main>", page, re.DOTALL).group(0)
    for address, inner in LINK.findall(main):
        shown = STAT.search(inner)
        words = shown.group(1) if shown else re.sub(r"<[^>]+>", " ", inner)
        if address.startswith("/") and (found := NUMBER.search(words)):
            yield html.unescape(address), int(found.group(0).replace(",", ""))
    for number, address in HEADED.findall(main):
        yield html.unescape(address), int(number.replace(",", ""))


def points(chart):
    """Yield each piece of a chart's picture: where it leads, and how many it stands for."""
    for trace in chart.figure["data"] if chart.figure else ():
        if trace["type"] == "bar":
            numbers = trace["x"] if trace.get("orientation") == "h" else trace["y"]
            yield from zip(trace["customdata"], numbers, strict=True)


@pytest.mark.slow
@pytest.mark.parametrize("who", ["leader", "member"])
@pytest.mark.parametrize(
    "path", ["/", "/teams/payments/", "/teams/logistics/", "/rotation/", "/rotation/?team=payments"]
)
def test_every_number_leads_to_exactly_its_items(client, organisation, path, who):
    member = MembershipFactory(team=organisation[0]).user
    MembershipFactory(team=organisation[2], user=member)
    client.force_login(LeaderFactory() if who == "leader" else member)

    response = client.get(path)

    page = response.context["page"]
    charts = getattr(page, "charts", None) or [page.chart]
    numbers = [*links(response.content.decode()), *(each for chart in charts for each in points(chart) if each[1])]
    assert len(numbers) > 12
    assert {(url, number): listed(client, url) for url, number in set(numbers)} == {
        (url, number): number for url, number in set(numbers)
    }


@pytest.mark.parametrize("path", ["/", "/teams/payments/"])
def test_what_stores_owe_and_do_not_tell_is_counted_with_its_items(client, organisation, path):
    value = CredentialFactory()
    for team in organisation[:2]:
        store = AssetFactory(kind="vault", team=team, owner_kind="hand")
        HoldingFactory(credential=value, version__secret__asset=store)
        PrincipalFactory(asset=store, last_used_at=days(-1))
        # What is gone owes nothing, whatever was wrong with it.
        PrincipalFactory(asset=store, gone_at=days(-1))
        VersionFactory(secret=SecretFactory(asset=store, rotation_failed=True, gone_at=days(-1)))
    advance()
    alone = "" if path == "/" else "&team_only=payments"
    client.force_login(LeaderFactory())

    shown = dict(links(client.get(path).content.decode()))

    asked = ("state=failed", "state=late", "state=soon", "state=unknown", "unread=yes")
    wanted = [f"/secrets/?{each}{alone}" for each in asked] + [f"/access/?state=unknown{alone}"]
    assert {url: shown[url] for url in wanted} == {url: listed(client, url) for url in wanted}
    assert min(shown[url] for url in wanted if "late" not in url and "soon" not in url) > 0
    assert f"/assets/?kind=repository&visibility=unknown{alone}" in shown
    assert client.get(path).context["page"].stored.reused == 1


def test_w6_a_member_is_told_what_the_stores_of_their_own_teams_owe_alone(client, organisation):
    own = organisation[1:]
    client.force_login(MembershipFactory(team=own[1], user=MembershipFactory(team=own[0]).user).user)

    shown = dict(links(client.get("/").content.decode()))

    asked = [f"/secrets/?{each}" for each in ("state=failed", "state=late", "unread=yes")] + ["/access/?state=unknown"]
    assert {url: shown.get(url, 0) for url in asked} == {url: listed(client, url) for url in asked}
    assert client.get("/").context["page"].stored.secrets == Secret.objects.filter(team__in=own).count() > 0


@pytest.mark.parametrize("who", ["leader", "member"])
def test_w27_reused_values_are_counted_as_the_page_of_reuse_lists_them(client, organisation, who):
    payments, _, logistics = organisation

    def share(*teams, weak):
        value = CredentialFactory(weak=weak)
        for team in teams:
            store = AssetFactory(kind="vault", team=team, owner_kind="hand")
            HoldingFactory(credential=value, version__secret__asset=store)

    for weak in (False, True):
        share(payments, logistics, weak=weak)
        share(payments, payments, weak=weak)
        share(logistics, logistics, weak=weak)
    advance()
    client.force_login(LeaderFactory() if who == "leader" else MembershipFactory(team=payments).user)

    shown = client.get("/teams/payments/").context["page"].stored.reused

    # A guessable value that another team holds once more is not told of.
    assert shown == listed(client, "/reuse/?team_only=payments") == (4 if who == "leader" else 3)
    assert client.get("/api/v1/overview/").json()["stored"]["reused"] == listed(client, "/reuse/")


def test_a_team_alone_is_told_by_its_own_places(client, organisation):
    client.force_login(LeaderFactory())
    address = "/credentials/?exposed=yes&team_only=payments"

    assert listed(client, f"{address}&severity=critical") == 0
    assert listed(client, "/credentials/?exposed=yes&team=payments&severity=critical") == 1
    assert 'class="sev critical' not in client.get(address).content.decode()
    file = b"".join(client.get(address.replace("/?", "/export.csv?"))).decode()
    assert "low" in file
    assert "critical" not in file
    told = client.get(f"/api/v1{address}").json()["results"]
    assert {row["severity"] for row in told}.isdisjoint({"critical"})
    assert len(told) == listed(client, address)


def test_w1_a_team_that_the_viewer_does_not_see_is_not_known_to_the_filter(client, organisation):
    client.force_login(MembershipFactory(team=organisation[1]).user)

    assert client.get("/credentials/?team_only=ledger").status_code == 200
    assert client.get("/credentials/?team_only=payments").status_code == 400
    assert Team.objects.filter(slug="payments").exists()
