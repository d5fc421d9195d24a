import pytest

from inventory.models import Asset, Credential, Exposure
from inventory.services import assign_owner, work_out_owners, work_out_severities
from posture.accounts.models import Team
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    EngineerFactory,
    ExposureFactory,
    HoldingFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def rule(match, team=None, **more):
    from inventory.models import OwnershipRule

    return OwnershipRule.objects.create(match=match, team=team, position=OwnershipRule.objects.count(), **more)


def test_a_codeowners_line_beats_the_rule_of_the_repository_for_its_paths():
    payments, platform = TeamFactory(slug="payments", handles=["@halden/payments"]), TeamFactory(slug="platform")
    rule("repository:*", platform)
    asset = AssetFactory(codeowners="/pay/ @halden/payments\n")
    mine, other = ExposureFactory(asset=asset, path="pay/x.py"), ExposureFactory(asset=asset, path="ops/y.py")

    work_out_owners()

    mine.refresh_from_db()
    other.refresh_from_db()
    asset.refresh_from_db()
    assert (mine.team, other.team, asset.team) == (payments, platform, platform)
    assert "CODEOWNERS line 1" in mine.owner_reason
    assert "repository:*" in other.owner_reason


def test_what_was_assigned_by_hand_stays_with_its_exposures_whatever_the_name_rules_say():
    team, other = TeamFactory(slug="a"), TeamFactory(slug="b")
    asset = AssetFactory()
    exposure = ExposureFactory(asset=asset)
    engineer = EngineerFactory(name="Ingrid Dahl")
    assign_owner(assets=[asset], exposures=[], team=team, by=engineer)
    rule("repository:*", other)

    work_out_owners()

    asset.refresh_from_db()
    exposure.refresh_from_db()
    assert asset.team == team
    assert asset.owner_reason.startswith("Assigned by Ingrid Dahl")
    assert exposure.team == team


def test_without_a_path_rule_an_exposure_goes_with_its_repository():
    team = TeamFactory(slug="a")
    asset = AssetFactory()
    exposure = ExposureFactory(asset=asset)

    assign_owner(assets=[asset], exposures=[], team=team, by=EngineerFactory())
    work_out_owners()

    exposure.refresh_from_db()
    assert (exposure.team, exposure.owner_kind) == (team, "asset")


def test_rules_describe_assets_the_first_that_says_a_word_wins():
    rule("repository:*/pay-*", None, tier="critical", environment="production")
    rule("repository:*", None, tier="low", visibility="restricted")
    asset = AssetFactory(name="halden/pay-api")

    work_out_owners()

    asset.refresh_from_db()
    assert (asset.tier, asset.environment, asset.visibility) == ("critical", "production", "restricted")


def test_nobody_is_said_plainly():
    asset = AssetFactory()

    work_out_owners()

    asset.refresh_from_db()
    assert asset.team is None
    assert asset.owner_reason
    assert Asset.objects.unowned().get() == asset


def test_a_change_of_owner_marks_both_teams_for_scoring():
    before, after = TeamFactory(slug="a"), TeamFactory(slug="b")
    asset = AssetFactory(team=before)
    ExposureFactory(asset=asset, team=before, path="x")
    rule("repository:*", after)
    Team.objects.update(score_due=False)

    work_out_owners()

    assert set(Team.objects.filter(score_due=True)) == {before, after}


def test_giving_by_hand_marks_the_team_before_and_the_team_after_for_scoring():
    before, of_exposure, after, _ = (TeamFactory() for _ in range(4))
    asset, exposure = AssetFactory(team=before), ExposureFactory(team=of_exposure)
    Team.objects.update(score_due=False)

    assign_owner(assets=[asset], exposures=[exposure], team=after, by=EngineerFactory())

    assert set(Team.objects.filter(score_due=True)) == {before, of_exposure, after}


def test_severity_follows_what_a_value_opens_and_says_why():
    production = ExposureFactory(asset__environment="production", asset__visibility="public").credential
    test_only = ExposureFactory(in_test_path=True).credential
    held = ExposureFactory().credential
    HoldingFactory(credential=held)
    unknown = ExposureFactory().credential

    assert work_out_severities() == 4

    found = dict(Credential.objects.values_list("pk", "severity"))
    assert [found[row.pk] for row in (production, test_only, held, unknown)] == ["critical", "low", "high", "medium"]
    assert "not known" in Credential.objects.get(pk=unknown.pk).severity_reason
    assert work_out_severities() == 0


def test_the_inventorys_words_for_credentials():
    exposed = ExposureFactory().credential
    gone = ExposureFactory(gone_at="2026-01-01T00:00Z").credential
    current = HoldingFactory(credential=ExposureFactory().credential).credential
    old = HoldingFactory(version__state="superseded").credential
    CredentialFactory()

    assert set(Credential.objects.exposed()) == {exposed, current}
    assert set(Credential.objects.unmanaged()) == {exposed}
    assert set(Credential.objects.managed()) == {current, old}
    assert set(Credential.objects.current()) == {current}
    assert set(Credential.objects.superseded()) == {old}
    assert gone not in Credential.objects.unmanaged()
    assert Exposure.objects.present().count() == 2


def test_g27_a_line_for_everything_moves_no_exposure_of_a_repository_that_a_rule_gives_to_a_team():
    payments, strangers = TeamFactory(slug="payments", name="Payments"), TeamFactory(handles=["@halden/strangers"])
    rule("repository:pay-*", payments)
    asset = AssetFactory(name="halden/pay-api", codeowners="* @halden/strangers\n")
    exposure = ExposureFactory(asset=asset)

    work_out_owners()

    asset.refresh_from_db()
    exposure.refresh_from_db()
    assert (asset.team, exposure.team) == (payments, payments)
    assert not strangers.exposures.exists()
    assert "but rule repository:pay-* gives it to Payments" in asset.owner_reason
    assert exposure.owner_reason == asset.owner_reason


def given_by_line(owner, other, path):
    rule(f"repository:{path}-*", owner)
    asset = AssetFactory(name=f"{path}-api", codeowners=f"/{path}/ {other.handles[0]}\n")
    return ExposureFactory(asset=asset, path=f"{path}/a.env")


def test_g27_what_a_line_gives_to_a_strange_team_is_found_and_what_stays_in_the_family_is_not(client):
    payments = TeamFactory(slug="payments", handles=["@halden/payments"])
    web = TeamFactory(slug="web", parent=payments, handles=["@halden/web"])
    strangers = TeamFactory(slug="strangers", handles=["@halden/strangers"])
    away = given_by_line(payments, strangers, "away")
    down, up = given_by_line(payments, web, "down"), given_by_line(web, payments, "up")
    ExposureFactory(asset=AssetFactory(name="plain", codeowners="* @halden/strangers\n"))
    work_out_owners()
    for row, team in ((away, strangers), (down, web), (up, payments)):
        row.refresh_from_db()
        assert row.team == team

    client.force_login(EngineerFactory())
    listed = client.get("/exposures/?given=yes").context["rows"]
    queue = client.get("/unowned/").content.decode()

    assert [row.pk for row in listed] == [away.pk]
    assert "given away by CODEOWNERS" in away.owner_reason
    assert "1 exposure is given away by CODEOWNERS" in queue
    assert "/exposures/?given=yes" in queue
