"""The inventory's tables, by idea: collection, assets, secrets and exposures."""

from inventory.models.assets import Asset, KnownBlob, OwnershipRule
from inventory.models.collection import Read, Run, Source
from inventory.models.exposures import Exposure
from inventory.models.secrets import Credential, Holding, Secret, Version

__all__ = [
    "Asset",
    "Credential",
    "Exposure",
    "Holding",
    "KnownBlob",
    "OwnershipRule",
    "Read",
    "Run",
    "Secret",
    "Source",
    "Version",
]
