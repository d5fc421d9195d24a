"""The origin of an address: what a credential is bound to (SECURITY W15)."""

from __future__ import annotations

from urllib.parse import urlsplit

USUAL_PORTS = {"https": 443, "http": 80, "ssh": 22}


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address, each written one way; nothing where it names no host."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if not host:
        return ""
    scheme = parts.scheme.lower()
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{port or USUAL_PORTS.get(scheme, 0)}"
