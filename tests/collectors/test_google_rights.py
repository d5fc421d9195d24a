"""What policies, roles and conditions of Google's IAM let whom do."""

from __future__ import annotations

import secrets

import pytest

from inventory.access_rule import fits
from inventory.gcp.bindings import bindings_of, condition_words
from inventory.store_records import Capability, Matching, PrincipalKind
from tests.collectors.google_reading import Reading
from tests.services.google_api import NUMBER, PROJECT, problem

pytestmark = pytest.mark.slow
ACCESSOR = "roles/secretmanager.secretAccessor"


@pytest.fixture
def reading(tmp_path, monkeypatch):
    found = Reading(tmp_path, monkeypatch)
    yield found
    assert found.api.broken == [], "both sides speak as Google describes"


@pytest.fixture
def project(reading):
    return reading.api.project


def of(found, name):
    (principal,) = [each for each in found.principals.values() if each.name == name]
    return [grant for grant in found.grants if grant.principal == principal.external_id]


def test_the_right_on_one_secret_reaches_that_one_alone(reading, project):
    own = project.secret("pay-db", 3)
    project.secret("pay-db-2", 3)
    project.allow(ACCESSOR, f"serviceAccount:app@{PROJECT}.iam.gserviceaccount.com", on=own)

    found = reading.collect()

    (grant,) = found.grants
    assert grant.capabilities == (Capability.READ,)
    assert not grant.wildcard
    assert grant.rule == f"secret: {ACCESSOR} to serviceAccount:app@{PROJECT}.iam.gserviceaccount.com"
    fitting = [path for path, each in found.secrets.items() if fits(grant.pattern, grant.matching, each.address)]
    assert fitting == ["pay-db"]


def test_a_right_on_the_project_reaches_every_secret_in_every_location(reading, project):
    project.secret("global", 3)
    project.secret("regional", 3, location="europe-west3")
    project.allow(ACCESSOR, "user:Ann@Example.com")

    found = reading.collect(locations="europe-west3")

    (grant,) = of(found, "Ann@Example.com")
    assert grant.wildcard
    assert set(found.secrets) == {"global", "europe-west3/regional"}
    assert all(fits(grant.pattern, grant.matching, each.address) for each in found.secrets.values())


def test_owners_may_do_everything_and_editors_read_no_value(reading, project):
    project.allow("roles/owner", "user:o@example.com")
    project.allow("roles/editor", "user:e@example.com")
    project.allow("roles/secretmanager.viewer", "user:v@example.com")
    project.allow("roles/secretmanager.admin", "user:a@example.com")
    project.allow("roles/storage.objectViewer", "user:nobody@example.com")

    found = reading.collect()

    can = {name: {*of(found, f"{name}@example.com")[0].capabilities} for name in "oeva"}
    assert can["o"] == set(Capability)
    assert can["e"] == {Capability.LIST, Capability.WRITE, Capability.DELETE}
    assert can["v"] == {Capability.LIST}
    assert can["a"] >= {Capability.READ, Capability.MANAGE}
    assert Capability.ADMIN not in can["a"]
    assert not of(found, "v@example.com")[0].wildcard, "names alone open nothing"
    assert "nobody@example.com" not in found.principals


def test_the_owner_of_one_secret_is_no_administrator(reading, project):
    own = project.secret("x", 1)
    project.allow("roles/owner", "user:o@example.com", on=own)

    (grant,) = of(reading.collect(), "o@example.com")

    assert Capability.READ in grant.capabilities
    assert Capability.ADMIN not in grant.capabilities


def test_custom_roles_are_told_by_their_permissions(reading, project):
    role = f"projects/{PROJECT}/roles/reader"
    project.roles[role] = {"includedPermissions": ["secretmanager.versions.access", "pubsub.topics.get"]}
    project.roles[f"{role}Deleted"] = {"includedPermissions": ["secretmanager.versions.access"], "deleted": True}
    project.roles[f"{role}Off"] = {"includedPermissions": ["secretmanager.versions.access"], "stage": "DISABLED"}
    project.roles["organizations/77/roles/lister"] = {"includedPermissions": ["secretmanager.secrets.list"]}
    project.allow(role, "user:r@example.com")
    project.allow(f"{role}Deleted", "user:d@example.com")
    project.allow(f"{role}Off", "user:d@example.com")
    project.allow("organizations/77/roles/lister", "user:l@example.com")

    found = reading.collect()

    assert of(found, "r@example.com")[0].capabilities == (Capability.READ,)
    assert of(found, "l@example.com")[0].capabilities == (Capability.LIST,)
    assert "d@example.com" not in found.principals


def test_a_role_that_may_not_be_read_may_be_the_right_to_read(reading, project):
    role = f"projects/{PROJECT}/roles/unknown"
    project.roles[role] = {"includedPermissions": []}
    project.allow(role, "user:u@example.com")
    project.allow("roles/owner", "user:o@example.com")
    reading.api.answers["iam.projects.roles.get"] = problem(403)
    reading.api.answers["iam.roles.get"] = problem(403)

    found = reading.collect()

    (grant,) = of(found, "u@example.com")
    assert grant.capabilities == (Capability.READ,)
    assert "not known" in grant.condition
    assert Capability.ADMIN in of(found, "o@example.com")[0].capabilities, "what Google documents stands in"
    assert not found.skips["what roles allow"].partial


def test_each_role_is_asked_for_once(reading, project):
    for number in range(8):
        own = project.secret(f"s{number}", 1)
        project.allow(ACCESSOR, f"user:u{number}@example.com", on=own)

    found = reading.collect()

    assert len(found.grants) == 8
    assert reading.api.asked.count("iam.roles.get") == 1


def test_anyone_on_the_internet_is_a_wildcard_even_on_one_secret(reading, project):
    own = project.secret("open", 1)
    project.allow(ACCESSOR, "allUsers", "allAuthenticatedUsers", on=own)

    found = reading.collect()

    assert {grant.wildcard for grant in found.grants} == {True}
    anyone = found.principals["Anyone on the internet"]
    assert anyone.attributes["Public"] is True
    assert anyone.kind is PrincipalKind.WORKLOAD, "it acts, so that it counts among the readers"


def test_a_role_that_is_not_there_may_be_the_right_to_read(reading, project):
    project.allow("roles/newer.thanThis", "user:u@example.com")

    (grant,) = of(reading.collect(), "u@example.com")

    assert (grant.capabilities, bool(grant.condition)) == ((Capability.READ,), True)


@pytest.mark.parametrize(
    "member",
    [
        "group:devs@example.com",
        "domain:example.com",
        f"principalSet://iam.googleapis.com/projects/{NUMBER}/locations/global/workloadIdentityPools/ci/*",
        f"projectEditor:{PROJECT}",
        "somethingNew:x",
    ],
)
def test_whoever_is_in_a_group_counts_as_a_reader_of_unknown_number(member, reading, project):
    project.allow(ACCESSOR, member)

    found = reading.collect()

    group, members = found.principals.values()
    assert group.kind is PrincipalKind.GROUP
    assert members.member_of == (group.external_id,)
    assert members.kind is PrincipalKind.HUMAN
    assert "how many" in members.evidence["enabled"]
    assert found.grants[0].principal == group.external_id


def test_members_of_all_sorts_are_told_apart(reading, project):
    pool = f"//iam.googleapis.com/projects/{NUMBER}/locations/global/workloadIdentityPools/ci/subject/repo"
    project.allow(
        ACCESSOR,
        "user:p@example.com",
        f"serviceAccount:{PROJECT}.svc.id.goog[shop/cart]",
        f"principal:{pool}",
        "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/ann",
        "deleted:user:gone@example.com?uid=123",
    )

    found = reading.collect().principals

    assert {name: each.kind for name, each in found.items()} == {
        "p@example.com": PrincipalKind.HUMAN,
        f"{PROJECT}.svc.id.goog[shop/cart]": PrincipalKind.WORKLOAD,
        "ci/subject/repo": PrincipalKind.WORKLOAD,
        "staff/subject/ann": PrincipalKind.HUMAN,
    }


def test_one_member_in_two_spellings_is_one_principal(reading, project):
    own = project.secret("x", 1)
    project.allow(ACCESSOR, "user:Ann@example.com")
    project.allow(ACCESSOR, "user:ann@Example.com", on=own)

    found = reading.collect()

    assert len(found.principals) == 1
    assert len({grant.principal for grant in found.grants}) == 1
    assert len(found.grants) == 2


def test_a_service_account_is_told_once_with_its_keys(reading, project):
    email = project.account("app", 3, disabled=True, displayName="The shop")
    project.allow(ACCESSOR, f"serviceAccount:{email}")

    found = reading.collect()

    (account,) = found.principals.values()
    assert (account.enabled, account.attributes["Keys held by people"]) == (False, 1)
    assert account.attributes["Called"] == "The shop"
    assert of(found, email)


def test_rights_from_folders_and_the_organisation_hold_for_the_project_too(reading, project):
    project.secret("x", 1)
    project.allow(ACCESSOR, "user:f@example.com", on="folders/12")
    project.allow("roles/owner", "user:o@example.com", on="organizations/34")

    found = reading.collect()

    assert of(found, "f@example.com")[0].rule.startswith(f"folder 12: {ACCESSOR}")
    assert of(found, "o@example.com")[0].rule.startswith("organization 34: roles/owner")
    assert fits(of(found, "f@example.com")[0].pattern, Matching.GLOB, found.secrets["x"].address)


def test_a_condition_is_told_and_holds_the_right_back(reading, project):
    own = project.secret("x", 1)
    until = ("until autumn", 'request.time < timestamp("2026-10-01T00:00:00Z")')
    project.allow(ACCESSOR, "user:c@example.com", on=own, condition=until)
    project.allow(ACCESSOR, "user:p@example.com", condition=until)

    found = reading.collect()

    for name in ("c@example.com", "p@example.com"):
        assert of(found, name)[0].condition == 'request.time < timestamp("2026-10-01T00:00:00Z")'
        assert of(found, name)[0].capabilities == (Capability.READ,), "the role is told without the sign of conditions"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (
            f"resource.name.startsWith('projects/{NUMBER}/secrets/pay')",
            f'resource.name.startsWith("projects/{NUMBER}/secrets/pay")',
        ),
        ('resource.type == "secretmanager.googleapis.com/Secret"',) * 2,
        ('request.auth.claims.code == "letmein"', 'request.auth.claims.code == "…"'),
        ("a == 'x\\'y' && b", 'a == "…" && b'),
        ("a == 'never closed", "a condition that is not understood"),
        ('a == """letmein" letmein """', "a condition that is not understood"),
        ("a\x00b", "a condition that is not understood"),
        (" ", "a condition that is not told"),
    ],
)
def test_d1_texts_in_conditions_stay_out_unless_they_are_names_or_times(expression, words):
    assert condition_words(expression) == words


def test_a_condition_that_is_not_told_is_one_all_the_same(reading, project):
    own = project.secret("x", 1)
    project.allow(ACCESSOR, "user:c@example.com", on=own, condition=("until autumn", ""))
    project.allow(ACCESSOR, "user:p@example.com", condition=("until autumn", ""))

    found = reading.collect()

    assert {grant.condition for grant in found.grants} == {"a condition that is not told"}


def test_d1_no_value_passes_through_a_condition():
    for _ in range(200):
        quoted, digits = secrets.token_urlsafe(24), secrets.token_hex(20)
        letters = "".join(secrets.choice("abcdefghijkLMNOPQRST") for _ in range(32))
        for said in (f'x == "{quoted}"', f"x == '{quoted}", f'x == """{quoted}"""', f"x == r'{quoted}'"):
            assert quoted not in condition_words(said)
        for value in (digits, letters):
            assert value not in condition_words(f"x == {value}")


@pytest.mark.parametrize(
    "policy", [{}, {"bindings": 5}, {"bindings": ["x"]}, {"bindings": [{"members": 5}, {"members": [5]}]}]
)
def test_a_policy_that_says_nothing_gives_nothing(policy):
    assert not [member for binding in bindings_of(policy) for member in binding.members]
