"""What a cluster does not hand out is not known: it is neither gone, nor nobody's, nor without rights (J18)."""

import base64

import pytest

from inventory.collector import CollectorError
from inventory.kube import client as kube_client
from inventory.kube.values import ends_at
from inventory.models import Principal, Secret
from inventory.services import add_source, count_readers
from posture.common.fingerprint import load_key
from tests.collectors.kubernetes_reading import Reading
from tests.collectors.test_kubernetes_faults import instead, read_all, secrets_of
from tests.inventory.test_store_sync import collect
from tests.services.certificates import certificate_of_no_version
from tests.services.fault_server import Reply
from tests.services.kubernetes_api import account, ago, kubernetes_api, person, pod, rule

SECRETS = "/namespaces/pay/secrets"


@pytest.fixture
def cluster(monkeypatch):
    """A namespace of six secrets, read four at a time."""
    monkeypatch.setattr(kube_client.KubeClient.items, "__kwdefaults__", {"accept": kube_client.JSON, "page": 4})
    with kubernetes_api() as running:
        running.namespace("pay")
        for number in range(6):
            running.secret("pay", f"s{number}", created=ago(100 + number))
        yield running


@pytest.fixture
def reading(tmp_path, tmp_path_factory, monkeypatch):
    return Reading(tmp_path, monkeypatch, tmp_path_factory.getbasetemp() / "engine")


@pytest.fixture
def source(cluster, settings, tmp_path):
    """The cluster as the inventory collects it."""
    settings.DATA_DIR = tmp_path / "data"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    settings.CREDENTIAL_DIR = tmp_path
    load_key(settings.FINGERPRINT_KEY_FILE, create=True)
    (tmp_path / "kube").write_text(cluster.admin)
    return add_source(name="k", kind="kubernetes", config={"url": cluster.url}, credential="file:kube", operator=True)


# What every server has


@pytest.mark.parametrize("status", [404, 405, 501])
@pytest.mark.parametrize(
    ("part", "lost"),
    [
        (SECRETS, "secrets of pay"),
        ("/serviceaccounts", "service accounts of pay"),
        ("/pods", "Pods of pay"),
        ("/roles", "roles of pay"),
        ("/clusterroles?", "roles of the whole cluster"),
        ("/clusterrolebindings", "bindings of the whole cluster"),
        ("/rolebindings", "bindings of other namespaces"),
    ],
)
def test_j18_a_list_that_every_server_has_is_partial_when_it_is_not_found(cluster, reading, part, lost, status):
    instead(cluster, part, Reply(b"{}", status))

    found = reading.collect(cluster)

    assert lost in {skip.what for skip in found.told if skip.partial}


@pytest.mark.parametrize("part", ["/clusterroles?", "/clusterrolebindings", "/rolebindings"])
def test_j18_where_rights_are_not_told_whoever_has_all_stands_for_nobody(cluster, reading, part):
    assert reading.collect(cluster).grants_of("group:system:masters")
    instead(cluster, part, Reply(b"{}", 403))

    assert reading.collect(cluster).grants_of("group:system:masters") == []


def test_j18_a_list_that_breaks_off_with_not_found_is_partial_whatever_it_is(cluster, reading, monkeypatch):
    monkeypatch.setattr("inventory.kube.workloads.PAGE", 1)
    for name in ("one", "two"):
        cluster.put("jobs", name, "pay", spec={})
    instead(cluster, "/jobs", Reply(b"{}", 404), after=1)

    found = reading.collect(cluster)

    assert [(skip.what, skip.partial) for skip in found.told] == [("Jobs of pay", True)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [0, 1], ids=["the first page", "a further page"])
def test_j18_secrets_are_not_gone_because_their_list_is_not_found(cluster, source, after):
    assert collect(source).status == "complete"
    instead(cluster, SECRETS, Reply(b"{}", 404), after=after)

    assert collect(source).status == "partial"

    assert Secret.objects.present().count() == 6


# Answers that are too much, and what no one can read


def test_g44_an_answer_of_many_megabytes_is_not_taken_in(cluster, reading):
    """What JSON comes to in memory is many times its size, and a few packed kilobytes may bring it."""
    wide = b'{"kind": "PartialObjectMetadataList", "items": [' + b"{}," * (3 << 20) + b"{}]}"
    instead(cluster, SECRETS, Reply(wide))

    records, error = read_all(reading.collector(cluster), reading.context(cluster.admin))

    assert "MB" in str(error) or "larger" in str(error)
    assert not secrets_of(records)


def test_g44_a_list_without_end_breaks_off_and_is_partial(cluster, reading, monkeypatch):
    monkeypatch.setattr(kube_client, "MOST_PAGES", 5)
    pages = iter(range(1_000))

    def further(asked):
        return {"kind": "PartialObjectMetadataList", "items": [], "metadata": {"continue": str(next(pages))}}

    instead(cluster, SECRETS, further)

    found = reading.collect(cluster)

    assert next(pages) == 5
    assert [(skip.reason, skip.partial) for skip in found.told if skip.what == "secrets of pay"] == [
        ("its list has more than 5 pages", True)
    ]


def test_g44_a_probe_that_is_answered_with_too_much_says_so_in_plain_words(cluster, reading, monkeypatch):
    monkeypatch.setattr(kube_client, "MOST_BYTES", 1000)
    instead(cluster, "selfsubjectaccessreviews", Reply(b" " * 2000))

    with pytest.raises(CollectorError, match=r"larger|more than"):
        reading.collector(cluster).probe(reading.context(cluster.admin))


def test_g44_a_certificate_that_nobody_can_read_has_no_known_end():
    data = {"tls.crt": base64.b64encode(certificate_of_no_version().encode()).decode()}

    assert ends_at(data) is None


# Who can read


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", ["rbac.authorization.k8s.io", "clusterrolebindings", "/namespaces/pay/roles"])
def test_j18_readers_are_not_known_where_rights_were_never_told(cluster, source, part):
    handed = pod(account="default", volumes=[{"name": "v", "secret": {"secretName": "s0"}}])
    cluster.put("pods", "p", "pay", spec=handed)
    instead(cluster, part, Reply(b"{}", 403))

    assert collect(source).status == "partial"
    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {None}


@pytest.fixture
def governed(cluster, source):
    """The cluster with a boss and an account over everything, and a clerk with one secret of each namespace."""
    cluster.namespace("web")
    cluster.secret("web", "s9")
    cluster.role("root", rule("*", "*", "*"))
    cluster.bind("clusterrole/root", person("boss"), account("pay", "default"))
    for space, name in (("pay", "s0"), ("web", "s9")):
        cluster.role("one", rule("get", "secrets", "", name), namespace=space)
        cluster.bind("role/one", person("boss"), person("clerk"), namespace=space)
    assert collected(source) == "complete"
    return source


def collected(source):
    status = collect(source).status
    count_readers()
    return status


def powers():
    rows = Principal.objects.filter(name__in=["boss", "clerk", "pay/default"]).order_by("name")
    return {row.name: (row.admin, row.reads) for row in rows}


def readers():
    return {secret.path: secret.readers for secret in Secret.objects.filter(path__in=["s0", "s1", "s9"])}


KNOWN = {"boss": (True, 7), "clerk": (False, 2), "pay/default": (True, 7)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", ["/clusterrolebindings", "rbac.authorization.k8s.io"])
def test_j18_rights_that_were_known_are_not_lost_where_they_are_told_no_more(cluster, governed, part):
    assert (powers(), readers()) == (KNOWN, {"s0": 3, "s1": 2, "s9": 3})
    honest = cluster.server.answer
    instead(cluster, part, Reply(b"{}", 403))

    assert collected(governed) == "partial"

    assert powers() == {"boss": (True, None), "clerk": (None, None), "pay/default": (True, None)}
    assert set(readers().values()) == {None}

    cluster.server.answer = honest
    assert collected(governed) == "complete"
    assert (powers(), readers()) == (KNOWN, {"s0": 3, "s1": 2, "s9": 3})


@pytest.mark.django_db(transaction=True)
def test_j18_what_somebody_does_not_have_any_more_is_not_kept_where_all_is_told(cluster, governed):
    cluster.objects["clusterrolebindings"].clear()

    assert collected(governed) == "complete"

    assert powers() == {"boss": (False, 2), "clerk": (False, 2), "pay/default": (None, None)}


@pytest.mark.django_db(transaction=True)
def test_j18_bindings_of_namespaces_that_the_cluster_does_not_list_leave_readers_unknown(cluster, governed):
    instead(cluster, "/v1/rolebindings", Reply(b"{}", 403))

    assert collected(governed) == "partial"

    assert powers() == {"boss": (True, None), "clerk": (None, None), "pay/default": (True, None)}
    assert set(readers().values()) == {None}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", ["/roles", "/serviceaccounts", "/pods"])
def test_j18_one_namespace_that_tells_no_rights_leaves_readers_of_the_others_known(cluster, governed, part):
    instead(cluster, f"/namespaces/web{part}", Reply(b"{}", 403))

    assert collected(governed) == "partial"

    assert readers() == {"s0": 3, "s1": 2, "s9": None}
    assert powers() == {"boss": (True, None), "clerk": (None, None), "pay/default": (True, None)}


@pytest.mark.django_db(transaction=True)
def test_j18_readers_are_not_known_where_the_first_read_of_rights_breaks_off(cluster, source):
    instead(cluster, "/clusterrolebindings", Reply(b"{}", 502))

    collected(source)

    assert set(Secret.objects.values_list("readers", flat=True)) <= {None}
    assert not Principal.objects.filter(admin=False).exists()
