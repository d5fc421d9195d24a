"""Addresses of the inventory's endpoints under /api/v1/."""

from django.urls import path, re_path

from inventory.api.assets import Assets, OwnershipRules
from inventory.api.blast import BlastRadii
from inventory.api.collection import Reads, Runs, Sources
from inventory.api.credentials import Credentials
from inventory.api.exemptions import Exemptions
from inventory.api.exposures import Exposures
from inventory.api.policies import Policies
from inventory.api.principals import PrincipalGrants, Principals
from inventory.api.readers import SecretReaders
from inventory.api.reuse import Reuse
from inventory.api.secrets import Secrets
from inventory.api.shapes import OPAQUE
from posture.api.endpoint import routes

urlpatterns = [
    *routes(
        sources=Sources,
        runs=Runs,
        reads=Reads,
        assets=Assets,
        credentials=Credentials,
        exposures=Exposures,
        secrets=Secrets,
        principals=Principals,
        policies=Policies,
        exemptions=Exemptions,
        ownership_rules=OwnershipRules,
    ),
    path("reuse/", Reuse.as_view({"get": "list"}), name="api-reuse-list"),
    path("reuse/figures/", Reuse.as_view({"get": "figures"}, **Reuse.figures.kwargs), name="api-reuse-figures"),
    re_path(
        rf"^credentials/(?P<opaque>{OPAQUE})/blast-radius/$",
        BlastRadii.as_view({"get": "retrieve"}),
        name="api-credential-blast-radius",
    ),
    path("secrets/<int:pk>/readers/", SecretReaders.as_view({"get": "list"}), name="api-secret-readers"),
    path("principals/<int:pk>/grants/", PrincipalGrants.as_view({"get": "list"}), name="api-principal-grants"),
]
