"""Addresses of the slice."""

from django.urls import path

from posture.incidents import views

app_name = "incidents"
urlpatterns = [
    path("incidents/", views.inbox, name="inbox"),
    path("incidents/<int:pk>/", views.part, name="part"),
]
