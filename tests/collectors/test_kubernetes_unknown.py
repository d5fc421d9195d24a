"""What a cluster does not hand out is not known: it is neither gone, nor nobody's, nor without rights (J18)."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inventory.collector import CollectorError
from inventory.kube import client as kube_client
from inventory.kube.values import ends_at
from inventory.models import Secret
from inventory.services import add_source, count_readers
from posture.common.fingerprint import load_key
from tests.collectors.kubernetes_reading import Reading
from tests.collectors.test_kubernetes_faults import instead, read_all, secrets_of
from tests.inventory.test_store_sync import collect
from tests.services.fault_server import Reply
from tests.services.kubernetes_api import ago, kubernetes_api, pod

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


def certificate_of_no_version():
    """Return a certificate whose version is one that there is not, as PEM."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(5).not_valid_before(ago(10)).not_valid_after(ago(-10))
    der = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    # RFC 5280, 4.1.2.1: the version stands tagged [0] at the front; 2 means the third, 7 means none.
    der = der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07", 1)
    return f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE-----\n"


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


@pytest.mark.django_db(transaction=True)
def test_j18_readers_that_were_known_stay_where_rights_are_told_no_more(cluster, source):
    collect(source)
    count_readers()
    assert set(Secret.objects.values_list("readers", flat=True)) == {0}
    instead(cluster, "rbac.authorization.k8s.io", Reply(b"{}", 403))

    assert collect(source).status == "partial"
    count_readers()

    assert set(Secret.objects.values_list("readers", flat=True)) == {0}
