"""The form that gives unowned things to a team: what a person typed, and which team that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from inventory.models import Asset, Exposure
from inventory.templatetags.inventory_display import shown
from posture.accounts.models import Team, User
from posture.accounts.visibility import led_teams, visible

MOST_MEANT = 4
"""Teams that are named where it is not clear which one is meant."""


class TeamField(forms.Field):
    """A team by what a person calls it: its name in any case, its slug, or what the list of suggestions writes."""

    def __init__(self, teams: QuerySet[Team]) -> None:
        super().__init__(error_messages={"required": "Choose a team: type a part of its name."})
        self.teams = teams

    def clean(self, value: Any) -> Team:
        """Return the team that is meant.

        Raises:
            ValidationError: none or more than one may be meant; it says which.
        """
        given = " ".join(str(value or "").replace("\x00", " ").split())
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        suggested = given.rpartition("(")[2].removesuffix(")")
        for exactly in (Q(slug=given), Q(name__iexact=given), Q(slug=suggested)):
            # No two teams have one slug; two may have one name.
            found = list(self.teams.filter(exactly)[: MOST_MEANT + 1])
            if len(found) == 1:
                return found[0]
            if found:
                break
        found = found or list(self.teams.filter(Q(name__icontains=given) | Q(slug__icontains=given))[: MOST_MEANT + 1])
        raise forms.ValidationError(_which(given, found), code="invalid_choice")


def _which(given: str, meant: Sequence[Team]) -> str:
    if not meant:
        return f"There is no team {shown(given[:100])!r} that you may assign to. Choose one from the list."
    names = " or ".join(team_words(team) for team in meant[:MOST_MEANT])
    return f"Which team is meant: {names}{', or another' if len(meant) > MOST_MEANT else ''}?"


def team_words(team: Team) -> str:
    """Return a team as suggestions write it, so that what is chosen names one team only."""
    return f"{shown(team.name)} ({team.slug})"


def assignable_teams(user: User) -> QuerySet[Team]:
    """Return the teams that the person may give things to."""
    teams, led = visible(Team.objects.all(), user), led_teams(user)
    return teams if led is None else teams.filter(pk__in=led)


class AssignForm(forms.Form):
    """Gives unowned things to a team: every id and the team must be ones that the person sees and may act for."""

    asset = forms.ModelMultipleChoiceField(queryset=Asset.objects.none(), required=False)
    exposure = forms.ModelMultipleChoiceField(queryset=Exposure.objects.none(), required=False)

    def __init__(self, user: User, data: QueryDict) -> None:
        super().__init__(data)
        self.sent = data
        self._set("asset", visible(Asset.objects.present(), user))
        self._set("exposure", visible(Exposure.objects.present(), user))
        self.fields["team"] = TeamField(assignable_teams(user))

    def _set(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset
        gone = "One of the rows is no longer there. Look at what is ticked, and assign again."
        field.error_messages |= {"invalid_choice": gone, "invalid_pk_value": gone}

    def clean(self) -> dict[str, Any]:
        """Refuse an empty selection."""
        cleaned = super().clean() or {}
        nothing = not cleaned.get("asset") and not cleaned.get("exposure")
        if nothing and "asset" not in self.errors and "exposure" not in self.errors:
            raise forms.ValidationError("Tick at least one row.")
        return cleaned

    @property
    def reasons(self) -> list[str]:
        """Return why nothing was assigned."""
        return [str(error) for errors in self.errors.values() for error in errors]

    @property
    def chosen(self) -> dict[str, set[str]]:
        """Return the ids that were ticked, so that a page shown again keeps them."""
        return {name: set(self.sent.getlist(name)) for name in ("asset", "exposure")}
