"""What a cluster does not hand out is not known: it is neither gone, nor nobody's, nor without rights (J18)."""

import pytest

from inventory.kube import client as kube_client
from inventory.models import Secret
from inventory.services import add_source
from posture.common.fingerprint import load_key
from tests.collectors.kubernetes_reading import Reading
from tests.collectors.test_kubernetes_faults import instead
from tests.inventory.test_store_sync import collect
from tests.services.fault_server import Reply
from tests.services.kubernetes_api import ago, kubernetes_api

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
