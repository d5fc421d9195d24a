"""P1: what can't be written to the audit trail does not happen, and says so."""

import pytest

from posture.incidents.models import Part
from tests.factories import MembershipFactory
from tests.incidents.test_opening import collected, expose

pytestmark = pytest.mark.django_db


def test_p1_an_act_whose_event_cannot_be_written_is_answered_503_and_changes_nothing(client, settings, tmp_path):
    lead = MembershipFactory(role="lead").user
    expose(lead.teams.get())
    collected()
    part = Part.objects.get()
    client.force_login(lead)
    settings.AUDIT_KEY_FILE = tmp_path / "lost.key"

    answer = client.post(f"/incidents/{part.pk}/act/", {"verb": "triage", "expected": part.changed})

    assert answer.status_code == 503
    assert str(tmp_path) not in answer.content.decode()
    assert (Part.objects.get().state, Part.objects.get().changed) == ("detected", part.changed)
