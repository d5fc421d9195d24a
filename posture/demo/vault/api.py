"""Speaks to the demo's own OpenBao while it is filled."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from posture.common.http import HTTPFailure, guarded_session, json_of
from posture.common.inside import Network
from posture.demo.description import DemoError


class VaultAPI:
    """One server with one token; errors tell path and status, never what was sent."""

    def __init__(self, url: str, token: str = "") -> None:
        # The demo's own server is on this machine, and the session goes nowhere else.
        self._session = guarded_session(Network(anywhere=True), url)
        self._url = url
        self.token = token

    def __call__(self, method: str, path: str, body: Any = None, **params: str) -> dict[str, Any]:
        """Send a request and return its answer.

        Raises:
            DemoError: it is refused, or nobody answers.
        """
        answer = self._send(method, path, body, params)
        if not 200 <= answer.status_code < 300:
            raise DemoError(f"OpenBao answers {method} {path} with {answer.status_code}")
        found = json_of(answer) if answer.content else {}
        return found if isinstance(found, dict) else {}

    def names(self, path: str) -> list[str]:
        """Return the names below a path; none where nothing is there."""
        answer = self._send("LIST", path, None, {})
        if answer.status_code == 404:
            return []
        return list(json_of(answer).get("data", {}).get("keys", []))

    def offers(self, path: str) -> bool:
        """Say whether the path can be read."""
        return self._send("GET", path, None, {}).status_code == 200

    def _send(self, method: str, path: str, body: Any, params: dict[str, str]) -> Any:
        headers = {"X-Vault-Token": self.token} if self.token else {}
        where = f"{self._url}/v1/{quote(path, safe='/')}"
        try:
            return self._session.request(method, where, json=body, params=params, headers=headers)
        except HTTPFailure as failure:
            raise DemoError(f"OpenBao does not answer {method} {path}: {failure}") from None


__all__ = ["VaultAPI"]
