"""Every address of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("posture.dashboards.urls")),
    path("", include("posture.accounts.urls")),
    path("", include("inventory.urls")),
]
