"""Only what was collected after a claim closes a part; a claim without evidence comes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Credential, Exposure, Version
from posture.audit.models import Event
from posture.incidents.models import Incident, Part
from posture.incidents.services.acts import Asked, act
from posture.incidents.services.closing import watch_claims
from posture.incidents.state import NotAllowed
from tests.factories import (
    AssetFactory,
    CredentialFactory,
    HoldingFactory,
    MembershipFactory,
    ReadFactory,
    SecretFactory,
    TeamFactory,
    VersionFactory,
)
from tests.incidents.test_opening import collected, expose

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return MembershipFactory(role="lead").user


@pytest.fixture
def exposure(lead):
    return expose(lead.teams.get())


def read_again(*assets, status="complete"):
    """Have assets read to the end, after whatever was claimed so far."""
    now = timezone.now()
    for asset in assets:
        ReadFactory(asset=asset, run__source=asset.source, status=status, started_at=now, finished_at=now)
        if status == "complete":
            asset.last_complete_at = now
            asset.save()


def look_again():
    Part.objects.update(checked_at=timezone.now() - timedelta(hours=1))
    watch_claims()


def claim(part, lead, verb="rotated"):
    act([part.pk], Asked(verb), actor=lead)


def remove(exposure):
    Exposure.objects.filter(pk=exposure.pk).update(place="history")


def revoke(exposure):
    Credential.objects.filter(pk=exposure.credential_id).update(
        validity="invalid", validity_at=timezone.now(), validity_reason="Its key is disabled in the account."
    )


def test_the_word_of_a_person_closes_nothing(lead, exposure):
    collected()
    claim(Part.objects.get(), lead)
    look_again()

    part = Part.objects.get()
    assert part.state == "rotated"
    assert part.missing[0] == "It still stands in 1 place in use or at the tip of a default branch."


def test_gone_from_the_tip_and_dead_in_a_newer_read_is_proved(lead, exposure):
    collected()
    claim(Part.objects.get(), lead)
    remove(exposure)
    revoke(exposure)
    read_again(exposure.asset)

    look_again()

    part = Part.objects.get()
    assert (part.state, part.missing) == ("verified_closed", [])
    assert Incident.objects.get().closed_at is not None
    event = Event.objects.about("part", [part.pk]).last()
    assert (event.verb, event.actor_id, event.data["validity"]) == ("incident.verify", None, "invalid")
    assert "1 place in history still shows it, dead" in event.reason


def test_a_read_from_before_the_claim_proves_nothing(lead, exposure):
    collected()
    remove(exposure)
    revoke(exposure)
    read_again(exposure.asset)
    claim(Part.objects.get(), lead)

    look_again()

    part = Part.objects.get()
    assert part.state == "rotated"
    assert part.missing == ["1 place has to be read once more, to the end."]


def test_a_partial_read_proves_nothing(lead, exposure):
    collected()
    claim(Part.objects.get(), lead)
    remove(exposure)
    revoke(exposure)
    read_again(exposure.asset, status="partial")

    look_again()

    assert Part.objects.get().state == "rotated"


def test_it_stays_open_while_any_current_version_holds_it(lead, exposure):
    staging = SecretFactory(asset=AssetFactory(kind="vault", team=TeamFactory()), environment="staging")
    version = VersionFactory(secret=staging, state="current", read_key=exposure.credential.key_id)
    HoldingFactory(credential=exposure.credential, version=version)
    collected()
    part = Part.objects.get(team=exposure.team)
    claim(part, lead)
    remove(exposure)
    revoke(exposure)
    read_again(exposure.asset, staging.asset)
    look_again()
    part.refresh_from_db()
    assert part.missing == ["1 current version of secrets of other teams holds it still."]

    Version.objects.update(state="superseded")
    VersionFactory(secret=staging, state="current", read_key=exposure.credential.key_id)
    read_again(exposure.asset, staging.asset)
    look_again()

    part.refresh_from_db()
    assert part.state == "verified_closed"


def test_w27_of_a_guessable_value_nothing_is_said_of_what_others_hold(lead):
    exposure = expose(lead.teams.get(), credential=CredentialFactory(weak=True))
    held = SecretFactory(asset=AssetFactory(kind="vault", team=TeamFactory()))
    HoldingFactory(credential=exposure.credential, version=VersionFactory(secret=held, state="current"))
    collected()
    claim(Part.objects.get(), lead)
    remove(exposure)
    revoke(exposure)
    read_again(exposure.asset)

    look_again()

    assert Part.objects.get().state == "verified_closed"


def test_what_nothing_can_check_is_vouched_for_by_name_and_never_called_proved(lead, exposure):
    collected()
    part = Part.objects.get()
    claim(part, lead)
    with pytest.raises(NotAllowed, match="something can be proved and is not yet"):
        act([part.pk], Asked("attest", "I revoked it"), actor=lead)
    remove(exposure)
    read_again(exposure.asset)
    look_again()

    act([part.pk], Asked("attest", "I revoked it at the vendor"), actor=lead)

    part = Part.objects.get()
    assert part.state == "attested"
    assert Event.objects.about("part", [part.pk]).last().actor_id == lead.pk


def test_a_claim_that_two_collections_disprove_goes_back_with_the_reason(lead, exposure):
    collected()
    claim(Part.objects.get(), lead)
    read_again(exposure.asset)
    look_again()
    assert Part.objects.get().state == "rotated"
    read_again(exposure.asset)

    look_again()

    part = Part.objects.get()
    assert (part.state, part.claimed_at) == ("assigned", None)
    assert "2 collections since the claim still show it" in Event.objects.about("part", [part.pk]).last().reason


def test_what_is_put_right_without_a_word_is_closed_too(exposure):
    collected()
    remove(exposure)
    revoke(exposure)
    read_again(exposure.asset)

    collected()

    assert Part.objects.get().state == "verified_closed"


def test_a_repository_that_left_its_source_proves_nothing(lead, exposure):
    collected()
    claim(Part.objects.get(), lead)
    revoke(exposure)
    exposure.asset.gone_at = timezone.now()
    exposure.asset.save()

    look_again()

    assert "left the list of its source" in Part.objects.get().missing[0]


def test_a_team_is_done_when_its_own_places_are_and_the_incident_when_all_are(lead, exposure):
    other = expose(TeamFactory(), credential=exposure.credential)
    collected()
    revoke(exposure)
    remove(exposure)
    read_again(exposure.asset, other.asset)
    collected()
    assert Part.objects.get(team=exposure.team).state == "verified_closed"
    assert Incident.objects.get().closed_at is None

    remove(other)
    read_again(other.asset)
    collected()

    assert Incident.objects.get().closed_at is not None
