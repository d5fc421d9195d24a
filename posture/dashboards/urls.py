"""Addresses of the dashboards."""

from django.urls import path

from posture.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.show_overview, name="overview"),
    path("rotation/", views.show_rotation, name="rotation"),
    path("teams/", views.show_teams, name="teams"),
    path("teams/<slug:slug>/", views.show_team, name="team"),
]
