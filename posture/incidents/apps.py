"""The incidents slice: what went wrong, and how it was put right, to proof."""

from django.apps import AppConfig

from posture.notify.kinds import Timing, register_kind

KINDS = (
    ("incident.opened", "new incidents", Timing.AT_ONCE),
    ("incident.reopened", "incidents that came back", Timing.AT_ONCE),
    ("incident.assigned", "incidents given to me", Timing.AT_ONCE),
    ("incident.returned", "claims that no collection could prove", Timing.AT_ONCE),
    ("incident.proposed", "proposals that wait for a second person", Timing.AT_ONCE),
    ("incident.deadline", "deadlines that passed", Timing.AT_ONCE),
    ("incident.mention", "comments that name me", Timing.AT_ONCE),
    ("incident.comment", "other comments on what I watch", Timing.DIGEST),
    ("incident.worked", "claims on what I watch", Timing.DIGEST),
    ("incident.closed", "incidents closed or set aside", Timing.DIGEST),
)


class IncidentsConfig(AppConfig):
    """Django's view of the slice."""

    name = "posture.incidents"
    label = "incidents"

    def ready(self) -> None:
        """Make the slice's messages known."""
        # Models exist only from here on.
        from posture.incidents.services.telling import still_concerns

        for slug, words, timing in KINDS:
            register_kind(slug, words, timing, still_concerns=still_concerns)
