"""Messages over the API: the outbox, and one's own preferences."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from posture.accounts.notification_form import time_zones
from posture.api.body import Body, read_body
from posture.api.endpoint import Listing
from posture.api.fields import NoText
from posture.api.parameters import Parameter
from posture.notify.kinds import Timing, kinds
from posture.notify.models import Delivery, Preferences
from posture.notify.outbox import outbox_of, withhold
from posture.notify.wishes import save_preferences


class MessageShape(serializers.Serializer[Any]):
    """A message to one person or one webhook."""

    id = serializers.IntegerField(source="pk")
    delivery = serializers.UUIDField(source="delivery_id", help_text="Named in the mail or the webhook itself.")
    person = serializers.IntegerField(source="person_id", allow_null=True, help_text="Null: it goes to a webhook.")
    webhook = NoText(help_text="Name of the webhook on the server. Null: it goes to a person.")
    channel = serializers.ChoiceField(Delivery.Channel.choices)
    kind = serializers.CharField()
    subject = serializers.CharField()
    urgent = serializers.BooleanField()
    state = serializers.ChoiceField(Delivery.State.choices)
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="When it is sent at the earliest.")
    sent_at = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField()
    may_have_been_sent_at = serializers.DateTimeField(
        source="doubted_at", allow_null=True, help_text="When it was handed over without an answer. Null: never."
    )
    error = NoText(help_text="Why the last attempt failed.")


class Messages(Listing):
    """Messages, the newest first: one's own; all of them for those who see everything."""

    queryset = Delivery.objects.all()
    serializer_class = MessageShape
    newest_first = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            "state",
            "How far it has come.",
            lambda rows, state: rows.filter(state=state),
            choices=Delivery.State.values,
        ),
        Parameter(
            "channel", "By what it goes.", lambda rows, by: rows.filter(channel=by), choices=Delivery.Channel.values
        ),
    )

    def get_queryset(self) -> QuerySet[Delivery]:
        """Return one's own, or all: a message belongs to a person and to no team."""
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        return outbox_of(self.viewer.pk, everything=self.viewer.sees_everything)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Blank what was never sent and may no longer be seen."""
        withhold(rows, everything=self.viewer.sees_everything)
        return rows


class NotificationShape(serializers.Serializer[Any]):
    """What one person is told, and when."""

    timings = serializers.DictField(
        child=serializers.ChoiceField([each.value for each in Timing]), help_text="By kind: at once, digest or off."
    )
    time_zone = serializers.CharField(help_text="Such as Europe/Berlin.")
    digest_hour = serializers.IntegerField()
    quiet_from = serializers.TimeField(allow_null=True, help_text="Null: there are no quiet hours.")
    quiet_until = serializers.TimeField(allow_null=True)
    urgent_at_once = serializers.BooleanField(help_text="Whether urgent messages skip digest and quiet hours.")


class NotificationBody(Body):
    """What to keep; all of it."""

    timings = serializers.DictField()
    time_zone = serializers.CharField(max_length=64)
    digest_hour = serializers.IntegerField(min_value=0, max_value=23)
    quiet_from = serializers.TimeField(allow_null=True)
    quiet_until = serializers.TimeField(allow_null=True)
    urgent_at_once = serializers.BooleanField()

    def validate_timings(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take only kinds and timings that there are."""
        known = {kind.slug for kind in kinds()}
        if set(given) - known:
            raise serializers.ValidationError(f"There are these kinds: {', '.join(sorted(known)) or 'none'}.")
        if not all(isinstance(each, str) and each in list(Timing) for each in given.values()):
            raise serializers.ValidationError(f"Each is one of: {', '.join(Timing)}.")
        return given

    def validate_time_zone(self, name: str) -> str:
        """Take only zones that there are."""
        if name not in time_zones():
            raise serializers.ValidationError("This is no time zone. Write one such as Europe/Berlin.")
        return name

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take both ends of the quiet hours, or none."""
        if (given["quiet_from"] is None) != (given["quiet_until"] is None):
            raise serializers.ValidationError({"quiet_until": "Give both ends of the quiet hours, or neither."})
        return given


class Notifications(Listing):
    """One's own preferences. A token reads them; to change them, sign in."""

    http_method_names = ["get", "head", "put"]
    queryset = Preferences.objects.all()
    serializer_class = NotificationShape
    bodies: ClassVar[dict[str, Any]] = {"update": NotificationBody}
    statuses: ClassVar[dict[str, int]] = {"update": 200}

    def retrieve(self, request: Request) -> Response:
        """Answer with what one chose, or what holds without a choice."""
        return Response(self._shown(Preferences.objects.filter(person=self.viewer.pk).first() or Preferences()))

    def update(self, request: Request) -> Response:
        """Replace all of one's own preferences; kinds that are left out go by their default."""
        return Response(self._shown(save_preferences(person=self.viewer.pk, **read_body(NotificationBody, request))))

    def _shown(self, kept: Preferences) -> Any:
        timings = {kind.slug: kept.timing(kind).value for kind in kinds()}
        fields = ("time_zone", "digest_hour", "quiet_from", "quiet_until", "urgent_at_once")
        return self.get_serializer({name: getattr(kept, name) for name in fields} | {"timings": timings}).data
