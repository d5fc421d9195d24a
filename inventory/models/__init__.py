"""The inventory's tables, by idea: collection, assets, secrets, exposures and principals."""

from inventory.models.assets import Asset, KnownBlob, OwnershipRule
from inventory.models.bindings import CredentialBinding
from inventory.models.collection import Read, Run, Source
from inventory.models.exposures import Exposure
from inventory.models.policies import Exemption, PolicyVersion
from inventory.models.principals import Grant, Principal, PrincipalLink
from inventory.models.secrets import Credential, Holding, Secret, Version
from inventory.models.spread import Spread

__all__ = [
    "Asset",
    "Credential",
    "CredentialBinding",
    "Exemption",
    "Exposure",
    "Grant",
    "Holding",
    "KnownBlob",
    "OwnershipRule",
    "PolicyVersion",
    "Principal",
    "PrincipalLink",
    "Read",
    "Run",
    "Secret",
    "Source",
    "Spread",
    "Version",
]
