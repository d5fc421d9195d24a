"""The dashboards slice: pages that join the others."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """Django's view of the slice."""

    name = "posture.dashboards"
    label = "dashboards"
