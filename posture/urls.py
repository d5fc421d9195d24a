"""Every address of the product."""

from django.urls import include, path

from posture.health import healthz

urlpatterns = [
    path("", include("posture.dashboards.urls")),
    path("", include("posture.accounts.urls")),
    path("", include("inventory.urls")),
    path("healthz", healthz, name="healthz"),
]
