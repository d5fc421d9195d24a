"""The slice's verbs."""

from posture.incidents.services.acts import Asked, Done, act, may, undo
from posture.incidents.services.closing import watch_claims
from posture.incidents.services.deadlines import sweep_deadlines
from posture.incidents.services.opening import open_incidents
from posture.incidents.services.parts import Conflict
from posture.incidents.services.triggered import open_triggered

__all__ = [
    "Asked",
    "Conflict",
    "Done",
    "act",
    "may",
    "open_incidents",
    "open_triggered",
    "sweep_deadlines",
    "undo",
    "watch_claims",
]
