"""The dashboards slice: pages that join the others."""

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "posture.dashboards"
    label = "dashboards"
