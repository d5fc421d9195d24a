"""Every page of the product, with real rows, at both widths and in both themes: no barrier and no complaint."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.limit_rows import LimitRow
from inventory.services.policies import ask_exemption, change_policy
from posture.accounts.opaque import opaque_id
from posture.pipeline import advance
from tests.accounts.hostile import PAYLOADS
from tests.factories import (
    AssetFactory,
    EngineerFactory,
    ExposureFactory,
    GrantFactory,
    HoldingFactory,
    LeaderFactory,
    MembershipFactory,
    PrincipalFactory,
    ReadFactory,
    RunFactory,
    SecretFactory,
    SnapshotFactory,
    SourceFactory,
    TeamFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = [(1440, False), (390, True)]
STORED = ["/secrets/", "/rotation/", "/reuse/", "/access/", "/policies/", "/exemptions/"]


def inventory(words: str = "payments") -> dict[str, str]:
    """Rows of every kind, and the address of every page that shows one."""
    now = timezone.now()
    source = SourceFactory(name=f"main {words}")
    team = TeamFactory(name=f"Team {words}", slug="payments")
    MembershipFactory(team=team, user__name=f"Tomas {words}")
    kept = {"source": source, "team": team, "last_read_at": now, "last_complete_at": now, "owner_kind": "hand"}
    asset = AssetFactory(name=f"halden/{words}", owner_reason=f"Assigned {words}", environment="production", **kept)
    AssetFactory(name=f"halden/unowned {words}", source=source)
    AssetFactory(name="halden/partial", last_status="partial", unread=[skip(words)], **kept)
    for days in (3, 45, 200, 500):
        row = ExposureFactory(
            asset=asset,
            path=f"config/{words}/{days}.env",
            first_author=f"Tomas {words}",
            first_at=now - timedelta(days=days),
            place="tip" if days < 100 else "history",
            removed_commit="0" * 40 if days > 100 else "",
            removed_author=words if days > 100 else "",
            removed_at=now if days > 100 else None,
            owner_kind="hand",
        )
    HoldingFactory(credential=row.credential, version__secret__path=f"kv/{words}")
    vault = AssetFactory(kind="vault mount", name=f"kv {words}", **kept)
    secret, principal = stored(vault, words)
    run = RunFactory(source=source, status="partial", error=f"Error {words}", skipped=[skip(words)], started_at=now)
    ReadFactory(run=run, asset=asset, status="dead", error=f"Given up {words}", skipped=[skip(words)], step=words[:90])
    active = RunFactory(source=SourceFactory(name="other"), status="running", started_at=now)
    ReadFactory(
        run=active, asset=AssetFactory(source=active.source), status="running", step="scanning", done=3, total=9
    )
    advance()
    SnapshotFactory(team=team, day=now.date() - timedelta(days=9), score=40, card={"pillars": [], "costs": []})
    return {
        "credential": str(row.credential_id),
        "asset": f"/assets/{asset.pk}/",
        "source": f"/sources/{source.pk}/",
        "run": f"/runs/{run.pk}/",
        "active run": f"/runs/{active.pk}/",
        "secret": f"/secrets/{secret}/",
        "principal": f"/access/{principal}/",
    }


def stored(vault, words: str) -> tuple[int, int]:
    """Secrets, a principal with a rule, limits and an exemption; returns the ids of a secret and of the principal."""
    now = timezone.now()
    facts = {
        "evidence": {"created_at": words[:300]},
        "attributes": {words[:40]: words[:300]},
        "environment": words[:40],
    }
    for days in (5, 80, 400):
        secret = SecretFactory(
            asset=vault,
            path=f"{words}/{days}",
            address=f"kv/{days}",
            kind="generic-secret",
            created_at=now - timedelta(days=days),
            team=vault.team,
            owner_kind="hand",
            **facts,
        )
    held = HoldingFactory(version__secret=secret, version__number=words[:100], key=words[:100])
    for environment in ("production", "staging", ""):
        other = SecretFactory(asset=vault, path=f"{words}/{environment}", team=vault.team, environment=environment)
        HoldingFactory(version__secret=other, credential=held.credential)
    principal = PrincipalFactory(
        asset=vault, name=words, kind="human", owner_kind="hand", admin=True, granted=9, used=1, attributes=facts
    )
    GrantFactory(principal=principal, rule=f"policy {words}", condition=words[:200], capabilities=["read", "admin"])
    engineer = EngineerFactory()
    change_policy(
        rows=[LimitRow(400, kind="cloud-key", reason=words[:200])],
        unused_human_days=45,
        unused_machine_days=90,
        most_readers={"critical": 5},
        note=words[:300],
        by=engineer,
        based_on=0,
    )
    ask_exemption(of="rotation", thing=secret, reason=words[:900], ends_on=now.date() + timedelta(days=9), by=engineer)
    return secret.pk, principal.pk


def skip(words: str) -> dict[str, object]:
    return {"reason": f"larger than the limit {words}", "what": f"big-{words}.bin", "count": 2, "partial": True}


def pages(rows: dict[str, str], user) -> list[str]:
    credential = reverse("inventory:credential", args=[opaque_id(user, "credential", int(rows["credential"]))])
    return [
        "/", "/teams/", "/teams/payments/", "/teams/payments/?actions=all", "/exposures/", "/credentials/", credential,
        "/assets/", rows["asset"], "/sources/", rows["source"], rows["run"], rows["active run"], "/unowned/", "/help/",
        "/settings/", "/settings/tokens/", "/settings/people/", "/settings/teams/", "/sources/add/",
        f"{rows['source']}edit/", f"{rows['source']}remove/", "/sources/add/?kind=vault",
        "/secrets/", rows["secret"], f"{rows['secret']}exempt/", "/rotation/", "/reuse/", "/access/", rows["principal"],
        "/policies/", "/policies/edit/", "/exemptions/",
        "/teams/payments/?pillar=exposure", "/teams/payments/?pillar=rotation",
        "/reuse/?environment=production&environment=none", "/access/?environments=production,none",
        "/exposures/?severity=medium&place=tip&q=config", "/exposures/?q=nothing-like-this",
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_every_page_is_accessible_and_fits(visit, accessible, width, dark):
    engineer = EngineerFactory(name="Pavel Novak")
    rows = inventory()
    page = visit("/", engineer, width=width, dark=dark)

    for address in pages(rows, engineer):
        page.goto(address, wait_until="load")
        accessible(page)


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_every_page_is_accessible_and_fits_with_no_rows_at_all(visit, accessible, width, dark):
    leader = LeaderFactory()
    page = visit("/", leader, width=width, dark=dark)

    for address in ["/", "/teams/", "/exposures/", "/credentials/", "/assets/", "/sources/", "/unowned/", *STORED]:
        page.goto(address, wait_until="load")
        accessible(page)


def test_w8_no_text_from_collectors_or_people_is_run_by_a_real_browser(visit):
    engineer = EngineerFactory(name=PAYLOADS[0])
    rows = inventory(" ".join(PAYLOADS)[:900].replace("\x00", ""))
    page = visit("/", engineer)

    for address in pages(rows, engineer):
        page.goto(address, wait_until="networkidle")
        page.mouse.wheel(0, 4000)
        assert page.evaluate("document.querySelectorAll('main script:not([type=\"application/json\"])').length") == 0


def test_the_queue_counts_what_is_ticked_and_keeps_it_when_the_team_is_not_clear(visit):
    inventory()
    TeamFactory(name="Payroll", slug="payroll")
    TeamFactory(name="Payback", slug="payback")
    page = visit("/unowned/", EngineerFactory())
    bar = page.locator("[data-selected]")
    assert bar.inner_text() == "Tick assets or exposures below"

    page.locator("input[name=asset]").first.check()
    assert bar.inner_text() == "1 asset selected"
    page.locator("#team").fill("pay")
    page.get_by_role("button", name="Assign").click()

    assert "Which team is meant" in page.locator("[role=alert]").inner_text()
    assert bar.inner_text() == "1 asset selected"
    page.locator("#team").fill("Payroll")
    page.get_by_role("button", name="Assign").click()
    assert "1 asset is now owned by Payroll." in page.locator(".toasts").inner_text()


def test_nothing_in_the_navigation_is_cut_off(visit):
    page = visit("/help/", EngineerFactory(name="Maximiliane Featherstonehaugh"))

    cut = """[...document.querySelectorAll(".nav a, .whoami .name, .whoami small")]
        .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline")
        .map((each) => each.textContent)"""
    assert page.evaluate(cut) == []


@pytest.mark.parametrize("path", ["/exposures/", "/credentials/", "/assets/"])
def test_on_a_phone_words_of_one_line_stand_on_one_line_and_no_keys_are_offered(visit, path):
    inventory()
    page = visit(path, LeaderFactory(), width=390)

    uneven = """[...document.querySelectorAll(".table.compact tbody tr")].flatMap((row) => {
        const range = document.createRange(), words = [];
        const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            if (!walk.currentNode.data.trim() || walk.currentNode.parentElement.closest(".sr, .sev, .tag")) continue;
            range.selectNodeContents(walk.currentNode);
            for (const box of range.getClientRects()) words.push([box.bottom, walk.currentNode.data]);
        }
        const gap = (one, other) => Math.abs(one[0] - other[0]);
        return words.filter((one) => words.some((other) => gap(one, other) > 2.5 && gap(one, other) < 9));
    }).map((each) => each[1])"""
    assert page.evaluate(uneven) == []
    assert page.locator(".keys:visible").count() == 0


def test_charts_are_drawn_and_a_table_stands_beside_each(visit):
    inventory()
    page = visit("/", LeaderFactory())
    page.mouse.wheel(0, 2000)

    page.wait_for_selector(".plot .main-svg")

    page.evaluate("document.querySelectorAll('details.astable').forEach((each) => (each.open = true))")
    inside = """[...document.querySelectorAll('.astable .scroll')].every((each) =>
        each.getBoundingClientRect().right <= each.closest('.panel').getBoundingClientRect().right)"""
    assert page.evaluate(inside), "a table must scroll in its panel, not spill over the next one"
    charts = page.locator("figure.chart").count()
    assert charts >= 2
    assert page.locator("figure.chart details table").count() == charts


@pytest.mark.parametrize("path", ["/", "/policies/edit/"])
def test_on_a_phone_the_head_of_a_table_that_scrolls_in_itself_covers_no_row(visit, path):
    inventory()
    page = visit(path, EngineerFactory(), width=390)

    page.evaluate("document.querySelectorAll('details.astable').forEach((each) => (each.open = true))")
    covered = """[...document.querySelectorAll('.scroll > .table')].map((table) =>
        table.querySelector('thead th').getBoundingClientRect().bottom -
        table.querySelector('tbody tr').getBoundingClientRect().top)"""
    found = page.evaluate(covered)
    assert found
    assert max(found) < 1


def test_on_a_phone_a_secret_whose_name_is_one_long_word_fits(visit, accessible):
    serial = ":".join(f"{number:02x}" for number in range(20))
    secret = SecretFactory(path=f"cert/{serial}", kind="certificate")

    accessible(visit(f"/secrets/{secret.pk}/", EngineerFactory(), width=390))


def test_on_a_phone_what_a_number_is_stands_on_its_line(visit):
    SecretFactory(created_at=timezone.now() - timedelta(days=1086))
    page = visit("/secrets/", EngineerFactory(), width=390)

    # A name in two lines is taller than its first word.
    broken = """[...document.querySelectorAll(".table.compact .labelled")].filter((each) => {
        const style = getComputedStyle(each, "::before");
        return each.clientWidth && parseFloat(style.height) > parseFloat(style.lineHeight) * 1.5;
    }).map((each) => each.dataset.label)"""
    assert page.locator(".table.compact .labelled").count() > 0
    assert page.evaluate(broken) == []


def test_on_a_phone_a_credential_shares_its_line_with_its_severity_alone(visit):
    ExposureFactory(credential__kind="api-key")
    page = visit("/credentials/", EngineerFactory(), width=430)

    beside = """[...document.querySelectorAll(".table.compact tbody tr")].map((row) => {
        const [name, next] = [".first", ".first + td"].map((each) => row.querySelector(each).getBoundingClientRect());
        return next.top - name.bottom;
    })"""
    found = page.evaluate(beside)
    assert found
    assert min(found) > -1


def test_ticking_an_action_shows_the_score_it_would_give(visit):
    inventory()
    page = visit("/teams/payments/", LeaderFactory())

    page.locator("input[name=fix]").first.check()
    page.wait_for_selector("#what-if .gain")

    assert "+" in page.locator("#what-if .gain").inner_text()


def test_a_page_reads_without_javascript_and_offers_the_same_what_if(visit):
    inventory()
    page = visit("/teams/payments/", LeaderFactory(), javascript=False)

    page.locator("input[name=fix]").first.check()
    page.locator("noscript button, button:has-text('Work out')").first.click()

    assert "+" in page.locator("#what-if .gain").inner_text()
