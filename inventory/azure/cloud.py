"""The parts of Azure that a source belongs to: who signs in, who manages, and under which domain vaults answer.

Microsoft's public cloud and its national ones are known by their authority (Microsoft's documentation, "National
clouds" and "Azure Key Vault: DNS suffixes"); for any other one all three are configured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PUBLIC = "https://login.microsoftonline.com"
_NAME = re.compile(r"[0-9A-Za-z-]{1,63}")
_ADDRESS = re.compile(r"https://[0-9a-z.:-]+/?", re.I)


@dataclass(frozen=True, slots=True)
class Cloud:
    """One of Azure's clouds."""

    authority: str
    management: str
    domain: str
    """What the hosts of vaults end with."""

    @property
    def vault_scope(self) -> str:
        """What a token for vaults is asked for. A vault that names another one in its challenge is not heard."""
        return f"https://{self.domain}/.default"

    @property
    def management_scope(self) -> str:
        """What a token for the Resource Manager is asked for."""
        return f"{self.management}/.default"

    def name_of(self, address: str) -> str:
        """Return the name of the vault at an address; empty where a token for vaults may not be sent there."""
        if not _ADDRESS.fullmatch(address):
            return ""
        parts = urlsplit(address)
        try:
            port = parts.port
        except ValueError:
            return ""
        if port not in (None, 443) and self in KNOWN.values():
            return ""
        name, dot, domain = (parts.hostname or "").partition(".")
        return name if dot and domain == self.domain and _NAME.fullmatch(name) else ""


KNOWN: Mapping[str, Cloud] = {
    cloud.authority: cloud
    for cloud in (
        Cloud(PUBLIC, "https://management.azure.com", "vault.azure.net"),
        Cloud("https://login.microsoftonline.us", "https://management.usgovcloudapi.net", "vault.usgovcloudapi.net"),
        Cloud("https://login.partner.microsoftonline.cn", "https://management.chinacloudapi.cn", "vault.azure.cn"),
    )
}


def cloud_of(config: Mapping[str, Any]) -> Cloud:
    """Return the cloud that a cleaned configuration names."""
    authority = str(config.get("authority") or PUBLIC)
    return KNOWN.get(authority) or Cloud(
        authority, str(config.get("management") or ""), str(config.get("domain") or "")
    )


__all__ = ["KNOWN", "PUBLIC", "Cloud", "cloud_of"]
