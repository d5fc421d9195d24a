"""What becomes of a collection of a cluster when something goes wrong (G44, J13, J18, W11-W16), and its credentials."""

import base64
import json
import secrets
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

import pytest
import yaml

from inventory.collector import CollectorError, SecretRecord, SkipRecord
from inventory.collectors.kubernetes import KubernetesCollector
from inventory.kube import client as kube_client
from inventory.kube.credential import Identity
from inventory.models import Asset, Principal, Secret
from inventory.services import add_source
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from posture.common.secret_value import SecretValue
from tests.collectors.kubernetes_reading import Reading
from tests.inventory.test_store_sync import collect
from tests.services.certificates import Authority
from tests.services.fault_server import Reply
from tests.services.kubernetes_api import KubernetesAPI, Somebody, ago, kubernetes_api, person, rule

# Those that end at once; the slow ones are the client's own matter and tested there.
FAULTS = [
    *("busy_for_a_day", "wrong_type", "web_page", "half_body", "half_chunk", "half_json", "empty", "gzip_bomb"),
    *("bad_gzip", "endless_body", "ten_gigabytes", "endless_headers", "endless_header", "redirect_loop"),
    *("redirect_elsewhere", "not_http", "hang_up", "deep_json", "long_number", "next_elsewhere"),
]


@pytest.fixture
def cluster(monkeypatch):
    """Twelve secrets, read five at a time."""
    monkeypatch.setattr(kube_client.KubeClient.items, "__kwdefaults__", {"accept": kube_client.JSON, "page": 5})
    with kubernetes_api() as running:
        running.namespace("pay")
        for number in range(12):
            running.secret("pay", f"s{number:02d}", created=ago(100 + number))
        yield running


@pytest.fixture
def reading(tmp_path, tmp_path_factory, monkeypatch):
    return Reading(tmp_path, monkeypatch, tmp_path_factory.getbasetemp() / "engine")


@pytest.fixture
def unhurried(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


def read_all(collector, context, name="pay"):
    """Return what came before an error, and the error."""
    records, asset = [], collector._asset(name)
    try:
        for record in collector.read(asset, context):
            records.append(record)
    except CollectorError as error:
        return records, error
    return records, None


def secrets_of(records):
    return [record.path for record in records if isinstance(record, SecretRecord)]


def instead(cluster, part, answer, *, after=0):
    """Answer requests whose path has a part otherwise, after so many good ones."""
    honest, seen = cluster.server.answer, []

    def chosen(asked):
        if part in asked.path:
            seen.append(asked)
            if len(seen) > after:
                return answer(asked) if callable(answer) else answer
        return honest(asked)

    cluster.server.answer = chosen
    return seen


# Pages


def test_a_list_is_read_page_by_page_to_its_end(cluster, reading):
    found = reading.collect(cluster)

    assert len(found.secrets()) == 12
    pages = [asked.path for asked in cluster.asked if "/secrets" in asked.path]
    assert len(pages) == 3
    assert all("limit=5" in page for page in pages)


def test_j13_a_list_that_the_server_forgot_goes_on_from_where_it_says(cluster, reading):
    cluster.forgets_after = 9

    found = reading.collect(cluster)

    assert [secret.path for secret in found.of(SecretRecord)] == [f"s{number:02d}" for number in range(12)]
    assert not found.told
    assert sum("/secrets" in asked.path for asked in cluster.asked) == 4, "it must have been forgotten once"


def test_j13_a_list_that_was_forgotten_without_a_hint_is_begun_anew(cluster, reading):
    gone = Reply(json.dumps({"kind": "Status", "code": 410, "reason": "Expired"}).encode(), 410)
    answers = [gone]
    instead(cluster, "continue=", lambda asked: answers.pop() if answers else cluster.answer(asked))

    found = reading.collect(cluster)

    assert len(found.secrets()) == 12
    assert not found.told


def test_j18_a_list_that_is_forgotten_over_and_over_is_partial(cluster, reading):
    instead(cluster, "secrets?limit=5&continue=", Reply(b"{}", 410))

    found = reading.collect(cluster)

    assert len(found.secrets()) == 5
    (skip,) = found.told
    assert skip.partial
    assert "410" in skip.reason


def test_g44_a_list_that_names_the_same_page_for_ever_ends(cluster, reading):
    def same(asked):
        told = json.loads(cluster.answer(asked).body)
        told["metadata"]["continue"] = "again"
        return told

    instead(
        cluster, "/secrets", lambda asked: same(type(asked)(asked.method, asked.path.split("&")[0], asked.headers, b""))
    )

    records, error = read_all(reading.collector(cluster), reading.context(cluster.admin))

    assert "over and over" in str(error)
    assert len(set(secrets_of(records))) == 5


def test_g44_a_page_that_is_too_large_is_asked_for_in_smaller_ones(cluster, reading, monkeypatch):
    monkeypatch.setattr(kube_client, "MOST_BYTES", 4000)
    for number in range(12):
        cluster.secret("pay", f"s{number:02d}", meta={"annotations": {"note": "x" * 1500}})

    found = reading.collect(cluster)

    assert len(found.secrets()) == 12


# Answers that are none


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_g44_a_fault_in_mid_collection_keeps_what_was_read(cluster, reading, fault, unhurried):
    collector, context = reading.collector(cluster), reading.context(cluster.admin)
    begun = len(read_all(collector, context)[0])
    first = next(at for at, asked in enumerate(cluster.asked) if "/secrets" in asked.path)
    cluster.server.good, cluster.server.fault = first + 1, fault
    cluster.asked.clear()

    records, error = read_all(collector, context)

    assert error is not None
    assert secrets_of(records) == [f"s0{number}" for number in range(5)]
    assert len(records) < begun
    assert cluster.admin not in str(error)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'"text"',
        b"{}",
        b'{"kind": 7}',
        b'{"kind": "Status"}',
        b'{"kind": "SecretList", "items": {}}',
        b'{"kind": "Table", "rows": [7, {"cells": 7}, {"object": 7}], "columnDefinitions": [7]}',
        b'{"kind": "PartialObjectMetadataList", "items": [7, {}, {"metadata": {"name": ["x"]}}], "metadata": 7}',
    ],
)
def test_g44_answers_of_a_wrong_shape_are_an_error_or_nothing(cluster, reading, body):
    instead(cluster, "/secrets", Reply(body))

    records, error = read_all(reading.collector(cluster), reading.context(cluster.admin))

    assert not secrets_of(records)
    assert error is not None or any(isinstance(record, SkipRecord) for record in records)


def test_g44_metadata_of_a_wrong_shape_leaves_facts_unknown(cluster, reading):
    odd = {"managedFields": 7, "labels": [1], "annotations": "x", "ownerReferences": {"a": 1}, "creationTimestamp": 5}
    cluster.secret("pay", "odd", meta=odd)
    cluster.secret("pay", "far", created=ago(1), meta={"creationTimestamp": "99999-01-01T00:00:00Z"})

    found = reading.collect(cluster).secrets()

    assert found["odd"].created_at is None
    assert found["far"].created_at is None


@pytest.mark.parametrize("where", ["list", "table"])
def test_whole_secrets_that_come_unasked_are_refused(cluster, reading, where):
    """A gateway that drops the Accept header would have the server hand out values."""
    value = base64.b64encode(secrets.token_bytes(24)).decode()
    whole = {"kind": "Secret", "metadata": {"name": "x"}, "data": {"password": value}}
    body = {
        "list": {"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [whole]},
        "table": {"kind": "Table", "columnDefinitions": [], "rows": [{"cells": [], "object": whole}]},
    }[where]
    instead(cluster, "/secrets", lambda asked: body)

    records, error = read_all(reading.collector(cluster), reading.context(cluster.admin))

    assert "only metadata was asked for" in str(error)
    assert value not in str(error)
    assert not secrets_of(records)


@pytest.mark.slow
def test_odd_names_reach_no_address(cluster, reading):
    names = ("../../secrets", "a b", "a%2fb", "x\ny", "ü", "a*", "A")
    for name in names:
        cluster.objects["secrets"]["pay", name] = {"metadata": {"name": name, "namespace": "pay"}, "type": "Opaque"}
        cluster.objects["namespaces"]["", name] = {"metadata": {"name": name}}

    found = reading.collect(cluster, fingerprint=True)

    assert set(found.assets) == {"cluster", "pay"}
    assert len(found.secrets()) == 12
    assert sum("none that Kubernetes allows" in skip.reason for skip in found.told) == 2 * len(names)
    assert {asked.path.count("/") for asked in cluster.asked if "/secrets/" in asked.path} == {6}


def test_odd_names_of_roles_and_people_are_asked_for_as_they_are(cluster, reading):
    name = "odd: role+with*everything"
    cluster.role(name, rule("get", "secrets"))
    cluster.bind(f"clusterrole/{name}", person("Ann Ä <ann@example.org>"), namespace="pay")

    found = reading.collect(cluster)

    assert found.grants_of(f"clusterrole:{name}@pay")
    assert "user:Ann Ä <ann@example.org>" in found.principals


# Rights, tokens and clocks


def test_j13_a_token_that_ends_in_mid_collection_is_said_and_keeps_what_was_read(cluster, reading):
    instead(cluster, "/secrets", Reply(b"{}", 401), after=1)

    records, error = read_all(reading.collector(cluster), reading.context(cluster.admin))

    assert "does not accept the credential (401)" in str(error)
    assert error.permanent
    assert len(secrets_of(records)) == 5


def test_j18_a_permission_revoked_halfway_makes_the_read_partial(cluster, reading):
    denied = Reply(b'{"kind": "Status", "message": "no"}', 403)
    instead(cluster, "/secrets", denied, after=1)

    found = reading.collect(cluster)

    assert len(found.secrets()) == 5
    assert [(skip.what, skip.partial) for skip in found.told] == [("secrets of pay", True)]


def test_what_the_server_does_not_offer_is_no_error(cluster, reading):
    instead(cluster, "/apis/batch/", Reply(b"{}", 404))

    found = reading.collect(cluster)

    assert len(found.secrets()) == 12
    assert {(skip.what, skip.partial) for skip in found.told} == {("CronJobs of pay", False), ("Jobs of pay", False)}


@pytest.mark.parametrize(
    ("part", "lost"),
    [
        ("/deployments", "Deployments of pay"),
        ("/serviceaccounts", "service accounts of pay"),
        ("/roles", "roles of pay"),
        ("/clusterroles?", "roles of the whole cluster"),
    ],
)
def test_j18_what_may_not_be_listed_makes_its_read_partial(cluster, reading, part, lost):
    instead(cluster, part, Reply(b"{}", 403))

    told = {skip.what: skip.partial for skip in reading.collect(cluster).told}

    assert told == {lost: True}


def test_a_server_that_is_busy_is_waited_for(cluster, reading, unhurried):
    answers = [Reply(b"", 429, {"Retry-After": "1"}), Reply(b"", 429, {"Retry-After": "1"})]
    instead(cluster, "/secrets", lambda asked: answers.pop() if answers else cluster.answer(asked))

    assert len(reading.collect(cluster).secrets()) == 12


def test_a_clock_that_is_off_is_said(cluster, reading, monkeypatch):
    ahead = format_datetime(datetime.now(UTC) + timedelta(minutes=20), usegmt=True)
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda self, timestamp=None: ahead)

    assert reading.collect(cluster).facts("pay")["clock"] == "20 minutes ahead of ours"


def test_a_namespace_that_is_gone_is_said(cluster, reading):
    _, error = read_all(reading.collector(cluster), reading.context(cluster.admin), "web")

    assert "web is not there any more" in str(error)


def test_without_the_right_to_list_namespaces_these_are_to_be_named(cluster, reading):
    nobody = cluster.token_for(Somebody("nobody"))
    collector = reading.collector(cluster)

    with pytest.raises(CollectorError, match="name the namespaces to read"):
        list(collector.discover(reading.context(nobody)))


def test_a_wrong_token_is_said_by_the_probe(cluster, reading):
    wrong = secrets.token_urlsafe(30)

    with pytest.raises(CollectorError, match="does not accept the credential") as refused:
        reading.collector(cluster).probe(reading.context(wrong))

    assert wrong not in str(refused.value)


# Where the credential goes


def test_w14_a_redirect_is_not_followed(cluster, reading):
    with kubernetes_api() as other:
        cluster.server.elsewhere, cluster.server.fault = other.url, "redirect_elsewhere"

        with pytest.raises(CollectorError, match="Give the address that it really answers at"):
            reading.collect(cluster)

        assert not other.asked


def test_w11_a_cluster_inside_is_reached_only_where_it_is_listed(cluster, reading):
    with pytest.raises(CollectorError, match="POSTURE_INTERNAL_HOSTS"):
        reading.collect(cluster, network=Network())

    assert not cluster.asked


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


def test_w15_a_cluster_is_trusted_by_its_own_authority_alone(reading, authority):
    with kubernetes_api(authority) as cluster:
        cluster.namespace("pay")
        with pytest.raises(CollectorError, match="give it as Certificate authority"):
            reading.collect(cluster)
        assert not cluster.asked

        assert "pay" in reading.collect(cluster, authority=authority.file.read_text()).assets


def kubeconfig(url, cluster=None, user=None, **more):
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "main",
            "contexts": [{"name": "main", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {"server": url} | (cluster or {})}],
            "users": [{"name": "u", "user": user or {}}],
        }
        | more
    )


def packed(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def test_a_kubeconfig_with_a_token_and_an_authority_is_enough(reading, authority):
    with kubernetes_api(authority) as cluster:
        cluster.namespace("pay")
        trusted = {"certificate-authority-data": packed(authority.file.read_bytes())}
        credential = kubeconfig(f"{cluster.url}/", trusted, {"token": cluster.admin})

        assert "pay" in reading.collect(cluster, credential).assets


def test_a_client_certificate_signs_in_and_leaves_no_file(reading, authority, tmp_path):
    with kubernetes_api(authority) as cluster:
        cluster.namespace("pay")
        cluster.tokens[""] = Somebody("ann", ("system:masters",))  # whoever shows a certificate brings no token
        pem = authority.issue(["ann"]).read_text()
        at = pem.index("-----BEGIN CERTIFICATE")
        user = {"client-certificate-data": packed(pem[at:]), "client-key-data": packed(pem[:at])}
        trusted = {"certificate-authority-data": packed(authority.file.read_bytes())}
        before = set(tmp_path.rglob("*.pem"))

        assert "pay" in reading.collect(cluster, kubeconfig(cluster.url, trusted, user)).assets

        assert set(tmp_path.rglob("*.pem")) == before
        assert not [asked for asked in cluster.asked if "Authorization" in asked.headers]


def test_a_key_that_does_not_belong_to_its_certificate_is_refused(reading, authority, tmp_path):
    one, other = (authority.issue(["ann"]).read_text() for _ in range(2))
    at = one.index("-----BEGIN CERTIFICATE")
    user = {"client-certificate-data": packed(one[at:]), "client-key-data": packed(other[:at])}
    url = "https://127.0.0.1:9"
    collector = KubernetesCollector(KubernetesCollector.clean({"url": url}))

    with pytest.raises(CollectorError, match="do not belong together"):
        list(collector.discover(reading.context(kubeconfig(url, None, user))))


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        (
            "user",
            "exec",
            {"command": "touch", "args": ["/tmp/marker"], "apiVersion": "client.authentication.k8s.io/v1"},
        ),
        ("user", "auth-provider", {"name": "gcp", "config": {"cmd-path": "touch"}}),
        ("user", "tokenFile", "/etc/passwd"),
        ("user", "client-certificate", "/etc/passwd"),
        ("user", "client-key", "/etc/passwd"),
        ("user", "username", "admin"),
        ("user", "password", "x"),
        ("user", "as", "system:admin"),
        ("user", "as-groups", ["system:masters"]),
        ("cluster", "certificate-authority", "/etc/passwd"),
        ("cluster", "insecure-skip-tls-verify", True),
        ("cluster", "proxy-url", "http://other.example"),
        ("cluster", "tls-server-name", "other.example"),
    ],
)
def test_w16_a_kubeconfig_that_runs_or_reads_something_is_refused(part, field, value):
    token = secrets.token_urlsafe(30)
    parts = {"user": {"token": token}, "cluster": {}}
    parts[part][field] = value
    text = kubeconfig("https://k8s.example:6443", parts["cluster"], parts["user"])

    with pytest.raises(CollectorError, match=f"kubeconfig's {part} has {field}") as refused:
        Identity.of(SecretValue(text), "https://k8s.example:6443")

    assert refused.value.permanent
    assert token not in str(refused.value)
    assert "/etc/passwd" not in str(refused.value)


def test_w15_a_kubeconfig_for_another_cluster_is_refused():
    text = kubeconfig("https://elsewhere.example:6443", user={"token": secrets.token_urlsafe(30)})

    with pytest.raises(CollectorError, match="at another address"):
        Identity.of(SecretValue(text), "https://k8s.example:6443")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        "two\nlines of text",
        "{}",
        "clusters: []",
        "a: &a [x, x]\nclusters: [*a, *a]",
        "!!python/object/apply:os.system ['true']",
        "[" * 30_000,
        "- " * 30_000,
        kubeconfig("https://k8s.example", user={"token": "x y"}),
        kubeconfig("https://k8s.example", user={"client-certificate-data": "%%", "client-key-data": "%%"}),
        kubeconfig("https://k8s.example", **{"current-context": "other"}),
        kubeconfig("https://k8s.example", users=7),
        "\udcff" * 20,
        kubeconfig("https://k8s.example", user={"token": "a-token-that-is-one"}) + "\nx: &a [1]\ny: *a\n",
    ],
    ids=range(15),
)
def test_w16_a_credential_of_another_form_is_refused_without_repeating_it(text):
    raw = text.encode("utf-8", "surrogateescape")

    with pytest.raises(CollectorError) as refused:
        Identity.of(SecretValue(raw), "https://k8s.example")

    assert refused.value.permanent
    assert len(str(refused.value)) < 300


def test_without_a_credential_nothing_is_asked(cluster, reading):
    context = reading.context(cluster.admin)
    object.__setattr__(context, "credential", "")

    with pytest.raises(CollectorError, match="no credential"):
        list(reading.collector(cluster).discover(context))

    assert not cluster.asked


# What the inventory keeps


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_j18_nothing_is_gone_that_was_not_looked_at(cluster, settings, tmp_path, unhurried):
    settings.DATA_DIR = tmp_path / "data"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    settings.CREDENTIAL_DIR = tmp_path
    load_key(settings.FINGERPRINT_KEY_FILE, create=True)
    (tmp_path / "kube").write_text(cluster.admin)
    source = add_source(name="k", kind="kubernetes", config={"url": cluster.url}, credential="file:kube", operator=True)
    assert collect(source).status == "complete"
    whole = len(cluster.asked)
    secrets_before, principals_before = Secret.objects.present().count(), Principal.objects.present().count()
    assert secrets_before == 12

    for cut in range(0, whole, 3):
        for trouble in ("refuses", "hang_up"):
            if trouble == "refuses":
                cluster.refuses_after, cluster._requests = cut or 1, 0
            else:
                cluster.server.good, cluster.server.fault = cut, "hang_up"
            assert collect(source).status in ("partial", "failed")
            cluster.refuses_after, cluster.server.fault = 0, ""

    assert Secret.objects.present().count() == secrets_before
    assert Principal.objects.present().count() == principals_before
    assert Asset.objects.filter(gone_at=None).count() == 2
    cluster.objects["secrets"].pop(("pay", "s00"))
    assert collect(source).status == "complete"
    assert Secret.objects.present().count() == 11


@pytest.mark.slow
def test_ten_thousand_secrets_take_one_request_for_five_hundred_and_little_memory(reading):
    with kubernetes_api() as cluster:
        cluster.namespace("pay")
        for number in range(10_000):
            cluster.secret("pay", f"s{number}")
        collector, context = reading.collector(cluster), reading.context(cluster.admin)
        tracemalloc.start()
        count = sum(isinstance(record, SecretRecord) for record in collector.read(collector._asset("pay"), context))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert count == 10_000
    assert sum("/secrets" in asked.path for asked in cluster.asked) == 20
    # The stand-in lives in this process too, and makes each page.
    assert peak < 60 << 20


def test_the_stand_in_keeps_clusters_apart():
    assert KubernetesAPI().objects is not KubernetesAPI().objects
