"""What people send from the inbox and from a part's page."""

from __future__ import annotations

from typing import Any

from django import forms

from inventory.models.secrets import Severity
from posture.incidents.services import Asked
from posture.incidents.state import VERBS, Who

MOST_AT_ONCE = 500
BULK = ("triage", "take", "snooze", "false_positive", "accept", "reopen")
"""What the inbox offers for several at once; the others are said of one thing at a time."""


class ActForm(forms.Form):
    """One act on one part, as the page asks for it."""

    verb = forms.ChoiceField(choices=lambda: [(slug, each.label) for slug, each in VERBS.items() if by_hand(slug)])
    expected = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    severity = forms.ChoiceField(choices=[("", ""), *Severity.choices], required=False)
    person = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    of = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    def asked(self) -> Asked:
        """Return what is asked for."""
        told: dict[str, Any] = self.cleaned_data
        return Asked(
            told["verb"],
            reason=told["reason"],
            person=told["person"],
            until=told["until"],
            of=told["of"],
            severity=told["severity"],
        )


class BulkForm(forms.Form):
    """One act on what is ticked."""

    verb = forms.ChoiceField(label="What to do", choices=[(slug, VERBS[slug].label) for slug in BULK])
    part = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": "Tick incidents first."})
    reason = forms.CharField(max_length=2000, required=False)
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.getlist("part") if hasattr(self.data, "getlist") else []
        numbers = [each for each in given if each.isascii() and each.isdigit() and len(each) < 19][:MOST_AT_ONCE]
        # Which of them the person may touch is decided by the service, that treats what they don't see as not there.
        self.fields["part"].choices = [(each, each) for each in numbers]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """Return what is asked for."""
        told: dict[str, Any] = self.cleaned_data
        return Asked(told["verb"], reason=told["reason"], until=told["until"])


def by_hand(verb: str) -> bool:
    """Say whether people do this."""
    return VERBS[verb].who is not Who.PRODUCT
