"""Secrets over the API: the list of the page, one of them with its evidence and versions, and the figures."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import secret_listing
from inventory.api.selected import SelectedEndpoint
from inventory.api.shapes import CREDENTIAL_ID, AssetName, FactsField, OpaqueField, team_field
from inventory.models import Secret
from inventory.models.assets import OwnershipKind, Tier
from inventory.models.secrets import Version
from inventory.secret_figures import COUNTED, secret_figures
from posture.api.fields import NoChoice, NoText

MOST_VERSIONS = 100


class SecretShape(serializers.Serializer[Any]):
    """A named, versioned place in a store."""

    id = serializers.IntegerField(source="pk")
    path = serializers.CharField(help_text="Its path in the store: raw text, never markup.")
    asset = AssetName()
    team = team_field()
    owner_kind = NoChoice(OwnershipKind.choices, help_text="What gives it to the team. Null: nobody owns it.")
    owner_reason = NoText(help_text="Why that team, in words.")
    kind = NoText(help_text="Null: not known.")
    environment = NoText(help_text="Null: not known.")
    tier = NoChoice(Tier.choices, help_text="How much harm its loss would do. Null: nobody said, counted as medium.")
    created_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    rotated_at = serializers.DateTimeField(
        allow_null=True, help_text="When its value last changed. Null: never where `created_at` is known, else unknown."
    )
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Null: never, or not known.")
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="Null: not known.")
    enabled = serializers.BooleanField(allow_null=True, help_text="Null: not known.")
    auto_rotated = serializers.BooleanField(allow_null=True, help_text="Null: not known.")
    rotation_failed = serializers.BooleanField(allow_null=True, help_text="Null: not known.")
    ephemeral = serializers.BooleanField(allow_null=True, help_text="Null: not known.")
    limit_days = serializers.IntegerField(
        allow_null=True, help_text="How old the policy lets it grow. Null: no period applies."
    )
    limit_reason = NoText(help_text="Where that limit is from. Null: not worked out yet.")
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="When it must be changed. Null: nothing is due, or its age is not known."
    )
    is_late = serializers.BooleanField(help_text="Whether that day has passed; an exemption is told apart.")
    exempt_until = serializers.DateField(
        allow_null=True, help_text="Last day of an approved exemption from rotation. Null: there is none."
    )
    readers = serializers.IntegerField(
        allow_null=True, help_text="How many identities can read it; `readers/` below it names them. Null: not known."
    )
    first_seen_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(help_text="What is said of it is as of then.")
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
    is_read = serializers.BooleanField(
        source="read_key", help_text="Whether its values were read for fingerprints; else what it holds is not known."
    )
    keys = KeyShape(source="holdings.all", many=True, help_text="Which of its keys hold a credential.")


class SecretDetailShape(SecretShape):
    """A secret with its evidence and its versions."""

    evidence = FactsField(help_text="By field: which answer of the store says so, or why it is not known.")
    attributes = FactsField(help_text="What else its store says of it, by label.")
    versions = VersionShape(source="told_versions", many=True, help_text=f"The newest first, {MOST_VERSIONS} at most.")


class SecretFiguresShape(serializers.Serializer[Any]):
    """The numbers above a list of secrets; one may be in several. Where there are very many, all but the total is null.

    What is exempt counts as neither late nor soon.
    """

    total = serializers.IntegerField(help_text=f"How many; above {COUNTED:,} it only says: more than that.")
    failed = serializers.IntegerField(allow_null=True, help_text="Whose rotation failed.")
    late = serializers.IntegerField(allow_null=True, help_text="Past their limit.")
    soon = serializers.IntegerField(allow_null=True, help_text=f"Due within {secret_listing.SOON_DAYS} days.")
    never = serializers.IntegerField(allow_null=True, help_text="Never rotated since they were made.")
    unknown = serializers.IntegerField(allow_null=True, help_text="Limited, and of an age that nobody knows.")
    readers = serializers.IntegerField(allow_null=True, help_text="With more readers than the policy allows.")
    exempt = serializers.IntegerField(allow_null=True, help_text="Exempt for a time.")
    ephemeral = serializers.IntegerField(allow_null=True, help_text="That end by themselves.")
    unowned = serializers.IntegerField(allow_null=True, help_text="That no team owns.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Say "not known" where nothing but the total's lower bound was counted."""
        shown: dict[str, Any] = super().to_representation(instance)
        return {name: value if name == "total" or not instance.is_capped else None for name, value in shown.items()}


class Secrets(SelectedEndpoint):
    """Named places in stores: how old, by when they are due, and how many can read them."""

    queryset = Secret.objects.select_related("asset", "team").defer("asset__codeowners", "asset__cursor")
    serializer_class = SecretShape
    detail_serializer_class = SecretDetailShape
    select = staticmethod(secret_listing.secrets)
    rows = staticmethod(secret_listing.secret_rows)
    narrowed_actions = ("list", "figures")
    words: ClassVar[dict[str, str]] = {
        "dynamic": "Changed by hand, and what is around it could issue the like on request, in one of these ways.",
        "kind": "What sort of secret.",
        "environment": "Where it is used, as rules and stores name it; `none` is not known.",
        "life": "What changes its value.",
        "state": "How it stands to the policy; one may be in several states.",
    }
    open_filters = ("environment",)

    def prepared(self, rows: list[Any]) -> list[Any]:
        """Add the versions to one row's answer."""
        if self.action == "retrieve":
            versions = rows[0].versions.prefetch_related("holdings").order_by("-pk")
            rows[0].told_versions = versions[:MOST_VERSIONS]
        return rows

    @action(detail=False, serializer_class=SecretFiguresShape, pagination_class=None)
    def figures(self, request: Request) -> Response:
        """Count the secrets that the filters select."""
        return Response(self.get_serializer(secret_figures(self.narrowed(self.get_queryset()))).data)
