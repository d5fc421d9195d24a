"""Addresses of the slice."""

from django.urls import path

from posture.incidents.views import inbox, part

app_name = "incidents"
urlpatterns = [
    path("incidents/", inbox.inbox, name="inbox"),
    path("incidents/<int:pk>/", part.part, name="part"),
    path("incidents/<int:pk>/act/", part.act_on, name="act"),
    path("incidents/<int:pk>/undo/", part.take_back, name="undo"),
    path("incidents/<int:pk>/comment/", part.say, name="comment"),
    path("incidents/<int:pk>/watch/", part.watch, name="watch"),
]
