"""Shapes that several endpoints of the inventory answer with."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from inventory.models.secrets import Severity, Validity
from posture.accounts.opaque import opaque_id
from posture.accounts.visibility import visible_teams
from posture.api.fields import NoText


class OpaqueField(serializers.CharField):
    """An id made for the viewer, so that two teams can't join what they see (SECURITY W27)."""

    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(**options)

    def to_representation(self, value: Any) -> str:
        """Return the viewer's id of the row."""
        return opaque_id(self.context["request"].user, self.kind, value)


OPAQUE = "[a-z2-7]{26}"
"""What an id made per viewer looks like in an address."""
CREDENTIAL_ID = "Your id of the credential. Others have another one; it changes when the set of teams you see does."


class FactsField(serializers.JSONField):
    """A few plain values by name, as a store tells them."""


class Skip(serializers.Serializer[Any]):
    """Something that was not read."""

    reason = serializers.CharField(help_text="Why.")
    what = serializers.CharField(help_text="What it was.")
    count = serializers.IntegerField(help_text="How many of them.")


class AssetName(serializers.Serializer[Any]):
    """An asset by name."""

    id = serializers.IntegerField(
        source="pk", allow_null=True, help_text="Null: it is another team's, so its own address is not for you."
    )
    name = serializers.CharField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Keep back the id of what the viewer may not open."""
        shown: dict[str, Any] = super().to_representation(instance)
        teams = visible_teams(self.context["request"].user)
        if teams is not None and instance.team_id not in teams:
            shown["id"] = None
        return shown


class CredentialFacts(serializers.Serializer[Any]):
    """What is said of a credential wherever it is named."""

    id = OpaqueField("credential", source="pk", help_text=CREDENTIAL_ID)
    label = serializers.CharField(help_text="What it is, in words.")  # type: ignore[assignment]
    kind = serializers.CharField(help_text="What sort of credential, such as `platform-token`.")
    provider = serializers.CharField(help_text="Slug of who issues it.")
    severity = serializers.ChoiceField(Severity.choices, help_text="How much it opens, as far as you may know.")
    confidence = serializers.CharField(help_text="How sure the match is: high, medium or low.")
    weak = serializers.BooleanField(
        help_text="The value has little randomness, so nothing is told of other teams' places that hold it."
    )
    validity = serializers.ChoiceField(Validity.choices, help_text="Whether its issuer still accepts it.")
    validity_at = serializers.DateTimeField(allow_null=True, help_text="When that was learned.")
    managed = serializers.BooleanField(
        source="told_managed",
        allow_null=True,
        help_text="Whether a version of a secret in some store holds it. Null: not for you to know.",
    )


TEAM = "Slug of the team that owns it. Null: nobody does."


def team_field(source: str = "team.slug", words: str = TEAM) -> Any:
    """Return the field of an owning team."""
    return NoText(source=source, default=None, help_text=words)
