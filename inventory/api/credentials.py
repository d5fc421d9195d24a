"""Credentials over the API: one row per secret value, told as far as the viewer may know, and never any part of it."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from inventory import listings
from inventory.api.exposures import find_opaque
from inventory.api.selected import SelectedEndpoint
from inventory.api.shapes import OPAQUE, AssetName, CredentialFacts
from inventory.api.told import tell_managed, tell_places
from inventory.detection.provider import formats
from inventory.models import Credential, Holding
from inventory.models.secrets import Version
from inventory.queries import hidden_places
from inventory.seen import tell
from posture.accounts.visibility import visible
from posture.api.fields import NoText

MOST_HOLDINGS = 100


class CredentialShape(CredentialFacts):
    """One secret value with where it stands."""

    current = serializers.BooleanField(
        source="told_current",
        allow_null=True,
        help_text="Whether a current version holds it. Null: no store holds it, or not for you to know.",
    )
    exposed = serializers.BooleanField(
        source="told_exposed",
        allow_null=True,
        help_text="Whether it stands outside a store. Null: nowhere that you see.",
    )
    places = serializers.IntegerField(source="told.places", help_text="Present exposures that you see.")
    places_at_tip = serializers.IntegerField(
        source="told.places_at_tip", help_text="Those of them at the tip of a default branch."
    )
    unowned_places = serializers.IntegerField(source="told.unowned_places", help_text="Those that no team owns.")
    teams = serializers.ListField(
        source="told.teams", child=serializers.CharField(), help_text="Slugs of the teams that own these places."
    )
    oldest_at = serializers.DateTimeField(
        source="told.oldest_at", allow_null=True, help_text="When it was first committed to one of these places."
    )


class ProviderShape(serializers.Serializer[Any]):
    """Who issues it, and how to make it dead."""

    slug = serializers.CharField()
    label = serializers.CharField(help_text="Its name.")  # type: ignore[assignment]
    opens = serializers.CharField(help_text="What a holder can do with it.")
    revoke = serializers.CharField(help_text="Where and how to revoke it.")
    rotate = serializers.CharField(help_text="How to replace it without downtime.")
    documentation = serializers.URLField(help_text="The issuer's own page.")


class HoldingShape(serializers.Serializer[Any]):
    """A key of a version of a secret that holds it."""

    secret = serializers.IntegerField(source="version.secret_id", help_text="Id of the secret.")
    path = serializers.CharField(source="version.secret.path", help_text="Path of the secret in its store.")
    asset = AssetName(source="version.secret.asset")
    version = serializers.CharField(source="version.number")
    state = serializers.ChoiceField(
        Version.State.choices, source="version.state", help_text="Whether the store would hand it out."
    )
    key = serializers.CharField(help_text="Name of the key within the version.")


class CredentialDetailShape(CredentialShape):
    """One secret value with all that is told of it; its places are `/exposures/?credential=ID`."""

    severity_reason = NoText(help_text="Why that severity. Null: nobody worked it out yet.")
    hidden_places = serializers.IntegerField(
        source="told_hidden", help_text="Further places that you cannot see; always 0 where `weak`."
    )
    holdings = HoldingShape(
        source="told_holdings", many=True, help_text=f"The stores you see that hold it, {MOST_HOLDINGS} at most."
    )
    public_prefix = NoText(source="told_prefix", help_text="What every value of this format begins with, no secret.")
    issuer = ProviderShape(allow_null=True, help_text="Null: the format is no longer known.")
    first_seen_at = serializers.DateTimeField(help_text="When a collection first found it where you see it.")
    last_seen_at = serializers.DateTimeField(help_text="When a collection last found it where you see it.")


class Credentials(SelectedEndpoint):
    """Secret values, one row each however many places it stands in. No part of a value is ever shown."""

    queryset = Credential.objects.all()
    serializer_class = CredentialShape
    detail_serializer_class = CredentialDetailShape
    select = staticmethod(listings.credentials)
    rows = staticmethod(listings.credential_rows)
    lookup_url_kwarg = "opaque"
    lookup_value_regex = OPAQUE
    names: ClassVar[dict[str, tuple[type, str]]] = {"opaque": (str, "Your id of the credential, from the list.")}

    def get_object(self) -> Any:
        """Find the row behind the viewer's id."""
        return find_opaque(self, "credential")

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Add what the viewer may be told of each."""
        tell(self.viewer, rows, listings.places_told(self.selection) if self.action == "list" else None)
        tell_managed(self.viewer, rows)
        tell_places(self.viewer, rows)
        if self.action == "retrieve":
            self._tell_more(rows[0])
        return rows

    def _tell_more(self, row: Any) -> None:
        """Add what only one row's answer has."""
        held = visible(Holding.objects.filter(credential=row), self.viewer)
        row.told_holdings = held.select_related("version__secret__asset").order_by(
            "version__state", "version__secret__path", "pk"
        )[:MOST_HOLDINGS]
        row.told_hidden = hidden_places(self.viewer, row)
        found = formats().get(row.rule)
        row.told_prefix = found[1].public_prefix if found else ""
