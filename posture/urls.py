"""Every address of the product."""

from django.urls import include, path

from posture.health import healthz

urlpatterns = [
    path("", include("posture.dashboards.urls")),
    path("", include("posture.accounts.urls")),
    path("", include("inventory.urls")),
    path("", include("posture.incidents.urls")),
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("posture.accounts.api")),
    path("api/v1/", include("inventory.api.urls")),
    path("api/v1/", include("posture.scoring.api")),
    path("api/v1/", include("posture.dashboards.api")),
    path("api/v1/", include("posture.api.urls")),
]
