"""The OpenAPI document is the code's, and the answers are the document's."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from inventory import listings, principal_listing, secret_listing
from inventory.api.assets import Assets
from inventory.api.credentials import Credentials
from inventory.api.exposures import Exposures
from inventory.api.principals import Principals
from inventory.api.secrets import Secrets
from tests.api.cards import card, whole_card
from tests.api.organisation import names
from tests.factories import SnapshotFactory

ROOT = Path(__file__).resolve().parent.parent.parent
WRITE = "Write it anew: .venv/bin/python manage.py spectacular --fail-on-warn --validate --file openapi.yaml"


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))


def test_the_committed_document_is_the_codes_without_a_warning():
    out = StringIO()

    call_command("spectacular", fail_on_warn=True, validate=True, stdout=out)

    assert (ROOT / "openapi.yaml").read_text(encoding="utf-8") == out.getvalue(), WRITE


@pytest.mark.django_db
def test_the_served_document_is_the_committed_one(enter, stranger, document):
    client = enter(stranger)

    as_json = client.get("/api/v1/schema/")
    as_yaml = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi"})

    assert as_json.json() == yaml.safe_load(as_yaml.content) == document


def test_every_address_is_in_the_document(document):
    operations = [each for path in document["paths"].values() for each in path.values()]

    # All but the document itself and the answer to what is not there.
    assert len(document["paths"]) == len(names()) - 2
    for operation in operations:
        assert operation["description"]
        assert {"400", "401", "403", "404", "429", "500"} <= set(operation["responses"])
        assert operation["security"] == [{"token": []}, {"cookieAuth": []}]
        assert all(parameter["description"] for parameter in operation.get("parameters", []))


def test_every_write_says_what_it_takes_and_what_may_stand_in_its_way(document):
    writes = {path: methods["post"] for path, methods in document["paths"].items() if "post" in methods}
    bodies = {path for path, write in writes.items() if "requestBody" in write}

    assert {method for methods in document["paths"].values() for method in methods} == {"get", "post", "put"}
    assert bodies == {
        "/api/v1/policies/",
        "/api/v1/policies/preview/",
        "/api/v1/exemptions/",
        "/api/v1/sources/{id}/upload/",
    }
    assert set(writes) - bodies == {
        "/api/v1/sources/{id}/collect/",
        "/api/v1/sources/{id}/test/",
        "/api/v1/exemptions/{id}/approve/",
        "/api/v1/exemptions/{id}/end/",
    }
    assert all("409" in write["responses"] for write in writes.values())


@pytest.mark.django_db
@pytest.mark.parametrize("viewer", ["engineer", "member"])
@pytest.mark.parametrize(
    ("endpoint", "listing", "path"),
    [
        (Exposures, listings.exposures, "exposures"),
        (Credentials, listings.credentials, "credentials"),
        (Assets, listings.assets, "assets"),
        (Secrets, secret_listing.secrets, "secrets"),
        (Principals, principal_listing.principals, "principals"),
    ],
)
def test_the_document_names_the_filters_of_the_pages(request, enter, viewer, endpoint, listing, path, document):
    person = request.getfixturevalue(viewer)
    documented = {each["name"] for each in document["paths"][f"/api/v1/{path}/"]["get"]["parameters"]}

    allowed = set(enter(person).get(f"/api/v1/{path}/", {"nonsense": 1}).json()["error"]["allowed"])

    # `source` is for those who see everything, and says so.
    assert allowed == documented - (set() if person.sees_everything else {"source"})


def misfits(schema, value, document, where=""):
    """Yield where an answer is not what the document says."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]] | {
            name: each for name, each in schema.items() if name != "$ref"
        }
    if value is None:
        if not schema.get("nullable") and None not in schema.get("enum", []):
            yield f"{where} is null"
        return
    for part in schema.get("allOf", []):
        yield from misfits(part, value, document, where)
    if "oneOf" in schema:
        if all(any(misfits(part, value, document, where)) for part in schema["oneOf"]):
            yield f"{where} is none of those named"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is not one of the words"
    kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}
    kind = schema.get("type")
    if kind and not isinstance(value, kinds[kind]):
        yield f"{where} is no {kind}"
    elif kind == "array":
        for at, each in enumerate(value):
            yield from misfits(schema["items"], each, document, f"{where}[{at}]")
    elif kind == "object" and "properties" in schema:
        if missing := set(schema.get("required", [])) - set(value):
            yield f"{where} lacks {missing}"
        if more := set(value) - set(schema["properties"]):
            yield f"{where} has {more} beyond"
        for name, each in value.items():
            yield from misfits(schema["properties"].get(name, {}), each, document, f"{where}.{name}")


@pytest.mark.django_db
@pytest.mark.parametrize("viewer", ["engineer", "member"])
def test_every_answer_is_as_the_document_says(request, enter, viewer, mine, document):
    person = request.getfixturevalue(viewer)
    client = enter(person)
    whole = SnapshotFactory(team=None, card=whole_card(mine.snapshot.card, card(team="empty")))
    addresses = mine.addresses(person, without={"api-schema", "api-organisation-score"})
    addresses["whole"] = f"/api/v1/organisation/scores/{whole.pk}/"
    asked = 0

    for name, address in addresses.items():
        response = client.get(address)
        path = template(response.resolver_match)
        operation = document["paths"][path]["get"]
        refused = document["components"]["responses"]["Refused404"]
        said = refused if response.status_code == 404 else operation["responses"]["200"]
        schema = said["content"]["application/json"]["schema"]
        assert list(misfits(schema, response.json(), document)) == [], name
        asked += response.status_code == 200

    assert asked >= (36 if person.sees_everything else 28)


def template(match):
    """Return the path of the document for an address."""
    path = f"/{match.route}"
    for name in match.kwargs:
        begin = path.index("(?P") if "(?P" in path else path.index("<")
        end = path.index(")", begin) if "(?P" in path else path.index(">", begin)
        shown = "id" if name == "pk" else name
        path = path[:begin] + f"{{{shown}}}" + path[end + 1 :]
    return path.replace("^", "").replace("$", "")


def test_the_checker_of_answers_finds_what_is_wrong(document):
    """The control of the test above."""
    schema = {"$ref": "#/components/schemas/Skip"}

    assert list(misfits(schema, {"reason": "a", "what": "b", "count": 1}, document)) == []
    assert list(misfits(schema, {"reason": "a", "what": "b"}, document))
    assert list(misfits(schema, {"reason": "a", "what": "b", "count": "1"}, document))
    assert list(misfits(schema, {"reason": "a", "what": "b", "count": 1, "more": 1}, document))
    assert list(misfits(schema, {"reason": None, "what": "b", "count": 1}, document))
