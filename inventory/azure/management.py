"""Asks the Azure Resource Manager: which vaults there are, and which roles somebody has in them.

Five kinds of request that only read, so that Microsoft's own client for it, which is larger than all else, is not
needed; the tests hold these requests against it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from inventory.azure.credential import Login
from inventory.azure.failures import Refused, code_in, failure_of, no_answer
from inventory.collector import CollectorError
from inventory.stores.crew import Crew
from posture.common.http import HTTPFailure, guarded_session, json_of, same_origin

VAULTS, ROLES = "2023-07-01", "2022-04-01"
"""Versions of the Resource Manager's interfaces for vaults, and for roles."""
MOST_PAGES = 10_000
_WHO = "The Resource Manager"
VAULT_ID = re.compile(
    r"/subscriptions/([0-9a-f-]{36})/resourceGroups/[^/?#%\\\s]{1,90}/providers/Microsoft\.KeyVault/vaults/([0-9A-Za-z-]{1,63})",
    re.I,
)
_ROLE_ID = re.compile(
    r"(?:/subscriptions/[0-9a-f-]{36}|/providers/Microsoft\.Management/managementGroups/[^/?#%\\\s]{1,90})?"
    r"/providers/Microsoft\.Authorization/roleDefinitions/[0-9a-f-]{36}",
    re.I,
)


@dataclass
class Management:
    """The Resource Manager, seen by one application."""

    login: Login
    alive: Callable[[], None]
    requests: int = 0
    _session: Any = None
    _roles: dict[str, Mapping[str, Any] | Refused] = field(default_factory=dict)
    _reader: int = field(default_factory=threading.get_ident)

    def vaults(self, subscription: str) -> Iterator[Mapping[str, Any]]:
        """Yield the vaults of a subscription.

        Raises:
            Refused: it does not hand them out.
        """
        path = f"/subscriptions/{subscription}/providers/Microsoft.KeyVault/vaults"
        yield from self._pages(path, VAULTS, "list vaults of a subscription")

    def vault(self, vault_id: str) -> Mapping[str, Any]:
        """Return a vault with its properties.

        Raises:
            Refused: it does not hand it out.
        """
        return self._described(self._address(vault_id, VAULTS), "read the properties of a vault")

    def assignments(self, vault_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield who has which role in a vault, above it and within it.

        Raises:
            Refused: it does not hand them out.
        """
        path = f"{vault_id}/providers/Microsoft.Authorization/roleAssignments"
        yield from self._pages(path, ROLES, "list role assignments")

    def role(self, role_id: str) -> Mapping[str, Any]:
        """Return what a role is; asked once.

        Raises:
            Refused: it does not hand it out.
        """
        key = role_id.lower()
        if key not in self._roles:
            try:
                if not _ROLE_ID.fullmatch(role_id):
                    raise Refused("the assignment names no role that can be asked for")
                self._roles[key] = self._described(self._address(role_id, ROLES), "read what a role allows")
            except Refused as refused:
                self._roles[key] = refused
        found = self._roles[key]
        if isinstance(found, Refused):
            raise found
        return found

    def close(self) -> None:
        """End the connections."""
        if self._session is not None:
            self._session.close()

    def _address(self, path: str, version: str) -> str:
        # What an id holds besides is kept out by its pattern; only blanks and letters of other scripts are left.
        return f"{self.login.cloud.management}{quote(path, safe='/()')}?api-version={version}"

    def _pages(self, path: str, version: str, what: str) -> Iterator[Mapping[str, Any]]:
        """Yield what a list holds; a helper fetches the pages, so that the read stays alive meanwhile."""
        first = self._address(path, version)
        # A link may be as long as an answer.
        links = {hash(first)}

        def more(address: str, page: Mapping[str, Any]) -> list[str]:
            link = page.get("nextLink")
            if not isinstance(link, str) or not link:
                return []
            try:
                following = same_origin(address, link)
            except HTTPFailure as failure:
                raise CollectorError(str(failure), permanent=failure.permanent) from None
            if hash(following) in links or len(links) > MOST_PAGES:
                raise no_answer(_WHO, what)
            links.add(hash(following))
            return [following]

        for _, page in Crew(1, self.alive).each([first], lambda address: self._get(address, what), more):
            values = page.get("value")
            if not isinstance(values, list):
                raise no_answer(_WHO, what)
            yield from (each for each in values if isinstance(each, dict))

    def _described(self, address: str, what: str) -> Mapping[str, Any]:
        found = self._get(address, what)
        if not isinstance(found.get("properties"), dict):
            # Taken for an answer, it would say that nobody has any right.
            raise no_answer(_WHO, what)
        return found

    def _get(self, address: str, what: str) -> Mapping[str, Any]:
        token, _ = self.login.token(self.login.cloud.management_scope)
        try:
            if self._session is None:
                self._session = guarded_session(
                    self.login.network, self.login.cloud.management, alive=self._still_alive
                )
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
            answer = self._session.get(address, headers=headers, allow_redirects=False)
            self.requests += 1
            told = json_of(answer) if answer.status_code == 200 else None
        except HTTPFailure as failure:
            raise CollectorError(str(failure), permanent=failure.permanent) from None
        if answer.status_code != 200:
            raise failure_of(answer.status_code, _code(answer), _WHO, what)
        if not isinstance(told, dict):
            raise no_answer(_WHO, what)
        return told

    def _still_alive(self) -> None:
        """Renew the lease while the Resource Manager is busy; only who reads may, not the helper."""
        if threading.get_ident() == self._reader:
            self.alive()


def _code(answer: Any) -> str:
    try:
        return code_in(json_of(answer))
    except HTTPFailure:
        return ""


__all__ = ["ROLES", "VAULTS", "VAULT_ID", "Management"]
