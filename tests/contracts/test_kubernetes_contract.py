"""The Kubernetes collector, and the stand-in that its tests use, held against what the project itself publishes.

Requests are compared with those that Kubernetes' own client makes (release 1.37), whose models also judge every answer
of the stand-in, unknown fields and wrong types too. Prism judges both once more by the OpenAPI document (a release of
some years ago). What is asked for beside whole objects, tables and metadata alone, no model describes: its parts are
judged, and the rest follows the API's documentation. None of it is a running cluster.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from kubernetes import client as official
from kubernetes.client import models

from inventory.collector import CollectorError
from tests.collectors.kubernetes_reading import Reading
from tests.services.fault_server import Reply, fault_server
from tests.services.kubernetes_api import KINDS, account, ago, group, kubernetes_api, person, pod, rule, template
from tests.services.prism import contract

pytestmark = pytest.mark.slow
CONTRACT = "kubernetes.io.json"
SPACED = {
    "secrets": (official.CoreV1Api, "list_namespaced_secret"),
    "configmaps": (official.CoreV1Api, "list_namespaced_config_map"),
    "serviceaccounts": (official.CoreV1Api, "list_namespaced_service_account"),
    "pods": (official.CoreV1Api, "list_namespaced_pod"),
    "deployments": (official.AppsV1Api, "list_namespaced_deployment"),
    "statefulsets": (official.AppsV1Api, "list_namespaced_stateful_set"),
    "daemonsets": (official.AppsV1Api, "list_namespaced_daemon_set"),
    "jobs": (official.BatchV1Api, "list_namespaced_job"),
    "cronjobs": (official.BatchV1Api, "list_namespaced_cron_job"),
    "roles": (official.RbacAuthorizationV1Api, "list_namespaced_role"),
}
EVERYWHERE = {
    "namespaces": (official.CoreV1Api, "list_namespace"),
    "rolebindings": (official.RbacAuthorizationV1Api, "list_role_binding_for_all_namespaces"),
    "clusterroles": (official.RbacAuthorizationV1Api, "list_cluster_role"),
    "clusterrolebindings": (official.RbacAuthorizationV1Api, "list_cluster_role_binding"),
}


def fill(cluster):
    """Put some of everything into a cluster."""
    cluster.namespace("pay", environment="prod")
    cluster.put("serviceaccounts", "checkout", "pay", imagePullSecrets=[{"name": "pull"}])
    for number in range(5):
        cluster.secret("pay", f"s{number}", {"password": "x"}, created=ago(300), changed=ago(number))
    cluster.secret("pay", "pull", {".dockerconfigjson": "{}"}, kind="kubernetes.io/dockerconfigjson", immutable=True)
    cluster.put("configmaps", "settings", "pay", data={"region": "eu"})
    token = {"serviceAccountToken": {"path": "token", "expirationSeconds": 3607}}
    using = pod(
        account="checkout",
        env=[{"name": "P", "valueFrom": {"secretKeyRef": {"name": "s0", "key": "password"}}}],
        volumes=[
            {"name": "s", "secret": {"secretName": "s1"}},
            {"name": "t", "projected": {"sources": [token, {"secret": {"name": "s2"}}]}},
        ],
    )
    cluster.put("deployments", "checkout", "pay", spec=template(using))
    cluster.put("statefulsets", "db", "pay", spec=template(using) | {"serviceName": "db"})
    cluster.put("daemonsets", "agent", "pay", spec=template(using))
    cluster.put("jobs", "once", "pay", spec={"template": template(using)["template"]})
    cluster.put(
        "cronjobs",
        "nightly",
        "pay",
        spec={"schedule": "0 0 * * *", "jobTemplate": {"spec": {"template": template(using)["template"]}}},
    )
    cluster.put("pods", "by-hand", "pay", spec=using)
    cluster.role("reader", rule("get list", "secrets"), namespace="pay")
    cluster.role("viewer", rule("get", "secrets", "", "s0"))
    cluster.bind("role/reader", account("pay", "checkout"), group("devs"), namespace="pay")
    cluster.bind("clusterrole/viewer", person("ann"), namespace="pay")
    cluster.bind("clusterrole/viewer", person("bob"))


@pytest.fixture
def cluster():
    with kubernetes_api() as running:
        fill(running)
        yield running


@pytest.fixture
def reading(tmp_path, tmp_path_factory, monkeypatch):
    return Reading(tmp_path, monkeypatch, tmp_path_factory.getbasetemp() / "engine")


@pytest.fixture
def theirs(cluster):
    """Kubernetes' own client, signed in."""
    configuration = official.Configuration()
    configuration.host = cluster.url
    configuration.api_key = {"BearerToken": f"Bearer {cluster.admin}"}
    with official.ApiClient(configuration) as client:
        yield client


def model_of(kind):
    """Return the official client's model of a kind."""
    return getattr(models, f"V1{kind}")


def judge(body):
    """Have the official models judge an answer; they take no field that they do not know, and no other type."""
    kind = body.get("kind")
    if kind is None:
        return models.VersionInfo.model_validate(body)
    if kind not in ("Table", "PartialObjectMetadata", "PartialObjectMetadataList"):
        return model_of(kind).model_validate(body)
    assert body["apiVersion"] == "meta.k8s.io/v1"
    if kind == "PartialObjectMetadata":
        assert body.keys() == {"kind", "apiVersion", "metadata"}
        return models.V1ObjectMeta.model_validate(body["metadata"])
    models.V1ListMeta.model_validate(body["metadata"])
    for each in body.get("items") or [row["object"] for row in body["rows"]]:
        judge(each)
    return None


def collected(cluster, reading, **config):
    """Collect, and return what was asked with what was answered."""
    told, honest = [], cluster.answer

    def answer(asked):
        reply = honest(asked)
        told.append((asked, json.loads(reply.body), reply.status))
        return reply

    cluster.server.answer = answer
    found = reading.collect(cluster, **config)
    reading.collector(cluster, **config).probe(reading.context(cluster.admin))
    cluster.server.answer = honest
    return found, told


def shape(asked):
    """Return method, path and the names of what is given with it."""
    parts = urlsplit(asked.path)
    return asked.method, parts.path, frozenset(parse_qs(parts.query))


def test_the_official_client_reads_what_the_stand_in_holds(cluster, theirs):
    for resource, (api, method) in (SPACED | EVERYWHERE).items():
        where = ("pay",) if resource in SPACED else ()
        call = getattr(api(theirs), method)

        first = call(*where, limit=1)
        names = [first.items[0].metadata.name]
        while first.metadata._continue:
            first = call(*where, limit=1, _continue=first.metadata._continue)
            names.append(first.items[0].metadata.name)

        assert names == sorted(name for space, name in cluster.objects[resource] if not where or space == "pay")
    assert {*SPACED, *EVERYWHERE} == set(KINDS)


@pytest.mark.parametrize("tables", [True, False])
def test_every_answer_of_the_stand_in_is_one_that_the_official_models_know(cluster, reading, tables):
    cluster.offers_tables = tables

    found, told = collected(cluster, reading, fingerprint=True)

    assert len(found.secrets()) == 7
    kinds = {body.get("kind") for _, body, _ in told}
    assert {"SelfSubjectAccessReview", "Secret", "DeploymentList", "CronJobList", "ClusterRole"} <= kinds
    assert ("Table" in kinds) is tables
    for _, body, _ in told:
        judge(body)


def test_refusals_of_the_stand_in_are_statuses_as_the_official_models_know_them(cluster, reading):
    for path in ("/api/v1/namespaces/none", "/api/v1/nonsense", "/apis/apps/v1/secrets"):
        judge(
            json.loads(requests.get(cluster.url + path, headers={"Authorization": f"Bearer {cluster.admin}"}).content)
        )
    judge(json.loads(requests.get(f"{cluster.url}/version").content))


def test_what_the_collector_asks_the_official_client_would_ask(cluster, reading, theirs):
    _, told = collected(cluster, reading, fingerprint=True)
    ours = {shape(asked) for asked, _, _ in told}
    reviews = [json.loads(asked.body) for asked, _, _ in told if asked.method == "POST"]
    cluster.asked.clear()

    for resource, (api, method) in (SPACED | EVERYWHERE).items():
        getattr(api(theirs), method)(*(("pay",) if resource in SPACED else ()), limit=500)
    core, rbac = official.CoreV1Api(theirs), official.RbacAuthorizationV1Api(theirs)
    core.read_namespace("pay")
    for secret in core.list_namespaced_secret("pay", limit=500).items:
        core.read_namespaced_secret(secret.metadata.name, "pay")
    rbac.read_cluster_role("viewer")
    official.VersionApi(theirs).get_code()
    for review in reviews:
        body = models.V1SelfSubjectAccessReview.model_validate(review)
        official.AuthorizationV1Api(theirs).create_self_subject_access_review(body)

    assert ours <= {(method, path.rstrip("/"), given) for method, path, given in map(shape, cluster.asked)}
    sent = [json.loads(asked.body)["spec"] for asked in cluster.asked if asked.method == "POST"]
    assert [review["spec"] for review in reviews] == sent


def test_the_models_would_not_let_a_wrong_answer_pass(cluster):
    secret = cluster.secret("pay", "wrong")

    for wrong in ({"data": {"a": 1}}, {"unknown": "x"}, {"metadata": {"creationTimestamp": "yesterday"}}):
        with pytest.raises(ValueError, match="validation error"):
            judge(secret | wrong)


@pytest.fixture(scope="module")
def document(prism, tmp_path_factory):
    """The part of the published document that the collector may ask for: reading the whole takes Prism minutes."""
    whole = json.loads(contract(CONTRACT).read_text())
    paths = {}
    for path, operations in whole["paths"].items():
        last = path.rstrip("/").removesuffix("/{name}").rpartition("/")[2]
        if (
            last in {*KINDS, "version", "selfsubjectaccessreviews"}
            and "/watch/" not in path
            and "/v1/" in path + "/v1/" * (last == "version")
        ):
            kept = {"get", "parameters"} | ({"post"} if last == "selfsubjectaccessreviews" else set())
            paths[path] = {name: each for name, each in operations.items() if name in kept}
    components = {"securitySchemes": whole["components"]["securitySchemes"], "schemas": {}}
    waiting = [paths]
    while waiting:
        match waiting.pop():
            case {"$ref": str(reference)}:
                name = reference.rpartition("/")[2]
                if name not in components["schemas"]:
                    components["schemas"][name] = whole["components"]["schemas"][name]
                    waiting.append(components["schemas"][name])
            case dict() as each:
                waiting += each.values()
            case list() as each:
                waiting += each
    file = tmp_path_factory.mktemp("contract") / "kubernetes.json"
    file.write_text(json.dumps(whole | {"paths": paths, "components": components}))
    return file


@pytest.fixture(scope="module")
def behind(prism, document):
    """What stands behind Prism; `answers` holds the stand-in of the test under way."""
    answers = []
    with fault_server(lambda asked: answers[-1](asked)) as server:
        yield answers, prism(document, server.url(""))


def passed_to(address):
    """Pass requests on to a Prism; one that fails says by which rule."""
    session = requests.Session()
    session.trust_env = False

    def answer(asked):
        kept = {name: value for name, value in asked.headers.items() if name.lower() not in ("host", "content-length")}
        told = session.request(asked.method, address + asked.path, headers=kept, data=asked.body, timeout=60)
        return Reply(told.content, told.status_code, {"Content-Type": told.headers.get("Content-Type", "")})

    return answer


def test_the_published_document_knows_the_requests_and_the_answers(cluster, reading, behind):
    """Its answers are whole objects only, so that the table is left out; metadata has nothing that they lack."""
    answers, address = behind
    cluster.offers_tables = False
    answers.append(cluster.answer)
    cluster.server.answer = passed_to(address)

    found = reading.collect(cluster, fingerprint=True)

    assert [skip.what for skip in found.told] == ["types of secrets in pay"]
    assert len(found.secrets()) == 7
    assert found.secrets()["s1"].rotated_at == ago(1)
    assert any(found.secrets()["s0"].versions[0].held)
    assert "user:bob" in found.principals


def test_the_published_document_lets_no_wrong_answer_and_no_wrong_request_pass(cluster, behind):
    answers, address = behind
    answers.append(cluster.answer)
    cluster.objects["secrets"]["pay", "s0"]["data"] = ["no", "object"]
    headers = {"Authorization": f"Bearer {cluster.admin}"}

    statuses = [
        requests.get(address + path, headers=headers, timeout=60).status_code
        for path in ("/api/v1/namespaces/pay/secrets/s0", "/api/v1/nonsense", "/api/v1/secrets?limit=many")
    ]

    assert statuses == [500, 404, 422]


def test_a_server_that_gives_whole_secrets_in_place_of_metadata_is_refused(cluster, reading, prism, document):
    """Which is what Prism does: it makes an answer by the document, and that knows no metadata alone."""
    through = passed_to(prism(document))
    cluster.server.answer = lambda asked: through(asked) if "/secrets" in asked.path else cluster.answer(asked)
    collector, context = reading.collector(cluster), reading.context(cluster.admin)

    with pytest.raises(CollectorError, match="only metadata was asked for"):
        list(collector.read(collector._asset("pay"), context))
