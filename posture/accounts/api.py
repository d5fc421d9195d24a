"""People over the API: oneself, the people of one's teams, and who is in which."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch, Q, QuerySet
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from posture.accounts.messages_api import Messages, Notifications
from posture.accounts.models import APIToken, Membership, User
from posture.accounts.visibility import led_teams, visible
from posture.api.endpoint import Endpoint, Listing, routes
from posture.api.fields import NoChoice, NoText
from posture.api.parameters import Parameter

OF_THEM = "for themselves, those who lead them and those who see everything."


class PlaceShape(serializers.Serializer[Any]):
    """A person's place in a team."""

    team = serializers.CharField(source="team.slug", help_text="Slug of the team.")
    team_role = serializers.ChoiceField(Membership.Role.choices, source="role", help_text="What they are in it.")


class PersonShape(serializers.Serializer[Any]):
    """A person, with their place in the teams that you see."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    email = NoText(source="told_email", help_text=f"Null: not for you. It is {OF_THEM}")
    role = NoChoice(User.Role.choices, source="told_role", help_text=f"Over the organisation. Null: it is {OF_THEM}")
    is_active = serializers.BooleanField(help_text="Whether they may sign in.")
    last_signed_in_at = serializers.DateTimeField(
        source="told_last_login", allow_null=True, help_text=f"Null: not yet, or not for you. It is {OF_THEM}"
    )
    memberships = PlaceShape(source="told_memberships", many=True)


class TokenShape(serializers.Serializer[Any]):
    """The token that the request came with."""

    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(APIToken.Scope.choices))
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Null: never.")


class MeShape(serializers.Serializer[Any]):
    """Who asks, and with what."""

    person = PersonShape()
    sees_everything = serializers.BooleanField(source="person.sees_everything")
    token = TokenShape(allow_null=True, help_text="Null: the request came with a session.")


class MembershipShape(PlaceShape):
    """Who is in a team."""

    id = serializers.IntegerField(source="pk")
    person = serializers.IntegerField(source="user_id", help_text="Id of the person.")
    name = serializers.CharField(source="user.name", help_text="Name of the person.")


class People(Endpoint):
    """People: everybody for those who see everything, else those of one's own teams and the teams below."""

    queryset = User.objects.all()
    serializer_class: type[serializers.Serializer[Any]] = PersonShape
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("q", "Part of the name.", lambda rows, text: rows.filter(name__icontains=text)),
        Parameter(
            "active",
            "Whether they may sign in.",
            lambda rows, answer: rows.filter(is_active=answer == "yes"),
            choices=("yes", "no"),
        ),
    )

    def get_queryset(self) -> QuerySet[User]:
        """Return who may be seen: by membership, since a person belongs to no one team."""
        if getattr(self, "swagger_fake_view", False):
            return User.objects.none()
        seen = visible(Membership.objects.select_related("team"), self.viewer)
        people = User.objects.prefetch_related(Prefetch("memberships", queryset=seen, to_attr="told_memberships"))
        if self.viewer.sees_everything:
            return people
        return people.filter(Q(pk__in=seen.values("user")) | Q(pk=self.viewer.pk))

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Add what only some may know of a person."""
        led = led_teams(self.viewer)
        for row in rows:
            mine = led is None or row.pk == self.viewer.pk or any(each.team_id in led for each in row.told_memberships)
            row.told_email = row.email if mine else ""
            row.told_role = row.role if mine else ""
            row.told_last_login = row.last_login if mine else None
        return rows


class Me(People):
    """Who asks, and with what token."""

    serializer_class = MeShape
    parameters = ()

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """Answer with the person and the token."""
        person = self.prepared([self.get_queryset().get(pk=self.viewer.pk)])[0]
        token = request.auth if isinstance(request.auth, APIToken) else None
        return Response(self.get_serializer({"person": person, "token": token}).data)


class Memberships(Listing):
    """Who is in which of the teams that you see."""

    queryset = Membership.objects.select_related("team", "user")
    serializer_class = MembershipShape
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("team", "A team by slug.", lambda rows, slug: rows.filter(team__slug=slug)),
        Parameter(
            "team_role",
            "What they are in it.",
            lambda rows, role: rows.filter(role=role),
            choices=Membership.Role.values,
        ),
    )


urlpatterns = [
    path("me/", Me.as_view({"get": "retrieve"}), name="api-me"),
    path("me/notifications/", Notifications.as_view({"get": "retrieve", "put": "update"}), name="api-me-notifications"),
    *routes(people=People, memberships=Memberships, messages=Messages),
]
