"""Forms of the policy and of exemptions; what they carry is checked again by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone

from inventory.detection.provider import CredentialKind
from inventory.limit_rows import MOST_DAYS, LimitRow
from inventory.models import Exemption, PolicyVersion
from inventory.models.assets import Tier
from inventory.policy import DEFAULTS
from inventory.principal_listing import unused_days
from inventory.store_records import SecretKind

ANY = ("", "Any")
MORE_ROWS = 3
MOST_ROWS = 100


def kind_choices() -> list[tuple[str, str]]:
    """Return the kinds that a limit can be set for: those that stores tell and those that were found outside."""
    named = {kind.value: kind.label for kind in SecretKind if not kind.ends_by_itself}
    found = {kind.value: kind.label for kind in CredentialKind}
    others = {
        rule.kind: found.get(rule.kind) or rule.kind.replace("-", " ").capitalize() for rule in DEFAULTS if rule.kind
    }
    others["human-password-only-factor"] = "Human password, the only factor"
    return [ANY, *sorted((others | named).items(), key=lambda choice: choice[1])]


class LimitForm(forms.Form):
    """One limit: for which secrets, and how many days."""

    kind = forms.ChoiceField(choices=kind_choices, required=False)
    tier = forms.ChoiceField(choices=[ANY, *Tier.choices], required=False)
    environment = forms.CharField(max_length=40, required=False, empty_value="")
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, required=False, label="Days")
    reason = forms.CharField(max_length=200, required=False, empty_value="", label="Why")

    def row(self) -> LimitRow | None:
        """Return the limit; None for a row that was left empty."""
        if not self.has_changed():
            return None
        found = {name: self.cleaned_data.get(name) or "" for name in ("kind", "tier", "environment", "reason")}
        return LimitRow(days=self.cleaned_data.get("days"), **found)


class LimitRows(BaseFormSet):
    """The limits of one policy."""

    def rows(self) -> list[LimitRow]:
        """Return the limits that were filled in and not taken out."""
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        return [row for form in kept if (row := form.row()) is not None]


Limits = formset_factory(
    LimitForm, formset=LimitRows, extra=MORE_ROWS, can_delete=True, max_num=MOST_ROWS, validate_max=True
)


class PolicyForm(forms.Form):
    """What the policy says beside limits of age, and why it is changed."""

    unused_human_days = forms.IntegerField(
        min_value=1, max_value=365, label="People: days without use", help_text="CIS AWS Foundations 1.12 says 45."
    )
    unused_machine_days = forms.IntegerField(
        min_value=1,
        max_value=365,
        label="Machines: days without use",
        help_text="AWS Security Hub and Prowler say 90.",
    )
    note = forms.CharField(
        max_length=500, label="Why it is changed", help_text="Kept with the version, for whoever asks later."
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, policy: PolicyVersion | None, data: Any = None) -> None:
        human, machine = unused_days()
        most = policy.most_readers if policy else {}
        super().__init__(
            data,
            auto_id="id_%s",
            initial={
                "unused_human_days": human,
                "unused_machine_days": machine,
                "based_on": policy.number if policy else 0,
                **{f"readers_{tier}": most.get(tier) for tier in Tier.values},
            },
        )
        for value, label in Tier.choices:
            self.fields[f"readers_{value}"] = forms.IntegerField(
                min_value=0, max_value=100_000, required=False, label=f"{label} tier: identities at most"
            )
        readers = [f"readers_{tier}" for tier in Tier.values]
        self.order_fields(["unused_human_days", "unused_machine_days", *readers, "note", "based_on"])

    def change(self) -> dict[str, Any]:
        """Return what the service takes, but for the limits."""
        cleaned = self.cleaned_data
        readers = {tier: cleaned[f"readers_{tier}"] for tier in Tier.values}
        return {
            "unused_human_days": cleaned["unused_human_days"],
            "unused_machine_days": cleaned["unused_machine_days"],
            "most_readers": {tier: number for tier, number in readers.items() if number is not None},
            "note": cleaned["note"],
            "based_on": cleaned["based_on"],
        }


def limits(policy: PolicyVersion | None, data: Any = None) -> LimitRows:
    """Return the limits of a policy as forms, with some empty ones behind them."""
    rows = [LimitRow.from_json(row) for row in policy.rows] if policy else []
    initial = [{name: value for name, value in row.as_json().items() if value is not None} for row in rows]
    # What was sent says all: a row beside its stored self would count as unchanged, and be lost.
    made: LimitRows = Limits(data, initial=None if data else initial, prefix="limit")  # type: ignore[assignment]
    return made


class ExemptionForm(forms.Form):
    """Asks that something is left out of a policy for a time."""

    of = forms.ChoiceField(choices=Exemption.Of.choices, label="From")
    ends_on = forms.DateField(
        label="Last day", widget=forms.DateInput(attrs={"type": "date"}), help_text="Within the next year."
    )
    reason = forms.CharField(
        max_length=1000,
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever decides reads this; a second person decides.",
    )

    def __init__(self, of: list[str], data: Any = None) -> None:
        super().__init__(data, auto_id="id_%s")
        self.fields["of"].choices = [choice for choice in Exemption.Of.choices if choice[0] in of]  # type: ignore[attr-defined]
        self.fields["ends_on"].widget.attrs["min"] = timezone.localdate().isoformat()
