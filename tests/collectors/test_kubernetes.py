"""What the Kubernetes collector makes of a cluster: secrets by metadata, who is handed them, and what is not told."""

import base64
import json
import secrets
from datetime import timedelta

import pytest
import yaml

from inventory.collector import CollectorError, DoneRecord
from inventory.collectors.kubernetes import KubernetesCollector
from inventory.kube.rights import least_rights
from inventory.store_records import Capability, PrincipalKind, SecretKind
from tests.collectors.kubernetes_reading import Reading
from tests.services.certificates import Authority
from tests.services.kubernetes_api import NOW, ago, group, kubernetes_api, pod, template


@pytest.fixture
def cluster():
    with kubernetes_api() as running:
        running.namespace("pay", environment="prod", tier="critical")
        running.put("serviceaccounts", "checkout", "pay", created=ago(90))
        yield running


@pytest.fixture
def reading(tmp_path, tmp_path_factory, monkeypatch):
    return Reading(tmp_path, monkeypatch, tmp_path_factory.getbasetemp() / "engine")


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


def asked_for(cluster, part):
    return [asked for asked in cluster.asked if part in asked.path]


def variable(name, secret, key="key"):
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def deployment(cluster, name, *, account="checkout", namespace="pay", **spec):
    cluster.put("deployments", name, namespace, spec=template(pod(account=account, **spec)))


# Secrets by their metadata


def test_a_secret_is_told_with_type_age_and_last_write(cluster, reading):
    cluster.secret("pay", "db", {"password": "x"}, created=ago(300), changed=ago(20))

    found = reading.collect(cluster).secrets()["db"]

    assert (found.created_at, found.rotated_at) == (ago(300), ago(20))
    assert found.address == "namespaces/pay/secrets/db"
    assert found.attributes["Type"] == "Opaque"
    assert "managedFields" in found.evidence["rotated_at"]
    assert (found.environment, found.tier) == ("production", "critical")
    assert found.last_used_at is None
    assert "audit log" in found.evidence["last_used_at"]


def test_what_was_never_written_since_it_was_made_was_never_rotated(cluster, reading):
    cluster.secret("pay", "db", created=ago(300))

    found = reading.collect(cluster).secrets()["db"]

    assert (found.created_at, found.rotated_at) == (ago(300), None)


def test_a_change_of_labels_alone_is_no_rotation(cluster, reading):
    cluster.secret("pay", "db", created=ago(300), writes={"f:data": ago(300), "f:metadata": ago(1)})

    assert reading.collect(cluster).secrets()["db"].rotated_at is None


@pytest.mark.parametrize("writes", [{}, {"f:metadata": ago(1)}], ids=["no writers", "nobody who wrote values"])
def test_an_age_without_a_known_writer_is_not_known(cluster, reading, writes):
    cluster.secret("pay", "db", created=ago(300), writes=writes)

    found = reading.collect(cluster).secrets()["db"]

    assert (found.created_at, found.rotated_at) == (None, None)
    assert "managedFields" in found.evidence["created_at"]
    assert found.attributes["Created"] == ago(300).strftime("%Y-%m-%d")


def test_a_writer_whose_time_is_missing_leaves_the_last_write_unknown(cluster, reading):
    made = cluster.secret("pay", "db", created=ago(300), writes={"f:data": ago(20)})
    made["metadata"]["managedFields"].append({"manager": "x", "operation": "Apply", "fieldsV1": {"f:data": {}}})

    found = reading.collect(cluster).secrets()["db"]

    assert (found.created_at, found.rotated_at) == (None, None)


def test_in_metadata_mode_no_answer_holds_a_value(cluster, reading):
    value = secrets.token_hex(16)
    cluster.secret("pay", "db", {"password": value})
    answers = []
    honest = cluster.answer
    cluster.server.answer = lambda asked: answers.append(honest(asked)) or answers[-1]

    reading.collect(cluster)

    lists = asked_for(cluster, "/secrets")
    assert [asked.path.partition("?")[0] for asked in lists] == ["/api/v1/namespaces/pay/secrets"]
    accepts = [each for asked in lists for each in asked.headers["Accept"].split(",")]
    assert all("as=Table" in each or "as=PartialObjectMetadataList" in each for each in accepts)
    assert {asked.method for asked in cluster.asked} == {"GET"}
    encoded = base64.b64encode(value.encode())
    assert not [answer for answer in answers if value.encode() in answer.body or encoded in answer.body]
    assert not asked_for(cluster, "/configmaps")


def test_values_that_kubectl_repeats_in_the_metadata_are_said_and_not_kept(cluster, reading):
    value = secrets.token_hex(16)
    applied = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"stringData": {"password": value}})}
    cluster.secret("pay", "db", meta={"annotations": applied})

    found = reading.collect(cluster)

    assert "annotation" in found.secrets()["db"].attributes["Repeated"]
    assert value not in repr(found)


def test_a_server_without_tables_leaves_the_type_unknown(cluster, reading):
    cluster.secret("pay", "db")
    cluster.offers_tables = False

    found = reading.collect(cluster)

    assert "Type" not in found.secrets()["db"].attributes
    assert found.secrets()["db"].created_at == ago(400)
    assert [(skip.what, skip.partial) for skip in found.told] == [("types of secrets in pay", False)]


def test_kinds_follow_types_and_labels(cluster, reading):
    kinds = {
        "kubernetes.io/service-account-token": SecretKind.TOKEN,
        "kubernetes.io/tls": SecretKind.CERTIFICATE,
        "kubernetes.io/dockerconfigjson": SecretKind.TOKEN,
        "kubernetes.io/ssh-auth": SecretKind.PRIVATE_KEY,
        "helm.sh/release.v1": SecretKind.STORED,
        "Opaque": SecretKind.DATABASE_PASSWORD,
    }
    for number, kind in enumerate(kinds):
        meta = {"labels": {"example.org/kind": "database-password"}} if kind == "Opaque" else {}
        cluster.secret("pay", f"s{number}", kind=kind, meta=meta)

    found = reading.collect(cluster)

    assert [found.secrets()[f"s{number}"].kind for number in range(len(kinds))] == list(kinds.values())
    assert "Helm release" in found.secrets()["s4"].attributes["Holds"]
    assert "kubernetes.io/tls 1" in found.facts("pay")["types"]


def test_a_long_lived_token_tells_its_account_and_its_last_use(cluster, reading):
    label = "kubernetes.io/legacy-token-last-used"
    meta = {
        "labels": {label: ago(9).strftime("%Y-%m-%d")},
        "annotations": {"kubernetes.io/service-account.name": "checkout"},
    }
    cluster.secret("pay", "used", kind="kubernetes.io/service-account-token", meta=meta)
    off = {"labels": {"kubernetes.io/legacy-token-invalid-since": "2026-01-01"}}
    cluster.secret("pay", "off", kind="kubernetes.io/service-account-token", meta=off)

    found = reading.collect(cluster).secrets()

    assert found["used"].last_used_at.date() == ago(9).date()
    assert label in found["used"].evidence["last_used_at"]
    assert found["used"].attributes["Service account"] == "checkout"
    assert (found["used"].enabled, found["off"].enabled) == (True, False)


@pytest.mark.parametrize(
    ("owner", "annotations", "renewed", "told"),
    [
        ("ExternalSecret", {}, None, "ExternalSecret made (External Secrets)"),
        ("SealedSecret", {}, False, "SealedSecret made (Sealed Secrets)"),
        ("", {"cert-manager.io/certificate-name": "web"}, True, "Certificate web (cert-manager)"),
    ],
)
def test_who_makes_a_secret_decides_whether_it_is_renewed(cluster, reading, owner, annotations, renewed, told):
    owners = [{"apiVersion": "x/v1", "kind": owner, "name": "made", "uid": "1", "controller": True}] if owner else []
    cluster.secret("pay", "db", meta={"ownerReferences": owners, "annotations": annotations})

    found = reading.collect(cluster)

    assert found.secrets()["db"].auto_rotated is renewed
    assert found.secrets()["db"].attributes["Made by"] == told
    assert found.facts("pay")["makers"].endswith(" 1")


def test_a_secret_that_somebody_unknown_owns_is_not_said_to_stay_as_it_is(cluster, reading):
    owners = [{"apiVersion": "x/v1", "kind": "Database", "name": "main", "uid": "1"}]
    cluster.secret("pay", "db", meta={"ownerReferences": owners})

    found = reading.collect(cluster).secrets()["db"]

    assert found.auto_rotated is None
    assert found.attributes["Belongs to"] == "Database main"


# Who is handed what


def test_every_way_to_hand_a_secret_to_a_pod_is_a_grant_to_its_account(cluster, reading):
    deployment(
        cluster,
        "checkout",
        env=[variable("PASSWORD", "by-variable")],
        container={"envFrom": [{"secretRef": {"name": "by-all"}}]},
        initContainers=[{"name": "init", "env": [variable("A", "by-init")]}],
        volumes=[
            {"name": "a", "secret": {"secretName": "by-volume"}},
            {"name": "b", "projected": {"sources": [{"secret": {"name": "by-projection"}}]}},
            {"name": "c", "csi": {"driver": "x", "nodePublishSecretRef": {"name": "by-driver"}}},
        ],
        imagePullSecrets=[{"name": "by-pull"}],
    )

    found = reading.collect(cluster)

    grants = found.grants_of("serviceaccount:pay/checkout")
    names = {grant.pattern.rpartition("/")[2]: grant.rule for grant in grants}
    ways = {"variable", "all", "init", "volume", "projection", "driver", "pull"}
    assert set(names) == {f"by-{way}" for way in ways}
    assert names["by-variable"] == "Deployment checkout: handed over as a variable"
    assert {grant.capabilities for grant in grants} == {(Capability.READ,)}
    assert found.principals["serviceaccount:pay/checkout"].attributes["Runs"] == "Deployment checkout"


def test_every_kind_of_workload_is_looked_at(cluster, reading):
    using = pod(account="checkout", imagePullSecrets=[{"name": "pull"}])
    cluster.put("statefulsets", "db", "pay", spec=template(using))
    cluster.put("daemonsets", "agent", "pay", spec=template(using))
    cluster.put("cronjobs", "nightly", "pay", spec={"schedule": "0 0 * * *", "jobTemplate": {"spec": template(using)}})
    cluster.put("jobs", "once", "pay", spec=template(using))
    cluster.put("pods", "by-hand", "pay", spec=using)
    cluster.secret("pay", "pull")

    found = reading.collect(cluster)

    used_by = set(found.secrets()["pull"].attributes["Used by"].split(", "))
    assert used_by == {"StatefulSet db", "DaemonSet agent", "CronJob nightly", "Job once", "Pod by-hand"}
    assert found.facts("pay")["workloads"] == "5"


def test_what_a_workload_makes_counts_as_the_workload(cluster, reading):
    deployment(cluster, "checkout", imagePullSecrets=[{"name": "pull"}])
    owner = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": "checkout-7c9f8b6d5d",
        "uid": "1",
        "controller": True,
    }
    injected = pod(account="checkout", imagePullSecrets=[{"name": "pull"}, {"name": "injected"}])
    cluster.put("pods", "checkout-7c9f8b6d5d-x2x4z", "pay", meta={"ownerReferences": [owner]}, spec=injected)
    cluster.secret("pay", "injected")

    found = reading.collect(cluster)

    assert found.secrets()["injected"].attributes["Used by"] == "Deployment checkout"
    assert found.facts("pay")["workloads"] == "1"


def test_projected_tokens_are_ephemeral(cluster, reading):
    token = {"serviceAccountToken": {"path": "token", "expirationSeconds": 7200, "audience": "vault"}}
    deployment(cluster, "checkout", volumes=[{"name": "t", "projected": {"sources": [token]}}])

    collected = reading.collect(cluster)

    found = collected.secrets()["serviceaccounts/checkout/token"]
    assert [grant.pattern for grant in collected.grants_of("serviceaccount:pay/checkout")] == [found.address]
    assert (found.environment, found.evidence["environment"]) == ("production", "Kubernetes labels, environment")
    assert (found.ephemeral, found.auto_rotated, found.kind) == (True, True, SecretKind.DYNAMIC)
    assert found.attributes["Ends after"] == "120 minutes"
    assert found.attributes["Audiences"] == "vault"


def test_an_account_that_only_workloads_name_is_told_as_missing(cluster, reading):
    deployment(cluster, "ghost", account="nobody", imagePullSecrets=[{"name": "pull"}])

    found = reading.collect(cluster)

    assert "Missing" in found.principals["serviceaccount:pay/nobody"].attributes
    assert not [skip for skip in found.told if skip.partial]


def test_workloads_that_are_left_out_are_not_asked_for(cluster, reading):
    deployment(cluster, "checkout", imagePullSecrets=[{"name": "pull"}])

    found = reading.collect(cluster, leave_out_workloads=True)

    assert not asked_for(cluster, "/apis/apps/")
    assert not asked_for(cluster, "/pods")
    assert not found.grants_of("serviceaccount:pay/checkout")


# Values, where they may be read


@pytest.mark.slow
def test_values_are_read_one_secret_at_a_time_for_their_fingerprints(cluster, reading):
    value = secrets.token_urlsafe(24)
    cluster.secret("pay", "db", {"password": value, "host": "db.example"})
    cluster.secret("pay", "other", {"password": value})

    found = reading.collect(cluster, fingerprint=True).secrets()

    version = found["db"].versions[0]
    assert [held.key for held in version.held] == ["password"]
    assert version.key_id
    assert version.held[0].finding.fingerprint == found["other"].versions[0].held[0].finding.fingerprint
    assert sorted(asked.path for asked in asked_for(cluster, "/secrets/")) == [
        "/api/v1/namespaces/pay/secrets/db",
        "/api/v1/namespaces/pay/secrets/other",
    ]


@pytest.mark.slow
def test_a_version_that_was_read_before_is_not_read_again(cluster, reading):
    cluster.secret("pay", "db", {"password": secrets.token_urlsafe(24)})
    first = reading.collect(cluster, fingerprint=True).secrets()["db"].versions[0]
    reading.known = [("db", first.number, first.key_id)]
    cluster.asked.clear()

    again = reading.collect(cluster, fingerprint=True).secrets()["db"].versions[0]

    assert not asked_for(cluster, "/secrets/db")
    assert (again.number, again.key_id) == (first.number, "")


def test_a_write_makes_a_new_version(cluster, reading):
    cluster.secret("pay", "db", changed=ago(20))
    first = reading.collect(cluster).secrets()["db"].versions[0].number
    cluster.secret("pay", "db", changed=ago(1))

    assert reading.collect(cluster).secrets()["db"].versions[0].number != first


def test_two_writes_within_a_second_are_not_taken_for_one_version(cluster, reading):
    numbers = set()
    for _ in range(2):
        cluster.secret("pay", "db", changed=ago(-1))
        numbers.add(reading.collect(cluster).secrets()["db"].versions[0].number)

    assert len(numbers) == 2


@pytest.mark.slow
def test_logins_at_registries_are_known_by_their_passwords(cluster, reading):
    value = secrets.token_urlsafe(24)
    login = base64.b64encode(f"robot:{value}".encode()).decode()
    config = json.dumps({"auths": {"registry.example": {"auth": login}}})
    cluster.secret("pay", "pull", {".dockerconfigjson": config}, kind="kubernetes.io/dockerconfigjson")
    cluster.secret("pay", "plain", {"password": value})

    found = reading.collect(cluster, fingerprint=True).secrets()

    (held,) = found["pull"].versions[0].held
    assert held.key == "auths.registry.example.password"
    assert held.finding.fingerprint == found["plain"].versions[0].held[0].finding.fingerprint


def put_certificate(cluster, authority):
    pem = authority.issue(["web.example"], days=(-1, 30)).read_text()
    certificate = pem[pem.index("-----BEGIN CERTIFICATE") :]
    key = pem[: pem.index("-----BEGIN CERTIFICATE")]
    cluster.secret("pay", "web", {"tls.crt": certificate, "tls.key": key}, kind="kubernetes.io/tls")


@pytest.mark.slow
def test_a_certificate_tells_its_end_only_where_values_are_read(cluster, reading, authority):
    put_certificate(cluster, authority)

    without = reading.collect(cluster).secrets()["web"]
    found = reading.collect(cluster, fingerprint=True).secrets()["web"]

    assert without.expires_at is None
    assert "only with fingerprints" in without.evidence["expires_at"]
    assert abs(found.expires_at - NOW - timedelta(days=30)) < timedelta(days=1)
    assert [held.key for held in found.versions[0].held] == ["tls.key"]


@pytest.mark.slow
def test_a_certificate_that_was_read_before_still_tells_its_end(cluster, reading, authority):
    put_certificate(cluster, authority)
    first = reading.collect(cluster, fingerprint=True).secrets()["web"]
    reading.known = [("web", first.versions[0].number, first.versions[0].key_id)]

    assert reading.collect(cluster, fingerprint=True).secrets()["web"].expires_at == first.expires_at is not None


@pytest.mark.slow
def test_a_value_belongs_to_the_version_that_it_was_read_with(cluster, reading):
    cluster.secret("pay", "db", {"password": secrets.token_urlsafe(24)}, changed=ago(20))

    def written_meanwhile(asked):
        if asked.path.startswith("/api/v1/namespaces/pay/secrets/db"):
            cluster.secret("pay", "db", {"password": secrets.token_urlsafe(24)}, changed=ago(1))
        return cluster.answer(asked)

    cluster.server.answer = written_meanwhile

    (version,) = reading.collect(cluster, fingerprint=True).secrets()["db"].versions

    assert version.held
    assert version.created_at == ago(1)


@pytest.mark.slow
def test_a_setting_that_stands_alone_is_no_secret_for_that(cluster, reading):
    cluster.put("configmaps", "settings", "pay", data={"region": "somewhere-central"})
    deployment(cluster, "checkout", env=[{"name": "LEVEL", "value": "verbose"}])

    assert not reading.collect(cluster, fingerprint=True).exposures


@pytest.mark.slow
def test_of_what_a_token_comes_with_only_the_token_is_secret(cluster, reading, authority):
    trust = authority.file.read_text()
    data = {"ca.crt": trust, "namespace": "pay", "token": secrets.token_hex(20)}
    cluster.secret("pay", "token", data, kind="kubernetes.io/service-account-token")
    cluster.put("configmaps", "kube-root-ca.crt", "pay", data={"ca.crt": trust})

    found = reading.collect(cluster, fingerprint=True)

    assert [held.key for held in found.secrets()["token"].versions[0].held] == ["token"]
    assert not found.exposures


@pytest.mark.slow
def test_helm_releases_are_left_packed(cluster, reading):
    cluster.secret(
        "pay", "sh.helm.release.v1.web.v1", {"release": secrets.token_urlsafe(50)}, kind="helm.sh/release.v1"
    )

    found = reading.collect(cluster, fingerprint=True).secrets()["sh.helm.release.v1.web.v1"]

    assert not found.versions[0].key_id
    assert not asked_for(cluster, "/secrets/")


@pytest.mark.slow
def test_values_in_variables_and_config_maps_are_exposures(cluster, reading):
    value, other = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    cluster.secret("pay", "db", {"password": value})
    literals = [{"name": "DB_PASSWORD", "value": value}, {"name": "LEVEL", "value": "info"}]
    deployment(cluster, "checkout", env=[*literals, variable("TOKEN", "db")])
    cluster.put("configmaps", "settings", "pay", data={"api_token": other, "region": "eu"}, writes={"f:data": ago(7)})

    found = reading.collect(cluster, fingerprint=True)

    assert set(found.exposures) == {"deployment/checkout/app#DB_PASSWORD", "configmap/settings#api_token"}
    exposed = found.exposures["deployment/checkout/app#DB_PASSWORD"].finding.fingerprint
    assert exposed == found.secrets()["db"].versions[0].held[0].finding.fingerprint
    assert found.exposures["configmap/settings#api_token"].since == ago(7)


@pytest.mark.slow
def test_a_value_that_may_not_be_read_leaves_the_secret_known(cluster, reading):
    cluster.secret("pay", "db")
    token = metadata_token(cluster)

    found = reading.collect(cluster, token, fingerprint=True)

    assert found.secrets()["db"].created_at == ago(400)
    assert not found.secrets()["db"].versions[0].key_id
    reasons = {skip.what: skip for skip in found.told}
    assert not reasons["pay/db"].partial
    assert "403" in reasons["pay/db"].reason
    assert reasons["ConfigMaps of pay"].partial


# Settings, rights and the connection


def metadata_token(cluster, *parts):
    """Give a service account the copyable rights, as kubectl would apply them; returns its token."""
    wanted = parts or ("metadata", "workloads")
    for manifest in yaml.safe_load_all(least_rights()):
        kind, name = manifest["kind"], manifest["metadata"]["name"]
        if kind == "ClusterRole" and name.rpartition("-")[2] in wanted:
            cluster.put("clusterroles", name, rules=manifest["rules"])
        elif kind == "ClusterRoleBinding" and name.rpartition("-")[2] in wanted:
            cluster.put("clusterrolebindings", name, roleRef=manifest["roleRef"], subjects=manifest["subjects"])
    return cluster.account_token("secrets-posture", "secrets-posture")


def test_the_copyable_rights_are_enough_for_metadata(cluster, reading):
    cluster.secret("pay", "db")
    deployment(cluster, "checkout", imagePullSecrets=[{"name": "db"}])
    cluster.role("reader", {"verbs": ["get"], "apiGroups": [""], "resources": ["secrets"]})
    cluster.bind("clusterrole/reader", group("devs"), namespace="pay")

    found = reading.collect(cluster, metadata_token(cluster))

    assert not found.told
    assert "db" in found.secrets()


@pytest.mark.slow
def test_each_of_the_copyable_rights_is_needed(cluster, reading):
    cluster.secret("pay", "db")
    cluster.bind("clusterrole/reader", group("devs"), namespace="pay")
    token = metadata_token(cluster, "metadata", "workloads", "fingerprints")
    assert not [
        skip for skip in reading.collect(cluster, token, fingerprint=True).told if "not there" not in skip.reason
    ]
    roles = [role for (_, name), role in cluster.objects["clusterroles"].items() if name.startswith("secrets-posture")]

    for rule in [rule for role in roles for rule in role["rules"]]:
        for field in ("resources", "verbs"):
            for each in list(rule[field]):
                if field == "verbs" and rule["resources"] == ["namespaces"] and each == "get":
                    continue  # without it, labels of the namespace are not known
                rule[field].remove(each)
                try:
                    found = reading.collect(cluster, token, fingerprint=True)
                    missed = [skip for skip in found.told if "403" in skip.reason]
                except CollectorError as error:
                    missed = [error]
                rule[field].append(each)
                assert missed, f"{each} is not needed"


def test_only_named_namespaces_are_read_and_others_left_out(cluster, reading):
    for name in ("web", "kube-system"):
        cluster.namespace(name)

    assert set(reading.collect(cluster, leave_out="kube-system").assets) == {"cluster", "pay", "web"}
    assert set(reading.collect(cluster, namespaces="web, pay", leave_out="pay").assets) == {"cluster", "web"}


def test_a_credential_for_one_namespace_reads_that_one(cluster, reading):
    cluster.secret("pay", "db")
    rules = [
        {"verbs": ["list"], "apiGroups": [""], "resources": ["secrets", "serviceaccounts", "pods"]},
        {"verbs": ["list"], "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"]},
        {"verbs": ["list"], "apiGroups": ["apps", "batch"], "resources": ["*"]},
    ]
    cluster.role("posture", *rules, namespace="pay")
    cluster.bind("role/posture", {"kind": "ServiceAccount", "namespace": "pay", "name": "checkout"}, namespace="pay")

    found = reading.collect(cluster, cluster.account_token("pay", "checkout"), namespaces="pay")

    assert found.secrets()["db"]
    # Whoever is bound over the whole cluster reads here too, and is not told.
    assert [skip.what for skip in found.of_skips("pay") if skip.partial] == ["bindings of the whole cluster"]
    assert [skip for skip in found.of_skips("cluster") if skip.partial]


def test_the_probe_says_what_is_allowed_and_changes_nothing(cluster, reading):
    token = metadata_token(cluster, "metadata")

    abilities = reading.collector(cluster, fingerprint=True).probe(reading.context(token))

    told = {ability.name: ability.allowed for ability in abilities}
    assert told["Connect and sign in"] is True
    assert told["List secrets"] is True
    assert told["Get secrets"] is False
    assert told["List deployments"] is False
    assert {(asked.method, asked.path) for asked in cluster.asked} == {
        ("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
    }


def test_the_probe_warns_that_rights_to_metadata_are_rights_to_values(cluster, reading):
    abilities = reading.collector(cluster).probe(reading.context(metadata_token(cluster)))

    (warned,) = [ability for ability in abilities if ability.name == "Read values of secrets"]
    assert "no right to metadata alone" in warned.detail


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "begins with https://"),
        ({"url": "ftp://k8s.example"}, "begins with https://"),
        ({"url": "https://u:p@k8s.example"}, "user name and password"),
        ({"url": "https://k8s.example/api/v1"}, "before /api"),
        ({"url": "https://k8s.example/a/../b"}, "before /api"),
        ({"url": "https://k8s.example", "namespaces": "Pay"}, "no name of a namespace"),
        ({"url": "https://k8s.example", "namespaces": "a", "leave_out": "a"}, "left out too"),
        ({"url": "https://k8s.example", "authority": "nonsense"}, "no certificate"),
        ({"url": "https://k8s.example", "authority": "-----BEGIN PRIVATE KEY-----"}, "private key"),
        ({"url": "https://k8s.example", "concurrency": 99}, "1 to 16"),
        ({"url": "https://k8s.example", "fingerprint": "perhaps"}, "yes or no"),
        ({"url": "https://k8s.example", "token": "x"}, "Unknown settings: token"),
    ],
)
def test_settings_that_cannot_be_are_refused(config, said):
    with pytest.raises(CollectorError, match=said) as refused:
        KubernetesCollector.clean(config)

    assert refused.value.permanent


def test_an_authority_may_come_as_a_form_or_a_kubeconfig_has_it(authority):
    pem = authority.file.read_text()
    shapes = [pem, pem.replace("\n", ""), pem.replace("\n", " "), base64.b64encode(pem.encode()).decode()]

    cleaned = {
        KubernetesCollector.clean({"url": "https://k8s.example", "authority": each})["authority"] for each in shapes
    }

    assert len(cleaned) == 1
    assert KubernetesCollector.clean({"url": "https://k8s.example", "authority": cleaned.copy().pop()})


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ({}, {}, True),
        ({"namespaces": "pay"}, {}, True),
        ({"namespaces": "pay"}, {"namespaces": "web"}, False),
        ({"namespaces": "pay"}, {"leave_out": "pay, web"}, False),
        ({"namespaces": "pay, web"}, {"leave_out": "pay"}, True),
        ({"url": "https://other.example"}, {}, False),
    ],
)
def test_sources_of_one_cluster_meet_where_they_share_a_namespace(one, other, meet):
    here, there = (KubernetesCollector.clean({"url": "https://k8s.example"} | each) for each in (one, other))

    assert bool(KubernetesCollector.overlap(here, there)) is meet
    assert bool(KubernetesCollector.overlap(there, here)) is meet


def test_requests_and_what_was_found_are_counted(cluster, reading):
    cluster.secret("pay", "db")

    done = reading.collect(cluster).of(DoneRecord, "pay")[-1]

    assert done.full
    assert done.counts["secrets"] == 1
    assert done.counts["principals"] == 2
    assert 10 <= done.counts["requests"] <= 14
    assert done.cursor == {"workloads": True, "access": True}


def test_what_is_looked_at_no_more_is_not_taken_for_gone(cluster, reading):
    before = {"workloads": True, "fingerprint": True}

    found = reading.collect(cluster, cursor=before, leave_out_workloads=True)

    assert [skip.partial for skip in found.of_skips("pay")] == [True, True]
    assert found.of(DoneRecord, "pay")[-1].cursor == before | {"access": True}


def test_an_account_is_a_workload_of_its_namespace(cluster, reading):
    found = reading.collect(cluster).principals["serviceaccount:pay/checkout"]

    assert (found.kind, found.name, found.created_at) == (PrincipalKind.WORKLOAD, "pay/checkout", ago(90))
    assert found.environment == "production"
