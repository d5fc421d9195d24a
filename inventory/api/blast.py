"""What one credential opens, over the API: whom it lets in, what these can read, and what the viewer may not see."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.exposures import find_opaque
from inventory.api.policies import SecretName
from inventory.api.principals import PrincipalName
from inventory.api.shapes import CREDENTIAL_ID, OpaqueField
from inventory.blast_page import blast_radius
from inventory.models import Credential
from inventory.seen import tell
from posture.api.endpoint import Listing
from posture.api.fields import NoText


class InEnvironmentShape(serializers.Serializer[Any]):
    """What can be read in one environment."""

    environment = NoText(help_text="Null: not known.")
    secrets = serializers.IntegerField(help_text="Secrets that you see.")
    teams = serializers.IntegerField(help_text="Teams that own some of them.")


class BlastStepShape(serializers.Serializer[Any]):
    """One identity that the value leads to."""

    principal = PrincipalName(allow_null=True, help_text="Null: an identity that you do not see.")
    depth = serializers.IntegerField(source="step.depth", help_text="1: the value itself lets it in.")
    by = serializers.CharField(source="step.login.by", help_text="How the value is known to let it in.")
    through = SecretName(
        allow_null=True,
        help_text="Where the value that lets it in is read; null at depth 1 and where you do not see it.",
    )
    environments = InEnvironmentShape(many=True, help_text="What it can read, production first.")
    hidden_secrets = serializers.IntegerField(source="hidden", help_text="Secrets it can read that you do not see.")
    at_least = serializers.BooleanField(
        source="step.reach.at_least", help_text="Whether it may read more than counted."
    )
    admin = serializers.BooleanField(source="step.reach.admin", allow_null=True, help_text="Null: not known.")
    wildcard = serializers.BooleanField(
        source="step.reach.wildcard", allow_null=True, help_text="A rule fits everything of a store. Null: not known."
    )


class BlastRadiusShape(serializers.Serializer[Any]):
    """What a credential opens, as far as you may know."""

    id = OpaqueField("credential", source="credential.pk", help_text=CREDENTIAL_ID)
    known = serializers.BooleanField(
        source="is_known", help_text="No: no store tells whom it lets in, which does not say that it is nobody."
    )
    summary = serializers.CharField(help_text="All of it in one sentence.")
    principals = serializers.IntegerField(help_text="Identities that it lets in, of those you see.")
    hidden_principals = serializers.IntegerField(help_text="Identities beyond these; always 0 where it is guessable.")
    secrets = serializers.IntegerField(help_text="Secrets that these can read, of those you see; each once.")
    hidden_secrets = serializers.IntegerField(help_text="Secrets beyond these; always 0 where it is guessable.")
    at_least = serializers.BooleanField(source="is_at_least", help_text="Whether there is more than was counted.")
    perhaps = serializers.IntegerField(
        help_text="Further secrets that can be read under a condition of a rule; 0 for whoever does not see everything."
    )
    credentials = serializers.IntegerField(help_text="Further values in the secrets that you see.")
    teams = serializers.ListField(child=serializers.CharField(), help_text="Names of the teams that own these secrets.")
    environments = InEnvironmentShape(many=True, help_text="Where these secrets are, production first.")
    worst_environment = NoText(help_text="The worst that somebody is let into. Null: not known.")
    powerful = serializers.BooleanField(
        source="is_powerful", help_text="Whether somebody on the way has admin rights or everything of a store."
    )
    unknown = serializers.ListField(child=serializers.CharField(), help_text="What is not known of it, as sentences.")
    steps = BlastStepShape(many=True, help_text="Whom it lets in, in the order in which they are reached.")


class BlastRadii(Listing):
    """What a credential that you see opens: whom it lets in, what these can read, and so on, at most three steps."""

    queryset = Credential.objects.all()
    serializer_class = BlastRadiusShape
    pagination_class: Any = None
    names: ClassVar[dict[str, tuple[type, str]]] = {"opaque": (str, "Your id of the credential, from the list.")}

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """Answer with the whole of it."""
        row = find_opaque(self, "credential")
        weak = row.weak
        tell(self.viewer, [row])
        return Response(self.get_serializer(blast_radius(self.viewer, row, weak=weak)).data)
