"""What RBAC comes to: whom a rule lets at which secret, judged as the API server would."""

import random

import pytest

from inventory.access_rule import fits
from inventory.collector import GrantRecord, PrincipalRecord
from inventory.effective_access import readers_of
from inventory.kube.grants import grants_of
from inventory.kube.subjects import subject_of
from inventory.models import Grant, Principal, Secret
from inventory.services import add_source, count_readers
from inventory.store_records import Capability, Matching, PrincipalKind
from posture.common.fingerprint import load_key
from tests.collectors.kubernetes_reading import Reading
from tests.inventory.test_store_sync import collect
from tests.services.kubernetes_api import KubernetesAPI, Somebody, account, ago, group, kubernetes_api, person, rule

READ, LIST, WRITE, DELETE = Capability.READ, Capability.LIST, Capability.WRITE, Capability.DELETE
RBAC = "rbac.authorization.k8s.io"


@pytest.fixture
def cluster():
    with kubernetes_api() as running:
        for name in ("pay", "web"):
            running.namespace(name)
        running.put("serviceaccounts", "checkout", "pay")
        running.secret("pay", "db")
        running.secret("web", "db")
        yield running


@pytest.fixture
def reading(tmp_path, tmp_path_factory, monkeypatch):
    return Reading(tmp_path, monkeypatch, tmp_path_factory.getbasetemp() / "engine")


def given(*rules, namespace="pay"):
    return list(grants_of("r", "role pay/r", rules, namespace))


def certain(*rules, namespace="pay"):
    return [grant for grant in given(*rules, namespace=namespace) if not grant.condition]


# Rules


@pytest.mark.parametrize(
    ("verbs", "gives"),
    [
        ("get", {READ}),
        ("list", {READ, LIST}),
        ("watch", {READ, LIST}),
        ("create", {WRITE}),
        ("update", {WRITE}),
        ("patch", {READ, WRITE}),
        ("delete deletecollection", {DELETE}),
        ("*", {READ, LIST, WRITE, DELETE}),
    ],
)
def test_each_verb_gives_what_its_answer_holds(verbs, gives):
    (grant,) = certain(rule(verbs, "secrets"))

    assert set(grant.capabilities) == gives
    assert (grant.pattern, grant.matching) == ("namespaces/pay/secrets/*", Matching.GLOB)
    assert grant.wildcard


def test_the_rule_says_that_lists_hand_out_values():
    (grant,) = certain(rule("list", "secrets"))

    assert grant.rule == "role pay/r: list secrets (lists hand out values)"


def test_names_limit_a_rule_to_these_secrets():
    grants = certain(rule("get", "secrets", "", "db", "tls"))

    assert {(grant.pattern, grant.matching) for grant in grants} == {
        ("namespaces/pay/secrets/db", Matching.EXACT),
        ("namespaces/pay/secrets/tls", Matching.EXACT),
    }
    assert not any(grant.wildcard for grant in grants)


def test_names_in_all_namespaces_fit_each_namespace():
    (grant,) = certain(rule("get", "secrets", "", "db"), namespace="")

    assert fits(grant.pattern, grant.matching, "namespaces/any/secrets/db")
    assert not fits(grant.pattern, grant.matching, "namespaces/any/secrets/db2")


@pytest.mark.parametrize("verb", ["create", "deletecollection"])
def test_a_request_without_a_name_is_allowed_by_no_rule_with_names(verb):
    assert not certain(rule(verb, "secrets", "", "db"))


@pytest.mark.parametrize("name", ["*", "d?", "", "a/b", "DB"])
def test_a_name_that_no_secret_has_gives_nothing(name):
    assert not certain(rule("get", "secrets", "", name))


@pytest.mark.parametrize(
    ("resources", "groups"), [("configmaps", ""), ("secrets", "apps"), ("secrets/status", ""), ("secret", "")]
)
def test_rules_about_something_else_give_no_secrets(resources, groups):
    assert not certain(rule("get", resources, groups))


@pytest.mark.parametrize(("resources", "groups"), [("*", ""), ("secrets", "*")])
def test_stars_mean_secrets_too(resources, groups):
    assert {READ} == set(certain(rule("get", resources, groups))[0].capabilities)


def test_every_verb_on_everything_is_the_administrator():
    (grant,) = given(rule("*", "*", "*"))
    (everywhere,) = given(rule("*", "*", "*"), namespace="")

    assert grant.capabilities == (Capability.ADMIN,)
    assert (grant.pattern, everywhere.pattern) == ("namespaces/pay/*", "*")
    assert grant.wildcard


@pytest.mark.parametrize(
    ("verbs", "resources", "groups", "gives"),
    [
        ("create", "pods", "", READ),
        ("patch", "deployments", "apps", READ),
        ("create", "cronjobs", "batch", READ),
        ("create", "pods/exec", "", READ),
        ("get", "pods/attach", "", READ),
        ("impersonate", "users", "", Capability.ADMIN),
        ("escalate", "clusterroles", RBAC, Capability.ADMIN),
        ("bind", "roles", RBAC, Capability.ADMIN),
    ],
)
def test_a_detour_to_secrets_is_told_under_its_condition(verbs, resources, groups, gives):
    detours = [grant for grant in given(rule(verbs, resources, groups)) if grant.condition]

    assert [grant.capabilities for grant in detours] == [(gives,)]
    assert f"{verbs} {resources}" in detours[0].rule


def test_whoever_writes_bindings_manages_rights():
    (grant,) = certain(rule("create", "rolebindings", RBAC))

    assert grant.capabilities == (Capability.MANAGE,)


def test_only_over_the_whole_cluster_nodes_are_a_detour():
    assert not given(rule("get", "nodes/proxy"))
    assert given(rule("get", "nodes/proxy"), namespace="")[0].condition


def test_looking_at_pods_is_no_detour():
    assert not given(rule("get list watch", "pods pods/log"), rule("update patch", "pods"))


def test_whoever_makes_tokens_reads_those_of_the_named_accounts():
    (grant,) = certain(rule("create", "serviceaccounts/token", "", "checkout"))

    assert grant.pattern == "namespaces/pay/serviceaccounts/checkout/token"
    assert grant.capabilities == (READ,)


@pytest.mark.parametrize(
    "broken", [{}, {"verbs": None}, {"verbs": [1], "resources": "secrets"}, {"nonResourceURLs": ["*"]}]
)
def test_a_rule_that_is_none_gives_nothing(broken):
    assert not given(broken)


def test_reading_is_told_exactly_where_the_api_server_allows_it():
    """The stand-in judges each request by the rules; the grants must come to the same, whatever the rules are."""
    chance = random.Random(20261124)
    for _ in range(400):
        api = KubernetesAPI()
        rules = [
            {
                "verbs": chance.sample(["get", "list", "watch", "create", "delete", "*"], chance.randint(1, 3)),
                "apiGroups": chance.sample(["", "apps", "*"], chance.randint(1, 2)),
                "resources": chance.sample(["secrets", "configmaps", "pods", "*"], chance.randint(1, 2)),
            }
            | ({"resourceNames": chance.sample(["db", "tls", "x"], 2)} if chance.random() < 0.4 else {})
            for _ in range(chance.randint(1, 3))
        ]
        namespace = chance.choice(["pay", ""])
        api.role("r", *rules, namespace=namespace)
        api.bind("role/r" if namespace else "clusterrole/r", person("ann"), namespace=namespace)
        grants = certain(*rules, namespace=namespace)

        for space, name in (("pay", "db"), ("pay", "other"), ("web", "db")):
            ann = Somebody("ann")
            # Listing by the name alone is allowed by rules with names too.
            expected = any(api.allows(ann, verb, "", "secrets", space, name) for verb in ("get", "list", "watch"))
            address = f"namespaces/{space}/secrets/{name}"
            reads = any(
                {READ, Capability.ADMIN} & set(grant.capabilities) and fits(grant.pattern, grant.matching, address)
                for grant in grants
            )
            assert reads is expected, (rules, namespace, space, name)


# Who is bound


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (person("ann"), ("user:ann", PrincipalKind.HUMAN)),
        (person("system:kube-scheduler"), ("user:system:kube-scheduler", PrincipalKind.WORKLOAD)),
        (person("system:serviceaccount:pay:checkout"), ("serviceaccount:pay/checkout", PrincipalKind.WORKLOAD)),
        (account("pay", "checkout"), ("serviceaccount:pay/checkout", PrincipalKind.WORKLOAD)),
        (group("devs"), ("group:devs", PrincipalKind.GROUP)),
    ],
)
def test_subjects_are_told_as_what_they_are(subject, expected):
    found = subject_of(subject)

    assert (found.id, found.kind) == expected


@pytest.mark.parametrize(
    "subject",
    [{}, {"kind": "Node", "name": "x"}, {"kind": "User"}, {"kind": "ServiceAccount", "name": "x"}, account("A", "b")],
)
def test_who_is_nobody_is_left_out(subject):
    assert subject_of(subject) is None


def test_a_role_of_the_cluster_given_in_a_namespace_counts_there_alone(cluster, reading):
    cluster.role("view-secrets", rule("get", "secrets"))
    cluster.bind("clusterrole/view-secrets", person("ann"), namespace="pay")

    found = reading.collect(cluster)

    (grant,) = found.grants_of("clusterrole:view-secrets@pay")
    assert grant.pattern == "namespaces/pay/secrets/*"
    assert found.principals["user:ann"].member_of == ("clusterrole:view-secrets@pay",)
    assert "clusterrole:view-secrets" not in found.principals


def test_an_account_keeps_rights_that_it_has_in_other_namespaces(cluster, reading):
    cluster.role("reader", rule("get", "secrets"), namespace="web")
    cluster.bind("role/reader", account("pay", "checkout"), namespace="web")

    found = reading.collect(cluster)

    assert "role:web/reader" in found.principals["serviceaccount:pay/checkout"].member_of


def test_groups_that_kubernetes_fills_are_told_with_who_is_in_them(cluster, reading):
    cluster.role("reader", rule("get", "secrets"))
    cluster.bind(
        "clusterrole/reader", group("system:serviceaccounts:pay"), group("system:authenticated"), group("devs")
    )

    found = reading.collect(cluster).principals

    assert found["group:system:serviceaccounts:pay"].attributes["Who"] == "every service account of pay"
    assert "not to Kubernetes" in found["group:devs"].attributes["Who"]
    own, every = "group:system:serviceaccounts:pay", "group:system:serviceaccounts"
    assert {own, every} <= set(found["serviceaccount:pay/checkout"].member_of)
    assert "group:system:authenticated" in found["group:system:serviceaccounts:pay"].member_of


def test_whoever_signs_in_is_in_the_group_of_those_and_who_does_not_is_not(cluster, reading):
    cluster.role("reader", rule("get", "secrets"))
    signed_in, anybody = "system:authenticated", "system:unauthenticated"
    cluster.bind("clusterrole/reader", *map(group, (signed_in, anybody)), *map(person, ("ann", "system:anonymous")))

    found = reading.collect(cluster).principals

    def groups(who):
        return {name.removeprefix("group:") for name in found[who].member_of} & {signed_in, anybody}

    assert groups("serviceaccount:pay/checkout") == groups("user:ann") == {signed_in}
    assert groups("user:system:anonymous") == {anybody}


def test_masters_may_everything_though_no_role_says_so(cluster, reading):
    (grant,) = reading.collect(cluster).grants_of("group:system:masters")

    assert grant.capabilities == (Capability.ADMIN,)
    assert "past every role" in grant.rule


def test_roles_that_nobody_was_given_are_no_principals(cluster, reading):
    cluster.role("unused", rule("*", "*", "*"))
    cluster.role("unused", rule("*", "*", "*"), namespace="pay")

    assert not [each for each in reading.collect(cluster).principals if "unused" in each]


def test_a_binding_to_a_role_that_is_not_there_is_said(cluster, reading):
    cluster.bind("clusterrole/ghost", person("ann"))
    cluster.bind("role/ghost", person("ann"), namespace="pay")
    cluster.bind("clusterrole/ghost", person("ann"), namespace="pay")

    told = [skip for skip in reading.collect(cluster).told if "is not there" in skip.reason]

    assert [(skip.what, skip.count, skip.partial) for skip in told] == [
        ("the whole cluster", 1, False),
        ("pay", 2, False),
    ]


def test_an_aggregated_role_gives_what_the_server_put_into_it(cluster, reading):
    cluster.role("all", rule("get", "secrets"), aggregationRule={"clusterRoleSelectors": [{"matchLabels": {"a": "b"}}]})
    cluster.bind("clusterrole/all", group("devs"))

    found = reading.collect(cluster)

    assert "Aggregated" in found.principals["clusterrole:all"].attributes
    assert found.grants_of("clusterrole:all")


def test_bindings_that_give_the_same_role_are_named_together(cluster, reading):
    cluster.role("reader", rule("get", "secrets"), namespace="pay", created=ago(50))
    for number in range(7):
        cluster.bind("role/reader", person(f"user-{number}"), namespace="pay", name=f"b{number}")

    found = reading.collect(cluster).principals["role:pay/reader"]

    assert found.attributes["Given by"] == "b0, b1, b2, b3, b4 and 2 more"
    assert found.created_at == ago(50)


def test_every_grant_is_of_a_principal_of_the_same_asset(cluster, reading):
    cluster.role("reader", rule("get", "secrets"))
    cluster.bind("clusterrole/reader", person("ann"), account("pay", "checkout"))
    cluster.bind("clusterrole/reader", group("devs"), account("web", "default"), namespace="pay")

    found = reading.collect(cluster)

    for asset in found.records:
        principals = {record.external_id for record in found.of(PrincipalRecord, asset)}
        assert {record.principal for record in found.of(GrantRecord, asset)} <= principals
    told = [record.external_id for record in found.of(PrincipalRecord)]
    assert len(told) == len(set(told)), "each is told by one asset alone"


# What the inventory makes of it


@pytest.mark.django_db(transaction=True)
def test_who_can_read_a_secret_is_known_after_one_collection(cluster, reading, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    settings.CREDENTIAL_DIR = tmp_path
    load_key(settings.FINGERPRINT_KEY_FILE, create=True)
    cluster.role("reader", rule("get", "secrets"), namespace="pay")
    cluster.bind("role/reader", person("ann"), account("web", "default"), namespace="pay")
    cluster.role("starter", rule("create", "pods"), namespace="pay")
    cluster.bind("role/starter", person("bob"), namespace="pay")
    (tmp_path / "kube").write_text(cluster.admin)
    source = add_source(name="k", kind="kubernetes", config={"url": cluster.url}, credential="file:kube", operator=True)

    assert collect(source).status == "complete"
    count_readers()

    secret = Secret.objects.get(asset__name="pay", path="db")
    readers = readers_of(secret)
    sure = {Principal.objects.get(pk=each.principal).name for each in readers if each.allowed.can(READ)}
    perhaps = {Principal.objects.get(pk=each.principal).name for each in readers} - sure
    assert (sure, perhaps) == ({"ann", "web/default"}, {"bob"})
    assert secret.readers == 2
    assert Grant.objects.filter(principal__name="pay/reader", rule="role pay/reader: get secrets").count() == 1
