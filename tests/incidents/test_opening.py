"""One incident per value, one part per team; opening again opens nothing twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Credential, Exposure
from inventory.services import work_out_severities
from posture.audit.models import Event
from posture.incidents.models import Incident, Part
from posture.incidents.services.opening import open_incidents
from posture.incidents.standing import standings
from posture.notify.models import Delivery
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    ExposureFactory,
    HoldingFactory,
    MembershipFactory,
    SecretFactory,
    TeamFactory,
    VersionFactory,
)

pytestmark = pytest.mark.django_db


def collected() -> None:
    """Bring everything up to date, as after a collection."""
    Credential.objects.update(severity_due=True)
    work_out_severities()
    open_incidents()


def expose(team, **more):
    asset = more.pop("asset", None) or AssetFactory(team=team)
    return ExposureFactory(asset=asset, team=team, owner_kind="asset", **more)


def test_a_value_in_many_places_of_two_teams_is_one_incident_with_a_part_for_each():
    payments, search = TeamFactory(), TeamFactory()
    credential = CredentialFactory()
    for team in (payments, payments, search):
        expose(team, credential=credential)

    collected()

    incident = Incident.objects.get()
    assert {part.team for part in incident.parts.all()} == {payments, search}
    assert {part.state for part in incident.parts.all()} == {"detected"}


def test_collecting_again_opens_nothing_twice_and_says_nothing_twice():
    lead = MembershipFactory(role="lead")
    expose(lead.team)
    collected()
    collected()

    assert (Incident.objects.count(), Part.objects.count()) == (1, 1)
    assert Event.objects.filter(verb="incident.open").count() == 1
    assert Delivery.objects.filter(person=lead.user, kind="incident.opened").count() == 1


def test_the_owner_is_the_team_of_the_oldest_live_place():
    older, newer = TeamFactory(), TeamFactory()
    credential, now = CredentialFactory(), timezone.now()
    expose(newer, credential=credential, first_at=now - timedelta(days=1))
    expose(older, credential=credential, first_at=now - timedelta(days=90))
    expose(TeamFactory(), credential=credential, first_at=now - timedelta(days=900), place="history")

    collected()

    assert Incident.objects.get().team == older


def test_history_of_a_dead_value_opens_nothing():
    credential = CredentialFactory(validity="invalid")
    expose(TeamFactory(), credential=credential, place="history")

    collected()

    assert not Incident.objects.exists()


def test_the_team_whose_secret_holds_an_exposed_value_has_a_part_of_it():
    exposing, holding = TeamFactory(), TeamFactory()
    credential = CredentialFactory()
    expose(exposing, credential=credential)
    secret = SecretFactory(asset=AssetFactory(team=holding, kind="vault"), team=holding)
    HoldingFactory(credential=credential, version=VersionFactory(secret=secret, state="current"))

    collected()

    assert {part.team for part in Part.objects.all()} == {exposing, holding}


def test_w27_a_guessable_value_gives_no_part_to_a_team_that_only_holds_it():
    exposing, holding = TeamFactory(), TeamFactory()
    credential = CredentialFactory(weak=True)
    expose(exposing, credential=credential)
    secret = SecretFactory(asset=AssetFactory(team=holding, kind="vault"), team=holding)
    HoldingFactory(credential=credential, version=VersionFactory(secret=secret, state="current"))

    collected()

    assert {part.team for part in Part.objects.all()} == {exposing}


def test_a_worse_severity_brings_the_deadline_forward_and_never_puts_it_off():
    exposure = expose(TeamFactory(), asset=AssetFactory(team=TeamFactory(), environment="development"))
    collected()
    before = Part.objects.get()
    exposure.asset.environment = "production"
    exposure.asset.save()

    collected()

    after = Part.objects.get()
    assert (before.severity, after.severity) == ("medium", "high")
    assert after.verify_by < before.verify_by
    assert Event.objects.filter(verb="incident.rate").count() == 1


def test_a_closed_value_in_a_live_place_again_reopens_and_one_in_history_does_not():
    exposure = expose(TeamFactory(), place="history")
    collected()
    Part.objects.update(state="verified_closed", is_open=False, closed_at=timezone.now())
    collected()
    assert Part.objects.get().state == "verified_closed"

    Exposure.objects.filter(pk=exposure.pk).update(place="tip")
    collected()

    part = Part.objects.get()
    assert (part.state, part.reopened, part.closed_at) == ("reopened", 1, None)
    assert Incident.objects.get().closed_at is None


def test_what_a_person_set_aside_stays_so():
    expose(TeamFactory())
    collected()
    Part.objects.update(state="false_positive", is_open=False, closed_at=timezone.now())

    collected()

    assert Part.objects.get().state == "false_positive"


def test_places_that_move_to_another_team_take_the_incident_along():
    before, after = TeamFactory(), TeamFactory()
    exposure = expose(before)
    collected()
    Exposure.objects.filter(pk=exposure.pk).update(team=after)

    collected()

    assert dict(Part.objects.values_list("team__slug", "state")) == {
        before.slug: "handed_over",
        after.slug: "detected",
    }


def test_many_new_incidents_of_a_team_are_one_message():
    lead = MembershipFactory(role="lead")
    for _ in range(8):
        expose(lead.team)

    collected()

    assert [row.subject for row in Delivery.objects.filter(person=lead.user)] == [
        f"8 new incidents of {lead.team.name}"
    ]


def test_a_team_whose_places_are_gone_keeps_its_part_until_evidence_closes_it():
    cleaned, other = TeamFactory(), TeamFactory()
    exposure = expose(cleaned)
    expose(other, credential=exposure.credential)
    collected()
    Exposure.objects.filter(pk=exposure.pk).update(gone_at=timezone.now())

    collected()

    assert Part.objects.get(team=cleaned).state == "detected"


def test_a_value_that_comes_back_worse_is_one_change():
    exposure = expose(TeamFactory(), asset=AssetFactory(team=TeamFactory(), environment="development"))
    collected()
    Part.objects.update(state="verified_closed", is_open=False, closed_at=timezone.now())
    exposure.asset.environment = "production"
    exposure.asset.save()

    collected()

    part = Part.objects.get()
    assert (part.state, part.severity, part.changed) == ("reopened", "high", 1)
    assert part.verify_by - part.opened_at == timedelta(days=7)


def test_the_same_places_give_the_same_reason_every_time():
    team = TeamFactory()
    exposures = [expose(team) for _ in range(2)]
    Exposure.objects.update(credential=exposures[0].credential)
    for exposure, reason in zip(exposures, ("It opens production.", "A store holds it."), strict=True):
        Exposure.objects.filter(pk=exposure.pk).update(severity="high", severity_reason=reason)

    found = standings([exposures[0].credential])

    assert found[exposures[0].credential_id][team.pk].severity_reason == "A store holds it."
