"""No value that somebody pastes into a reason is kept."""

import secrets

import pytest

from inventory.free_text import HoldsValue
from posture.audit.models import Event
from posture.incidents.models import Part
from posture.incidents.services.acts import Asked, act
from tests.factories import MembershipFactory
from tests.incidents.test_opening import collected, expose

pytestmark = pytest.mark.django_db


def test_d1_a_reason_that_holds_a_value_is_refused_and_nothing_is_kept():
    lead = MembershipFactory(role="lead").user
    expose(lead.teams.get())
    collected()
    events = Event.objects.count()
    reason = f"an example: AWS_SECRET_ACCESS_KEY={secrets.token_hex(20)}"

    with pytest.raises(HoldsValue):
        act([Part.objects.get().pk], Asked("false_positive", reason), actor=lead)

    assert Part.objects.get().state == "detected"
    assert Event.objects.count() == events
