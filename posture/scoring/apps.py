"""The scoring slice: how well a team does, and why."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "posture.scoring"
    label = "scoring"
