"""Forms of the inventory's pages; what they carry is checked again by the services."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings

from inventory.collector import Collector, CollectorError, ConfigField
from inventory.models import Source
from inventory.services.sources import CredentialMissing, NameTaken, needs_place
from inventory.templatetags.inventory_display import duration

INTERVALS = [(900, "15 minutes"), (3600, "hour"), (6 * 3600, "6 hours"), (24 * 3600, "day")]


def _form_field(field: ConfigField) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "help_text": field.help, "required": field.required}
    if field.kind == "boolean":
        return forms.BooleanField(**common | {"required": False})
    if field.kind == "number":
        return forms.IntegerField(**common, min_value=0)
    return forms.CharField(**common, max_length=4000, empty_value="")


class SourceForm(forms.Form):
    """Adds a source of one kind; the fields of its configuration are those that its collector names."""

    name = forms.CharField(max_length=200, help_text="Shown on every page that uses it.")
    interval = forms.TypedChoiceField(choices=INTERVALS, coerce=int, initial=3600, label="Collect every")
    credential = forms.CharField(
        max_length=200,
        required=False,
        label="Name of the credential that opens it",
        help_text="Its name, such as env:POSTURE_CREDENTIAL_GIT or file:git-reader, never the credential. "
        "Empty where none is needed.",
    )

    def __init__(self, collector: type[Collector], data: Any = None) -> None:
        super().__init__(data, auto_id="id_%s")
        self.collector = collector
        self.config: dict[str, Any] = {}
        for field in collector.fields:
            made = self.fields[f"config-{field.name}"] = _form_field(field)
            made.initial = field.default
        if collector.needed_credential:
            self._need_credential(collector.needed_credential)
        order = ["name", *(f"config-{field.name}" for field in collector.fields), "interval", "credential"]
        self.order_fields(order)
        self._set_up()
        for bound in self:
            bound.field.widget.attrs["autocomplete"] = "off"
            self._describe(bound)

    def _need_credential(self, holds: str) -> None:
        """Say what the credential holds that nothing can be read without, and ask for its name."""
        field = self.fields["credential"]
        field.required = True
        field.error_messages["required"] = f"Nothing can be read without one. Name one that holds {holds}."
        field.help_text = (
            "Its name, such as env:POSTURE_CREDENTIAL_STORE or file:store-reader, never the credential. "
            f"It holds {holds}."
        )

    def _describe(self, bound: forms.BoundField) -> None:
        """Tie a field to its hint and its errors for those who do not see them beside it."""
        described = [f"{bound.auto_id}-help"] if bound.help_text else []
        if bound.errors:
            bound.field.widget.attrs["aria-invalid"] = "true"
            described.append(f"{bound.auto_id}-error")
        if described:
            bound.field.widget.attrs["aria-describedby"] = " ".join(described)

    def refuse(self, error: CollectorError) -> None:
        """Show why the service refused, at the field that it is about."""
        fields = {NameTaken: "name", CredentialMissing: "credential"}
        self.add_error(fields.get(type(error)), str(error))
        for bound in self:
            self._describe(bound)

    def _set_up(self) -> None:
        """Change the fields before what was sent is looked at."""

    def clean(self) -> dict[str, Any]:
        """Have the collector check the configuration, and allow folders only under the roots that the server names.

        The folder is looked at after the collector has made sense of it: a `file:` address becomes a folder there.
        """
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.config = self._clean_config(self._given())
        except CollectorError as error:
            raise forms.ValidationError(str(error)) from error
        for field in self.collector.fields:
            folder = self.config.get(field.name)
            if (
                field.kind == "path"
                and folder
                and not self._is_known(field.name)
                and not _is_allowed(Path(str(folder)))
            ):
                self.add_error(f"config-{field.name}", roots_in_words())
        return cleaned

    def _clean_config(self, given: dict[str, Any]) -> dict[str, Any]:
        return self.collector.clean(given)

    def _is_known(self, name: str) -> bool:
        """Say whether a folder is collected already, so that it needs no permission anew."""
        return False

    def _given(self) -> dict[str, Any]:
        given = {field.name: self.cleaned_data.get(f"config-{field.name}") for field in self.collector.fields}
        return {name: value for name, value in given.items() if value not in ("", None)}

    def source(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {
            "name": self.cleaned_data["name"],
            "kind": self.collector.slug,
            "config": self.config,
            "interval": self.cleaned_data["interval"],
            "credential": self.cleaned_data["credential"],
        }


class SourceChangeForm(SourceForm):
    """Changes a source; its kind stays what it is."""

    enabled = forms.BooleanField(
        required=False,
        label="Collect it on schedule",
        help_text="Switched off, it is collected only when somebody asks, and what is known of it grows old.",
    )

    def __init__(self, source: Source, collector: type[Collector], data: Any = None) -> None:
        self.row = source
        super().__init__(collector, data)

    def _set_up(self) -> None:
        source = self.row
        self.initial = {
            "name": source.name,
            "interval": source.interval,
            "credential": source.credential,
            "enabled": source.enabled,
            **{f"config-{name}": value for name, value in source.config.items()},
        }
        if not source.credential:
            # One that was added without can still be switched off; the service refuses the rest.
            self.fields["credential"].required = False
        if source.interval not in dict(INTERVALS):
            # It was given on the command line or in a file: editing something else keeps it.
            kept = (source.interval, duration(source.interval))
            self.fields["interval"].choices = sorted([*INTERVALS, kept])  # type: ignore[attr-defined]

    def _clean_config(self, given: dict[str, Any]) -> dict[str, Any]:
        """Leave a place alone that stays what it is: a source whose folder is gone can still be switched off."""
        enabled = bool(self.cleaned_data.get("enabled"))
        return super()._clean_config(given) if needs_place(self.row, given, enabled=enabled) else given

    def _is_known(self, name: str) -> bool:
        return bool(self.config.get(name) == self.row.config.get(name))

    @property
    def drops_credential(self) -> bool:
        """Whether the place changed while the credential did not: it is never sent to a place it was not named for."""
        credential = self.cleaned_data["credential"]
        return bool(credential) and credential == self.row.credential and self.config != self.row.config

    def change(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {
            "name": self.cleaned_data["name"],
            "config": self.config,
            "interval": self.cleaned_data["interval"],
            "credential": "" if self.drops_credential else self.cleaned_data["credential"],
            "enabled": self.cleaned_data["enabled"],
        }


def roots_in_words() -> str:
    """Say which folders may be added from the web."""
    roots = ", ".join(str(root) for root in settings.REPOSITORY_ROOTS)
    if not roots:
        return (
            "Folders can't be added from the web here: POSTURE_REPOSITORY_ROOTS names none. "
            "Set it, or add the folder on the server with `manage.py collect --path`."
        )
    return f"Choose a folder under {roots}. Others are added on the server with `manage.py collect --path`."


def _is_allowed(folder: Path) -> bool:
    # Resolved, so that neither `..` nor a link leads out of a root.
    resolved = folder.resolve()
    roots = [root.resolve() for root in settings.REPOSITORY_ROOTS]
    return folder.is_absolute() and any(resolved == root or root in resolved.parents for root in roots)
