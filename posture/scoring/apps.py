"""The scoring slice: how well a team does, and why."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Django's view of the slice."""

    name = "posture.scoring"
    label = "scoring"
