"""The form of one's own notifications."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from posture.accounts.forms import ServiceForm
from posture.notify.kinds import Kind, Timing, kinds
from posture.notify.models import Preferences

TIMINGS = [(Timing.AT_ONCE, "At once"), (Timing.DIGEST, "In the digest"), (Timing.OFF, "Not at all")]
_PREFIX = "kind-"
_OWN_FIELDS = ("time_zone", "digest_hour", "quiet_from", "quiet_until", "urgent_at_once")


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of time zones that people choose from; looked up once, since it reads many files."""
    return (*sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")), "UTC")


def chosen(person: int) -> dict[str, Any]:
    """Return what the form shows for a person."""
    kept = Preferences.objects.filter(person=person).first() or Preferences()
    values: dict[str, Any] = {name: getattr(kept, name) for name in _OWN_FIELDS}
    return values | {_PREFIX + kind.slug: kept.timing(kind).value for kind in kinds()}


class NotificationForm(ServiceForm):
    """When one is told of each kind, the hour of the digest, and when to be left alone."""

    time_zone = forms.ChoiceField(label="Your time zone")
    digest_hour = forms.TypedChoiceField(
        label="The digest comes at",
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )
    quiet_from = forms.TimeField(
        label="Quiet from", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="Quiet until",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="What comes in between waits, and comes as one mail. Leave both empty for none.",
    )
    urgent_at_once = forms.BooleanField(
        label="Urgent messages come at once, also in quiet hours and in place of the digest", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones: forms.ChoiceField = self.fields["time_zone"]  # type: ignore[assignment]
        zones.choices = [(name, name.replace("_", " ")) for name in time_zones()]
        self._kinds: list[Kind] = kinds()
        for kind in self._kinds:
            self.fields[_PREFIX + kind.slug] = forms.ChoiceField(
                label=kind.label[:1].upper() + kind.label[1:],
                choices=[(value.value, words) for value, words in TIMINGS],
            )

    @property
    def kind_fields(self) -> list[BoundField]:
        """Return the choices by kind."""
        return [self[_PREFIX + kind.slug] for kind in self._kinds]

    @property
    def hours(self) -> list[BoundField]:
        """Return the fields about hours."""
        return [self[name] for name in _OWN_FIELDS[:-1]]

    def clean(self) -> dict[str, Any]:
        """Take both ends of the quiet hours, or none."""
        cleaned = super().clean() or {}
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None) and not (
            {"quiet_from", "quiet_until"} & set(self.errors)
        ):
            raise ValidationError("Give both ends of the quiet hours, or leave both empty.")
        return cleaned

    def preferences(self) -> dict[str, Any]:
        """Return what the service takes."""
        given = self.cleaned_data
        timings = {kind.slug: given[_PREFIX + kind.slug] for kind in self._kinds}
        return {name: given[name] for name in _OWN_FIELDS} | {"timings": timings}
