"""Addresses of the inventory's endpoints under /api/v1/."""

from inventory.api.assets import Assets, OwnershipRules
from inventory.api.collection import Reads, Runs, Sources
from inventory.api.credentials import Credentials
from inventory.api.exposures import Exposures
from inventory.api.secrets import Secrets
from posture.api.endpoint import routes

urlpatterns = routes(
    sources=Sources,
    runs=Runs,
    reads=Reads,
    assets=Assets,
    credentials=Credentials,
    exposures=Exposures,
    secrets=Secrets,
    ownership_rules=OwnershipRules,
)
