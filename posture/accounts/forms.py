"""What people fill in. Every form lists its fields; none is made from a model (SECURITY W4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from posture.accounts.models import APIToken, Membership, Team, User
from posture.accounts.services import Refused
from posture.accounts.visibility import visible

# Joiners are part of names in several scripts; every other invisible character only deceives.
_JOINERS = "\u200c\u200d"


class NameField(forms.CharField):
    """A name of a person, team or token: one line, nothing invisible."""

    def clean(self, value: Any) -> str:
        """Return the name with its white space tidied."""
        name = " ".join(super().clean(value).split())
        if not all(each.isprintable() or each in _JOINERS for each in name):
            raise ValidationError("Leave out invisible characters.")
        return name


class ServiceForm(forms.Form):
    """A form whose fields are a service's arguments; what the service refuses is shown beside its field."""

    result: Any = None
    status = 400
    """What the page that shows the form's errors is answered with."""

    def submit(self, service: Callable[..., Any], **given: Any) -> bool:
        """Call the service where the fields are right; says whether it was done, and keeps what it returned."""
        if not self.is_valid():
            return False
        try:
            self.result = service(**self.cleaned_data, **given)
        except Refused as refusal:
            self.status = refusal.status
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
            return False
        return True


class SignInForm(ServiceForm):
    """E-mail and password."""

    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label="Password",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ProfileForm(ServiceForm):
    """One's own name."""

    name = NameField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class PasswordForm(ServiceForm):
    """Sets or changes one's own password; who has none yet is not asked for it."""

    current = forms.CharField(
        label="Current password",
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="New password",
        max_length=4096,
        strip=False,
        help_text="At least 12 characters. A few unrelated words are easy to keep and hard to guess.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.has_usable_password():
            self.fields["current"].required = False
            self.fields["current"].widget = forms.HiddenInput()


class TokenForm(ServiceForm):
    """A new API token."""

    name = NameField(max_length=100, help_text="What will use it, such as “nightly report”.")
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=APIToken.Scope.choices,
        initial=[APIToken.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label="It ends in",
        coerce=int,
        initial=90,
        choices=[(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year")],
    )


class InviteForm(ServiceForm):
    """A new person, who will get a link."""

    email = forms.EmailField(label="E-mail", max_length=254)
    name = NameField(max_length=200)
    role = forms.ChoiceField(label="Role in the organisation", choices=User.Role.choices, initial=User.Role.MEMBER)
    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False, empty_label="No team yet")
    team_role = forms.ChoiceField(
        label="Role in the team", choices=Membership.Role.choices, initial=Membership.Role.DEVELOPER
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams: forms.ModelChoiceField[Team] = self.fields["team"]  # type: ignore[assignment]
        teams.queryset = visible(Team.objects.all(), by)


class RoleForm(ServiceForm):
    """A person's role over the whole organisation."""

    role = forms.ChoiceField(label="Role in the organisation", choices=User.Role.choices)


class TeamForm(ServiceForm):
    """A team's name, place and handles."""

    name = NameField(max_length=200)
    parent = forms.ModelChoiceField(
        label="Below", queryset=Team.objects.none(), required=False, empty_label="Nothing: at the top"
    )
    handles = forms.CharField(
        label="CODEOWNERS handles",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, such as @organisation/payments. Files they own belong to this team.",
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams: forms.ModelChoiceField[Team] = self.fields["parent"]  # type: ignore[assignment]
        teams.queryset = visible(Team.objects.all(), by)

    def clean_handles(self) -> list[str]:
        """Return the handles as a list."""
        text: str = self.cleaned_data["handles"]
        return text.replace(",", " ").split()


class NewTeamForm(TeamForm):
    """A team that does not exist yet."""

    slug = forms.SlugField(
        label="Short name",
        max_length=50,
        required=False,
        help_text="Used in addresses and files. Empty: made of the name.",
    )
    field_order = ("name", "slug", "parent", "handles")


class MemberForm(ServiceForm):
    """Puts a person who is here already into a team."""

    email = forms.EmailField(label="E-mail", max_length=254, help_text="Of somebody who is here already.")
    role = forms.ChoiceField(label="Role in the team", choices=Membership.Role.choices)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("role", Membership.Role.DEVELOPER)
        if not by.configures:
            role: forms.ChoiceField = self.fields["role"]  # type: ignore[assignment]
            role.choices = [(Membership.Role.DEVELOPER, Membership.Role.DEVELOPER.label)]

    def clean_email(self) -> str:
        """Return the address in the form it is kept."""
        email: str = self.cleaned_data["email"]
        return email.strip().lower()


class MemberRoleForm(ServiceForm):
    """Another role for who is in the team."""

    role = forms.ChoiceField(label="Role in the team", choices=Membership.Role.choices)
