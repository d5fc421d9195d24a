"""How Google names projects, secrets, versions and roles; what has another form is asked for nowhere."""

from __future__ import annotations

import re

PROJECT = re.compile(r"(?:[a-z0-9.-]{1,100}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|\d{6,20}")
"""A project's id, with the domain that very old ones have, or its number."""
LOCATION = re.compile(r"[a-z]{2,20}-[a-z]{2,30}\d{1,2}")
ROLE = re.compile(r"(?:(?:projects|organizations)/[A-Za-z0-9.:-]{1,130}/)?roles/[A-Za-z0-9_.]{1,130}")
EMAIL = re.compile(r"[A-Za-z0-9._-]{1,100}@[A-Za-z0-9.:-]{1,200}")
KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SECRET = re.compile(r"projects/[^/]+/(?:locations/(?P<location>[^/]+)/)?secrets/(?P<name>[A-Za-z0-9_-]{1,255})")
_VERSION = re.compile(r"projects/[^/]+/(?:locations/[^/]+/)?secrets/[^/]+/versions/(?P<number>\d{1,18})")


def secret_in(name: str, location: str) -> str:
    """Return the last part of a secret's full name; empty where it is none of this location."""
    found = _SECRET.fullmatch(name)
    return found["name"] if found and (found["location"] or "") == location else ""


def number_in(name: str) -> int:
    """Return the number in a version's full name; 0 where there is none."""
    found = _VERSION.fullmatch(name)
    return int(found["number"]) if found else 0


def full_name(project: str, location: str, secret: str) -> str:
    """Return a secret's full name, by the project's id as the source names it."""
    return f"projects/{project}/{f'locations/{location}/' if location else ''}secrets/{secret}"


__all__ = ["EMAIL", "KEY", "LOCATION", "PROJECT", "ROLE", "full_name", "number_in", "secret_in"]
