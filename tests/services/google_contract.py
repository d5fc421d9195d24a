"""Google's own description of its APIs, and whether requests and answers are as it says.

The discovery documents come with Google's package `google-api-python-client`; none is kept here.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

DOCUMENTS = (
    "secretmanager.v1",
    "iam.v1",
    "cloudresourcemanager.v1",
    "cloudresourcemanager.v3",
    "policyanalyzer.v1",
)
_SYSTEM = {"$alt"}
"""A parameter of every API that the documents leave out; Google's own client sends it."""


@dataclass(frozen=True)
class Method:
    """One method of one API."""

    id: str
    verb: str
    path: re.Pattern[str]
    document: dict[str, Any]
    description: dict[str, Any] = field(hash=False)

    @property
    def answers(self) -> str:
        """Return the name of the schema of its answer."""
        return str(self.description["response"]["$ref"])


@cache
def document(name: str) -> dict[str, Any]:
    """Return one of the documents."""
    spec = find_spec("googleapiclient")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "discovery_cache" / "documents"
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_bytes())
    return found


@cache
def methods() -> tuple[Method, ...]:
    """Return every method of the documents."""

    def within(resource: dict[str, Any], whole: dict[str, Any]) -> Iterator[Method]:
        for each in resource.get("methods", {}).values():
            parts = re.split(r"\{[^}]+\}", each["flatPath"])
            # A part of a path is anything but a slash; what is in it is encoded.
            pattern = re.compile("/" + "([^/:?]+)".join(map(re.escape, parts)))
            yield Method(each["id"], each["httpMethod"], pattern, whole, each)
        for each in resource.get("resources", {}).values():
            yield from within(each, whole)

    return tuple(method for name in DOCUMENTS for method in within(document(name), document(name)))


def method_of(verb: str, target: str) -> tuple[Method, list[str], dict[str, str]] | None:
    """Return which method a request is for, the parts of its path and its query; None: there is none."""
    parts = urlsplit(target)
    for each in methods():
        found = each.path.fullmatch(parts.path)
        if found and each.verb == verb:
            return each, [unquote(part) for part in found.groups()], dict(parse_qsl(parts.query))
    return None


def wrong_with_request(method: Method, query: Mapping[str, str], body: bytes) -> list[str]:
    """Return how a request differs from what Google describes."""
    known = {
        name: each
        for name, each in {**method.document["parameters"], **method.description["parameters"]}.items()
        if each["location"] == "query"
    }
    wrong = [f"{method.id}: no parameter {name}" for name in query if name not in known and name not in _SYSTEM]
    for name, value in query.items():
        if name in known:
            kind = known[name]
            if kind["type"] == "integer" and not value.lstrip("-").isdigit():
                wrong.append(f"{method.id}: {name} is no number")
            if "enum" in kind and value not in kind["enum"]:
                wrong.append(f"{method.id}: {name} may not be {value}")
    asked = method.description.get("request")
    if asked is None:
        return wrong + ([f"{method.id}: takes no body"] if body else [])
    return wrong + list(wrong_with({"$ref": asked["$ref"]}, json.loads(body or b"{}"), method.document, method.id))


def wrong_with_answer(method: Method, answer: Any) -> list[str]:
    """Return how an answer differs from what Google describes."""
    return list(wrong_with({"$ref": method.answers}, answer, method.document, method.id))


def wrong_with(schema: Mapping[str, Any], value: Any, whole: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield how a value differs from its schema."""
    if "$ref" in schema:
        yield from wrong_with(whole["schemas"][schema["$ref"]], value, whole, where)
        return
    kind = schema.get("type")
    if kind == "object":
        if not isinstance(value, dict):
            yield f"{where}: no object"
            return
        for name, each in value.items():
            inner = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if inner is None:
                yield f"{where}.{name}: not described"
            else:
                yield from wrong_with(inner, each, whole, f"{where}.{name}")
    elif kind == "array":
        if not isinstance(value, list):
            yield f"{where}: no list"
            return
        for number, each in enumerate(value):
            yield from wrong_with(schema["items"], each, whole, f"{where}[{number}]")
    elif kind != "any" and not _fits(kind, schema, value):
        yield f"{where}: {value!r} is no {schema.get('format') or kind}"


def _fits(kind: Any, schema: Mapping[str, Any], value: Any) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "number"):
        return isinstance(value, int) and not isinstance(value, bool)
    if not isinstance(value, str) or ("enum" in schema and value not in schema["enum"]):
        return False
    shape = schema.get("format")
    if shape in ("int64", "uint64"):
        return re.fullmatch(r"-?\d+", value) is not None
    if shape == "google-duration":
        return re.fullmatch(r"-?\d+(\.\d{1,9})?s", value) is not None
    if shape == "byte":
        try:
            base64.b64decode(value, validate=True)
        except binascii.Error:
            return False
    if shape == "google-datetime":
        try:
            return value.endswith("Z") and bool(datetime.fromisoformat(value))
        except ValueError:
            return False
    return True


def filled(schema: Mapping[str, Any], whole: Mapping[str, Any], depth: int = 0) -> Any:
    """Return a value in which everything that a schema describes is there: an answer that nobody chose."""
    if "$ref" in schema:
        return filled(whole["schemas"][schema["$ref"]], whole, depth)
    kind, shape = schema.get("type"), schema.get("format")
    if kind == "object":
        found = {
            name: filled(each, whole, depth + 1) for name, each in schema.get("properties", {}).items() if depth < 8
        }
        return found or {"string": filled(schema.get("additionalProperties") or {"type": "string"}, whole, depth + 1)}
    if kind == "array":
        return [filled(schema["items"], whole, depth + 1)] if depth < 8 else []
    if kind == "string" and "enum" in schema:
        return schema["enum"][-1]
    shaped = {"int64": "1", "google-duration": "3600s", "byte": "c3RyaW5n", "google-datetime": "2019-08-24T14:15:22Z"}
    return {"boolean": True, "integer": 1, "number": 1, "any": "string"}.get(str(kind)) or shaped.get(
        str(shape), "string"
    )
