"""Secrets over the API: named places in stores with what is known of their rotation."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from inventory.api.shapes import CREDENTIAL_ID, AssetName, OpaqueField, team_field
from inventory.models import Secret
from inventory.models.secrets import Version
from posture.api.endpoint import Endpoint
from posture.api.fields import NoText
from posture.api.parameters import Parameter, as_number

MOST_VERSIONS = 100


class SecretShape(serializers.Serializer[Any]):
    """A named, versioned place in a store."""

    id = serializers.IntegerField(source="pk")
    path = serializers.CharField(help_text="Its path in the store: raw text, never markup.")
    asset = AssetName()
    team = team_field("asset.team.slug")
    kind = NoText(help_text="Null: not known.")
    environment = NoText(help_text="Null: not known.")
    tier = NoText(help_text="Null: nobody said.")
    created_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    rotated_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Null: never, or not known.")
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    auto_rotated = serializers.BooleanField(allow_null=True, help_text="Null: not known.")
    ephemeral = serializers.BooleanField(allow_null=True, help_text="Null: not known.")
    first_seen_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    gone_at = serializers.DateTimeField(allow_null=True, help_text="When its store no longer held it. Null: it does.")


class KeyShape(serializers.Serializer[Any]):
    """A key of a version with the credential that it holds."""

    key = serializers.CharField()
    credential = OpaqueField("credential", source="credential_id", help_text=CREDENTIAL_ID)


class VersionShape(serializers.Serializer[Any]):
    """One version of a secret."""

    number = serializers.CharField(help_text="As the store numbers it.")
    state = serializers.ChoiceField(Version.State.choices, help_text="Whether the store would hand it out.")
    created_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    keys = KeyShape(
        source="holdings.all", many=True, help_text="Empty where the store may not be read for fingerprints."
    )


class SecretDetailShape(SecretShape):
    """A secret with its versions."""

    versions = VersionShape(source="told_versions", many=True, help_text=f"The newest first, {MOST_VERSIONS} at most.")


class Secrets(Endpoint):
    """Named places in stores, known from metadata alone."""

    queryset = Secret.objects.select_related("asset__team").defer("asset__codeowners", "asset__cursor")
    serializer_class = SecretShape
    detail_serializer_class = SecretDetailShape
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("q", "Part of the path.", lambda rows, text: rows.filter(path__icontains=text)),
        Parameter("asset", "An asset by id.", lambda rows, number: rows.filter(asset=number), as_number),
        Parameter("team", "A team by slug.", lambda rows, slug: rows.filter(asset__team__slug=slug)),
        Parameter("environment", "Its environment.", lambda rows, name: rows.filter(environment=name)),
        Parameter(
            "gone",
            "`yes`: only what is gone. `no`: only what is there. Without it: both.",
            lambda rows, answer: rows.filter(gone_at__isnull=answer == "no"),
            choices=("yes", "no"),
        ),
    )

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Add the versions to one row's answer."""
        if self.action == "retrieve":
            versions = rows[0].versions.prefetch_related("holdings").order_by("-pk")
            rows[0].told_versions = versions[:MOST_VERSIONS]
        return rows
