"""D1 for the Kubernetes collector: neither what a cluster holds nor what opens it rests anywhere."""

from __future__ import annotations

import base64
import json
import logging
import secrets
from pathlib import Path

import pytest

from inventory.models import Credential, Exposure, Secret
from inventory.services import add_source
from posture.common.fingerprint import load_key
from tests.contracts.test_canary import assert_absent
from tests.contracts.test_canary_vault import assert_nowhere
from tests.inventory.test_store_sync import collect
from tests.services.fault_server import Reply
from tests.services.kubernetes_api import group, kubernetes_api, person, pod, rule, template

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.WORKSPACE_DIR = settings.DATA_DIR / "mirrors"
    settings.FINGERPRINT_KEY_FILE = settings.DATA_DIR / "fingerprint.key"
    settings.CREDENTIAL_DIR = tmp_path / "credentials"
    settings.CREDENTIAL_DIR.mkdir()
    load_key(Path(settings.FINGERPRINT_KEY_FILE), create=True)
    return settings.DATA_DIR


@pytest.fixture
def cluster():
    with kubernetes_api() as running:
        running.namespace("pay")
        yield running


def plant(cluster, values):
    """Put values wherever people put them, and some where they should not."""
    stored, login, variable, setting, label, verb, applied, name = values
    cluster.secret("pay", "db", {"password": stored, "url": f"postgres://app:{stored}@db.example/app"})
    config = {
        "auths": {
            "registry.example": {"auth": base64.b64encode(f"robot:{login}".encode()).decode()},
            name: {"password": login},
        }
    }
    cluster.secret("pay", "pull", {".dockerconfigjson": json.dumps(config)}, kind="kubernetes.io/dockerconfigjson")
    # A value where a name belongs, beside one that is secret.
    cluster.secret("pay", "named", {name: stored, f"{name}.password": login})
    # kubectl apply repeats the whole object, values and all, in an annotation.
    last = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps({"stringData": {"password": applied}})}
    meta = {"labels": {"owner": label, "env": label, "kind": label}, "annotations": last | {"note": label}}
    cluster.secret("pay", "applied", {"password": applied}, meta=meta, kind=f"{label} {label}")
    using = pod(env=[{"name": "DB_PASSWORD", "value": variable}, {"name": "LEVEL", "value": "info"}])
    cluster.put("deployments", "checkout", "pay", meta={"annotations": last}, spec=template(using))
    cluster.put(
        "configmaps",
        "settings",
        "pay",
        meta={"annotations": last},
        data={"api_token": setting, "region": "eu", name: setting},
    )
    odd_rules = [
        rule(f"get {verb}", f"secrets {verb}"),
        rule("get", "secrets", "", verb.upper()),
        rule("*", verb, verb),
    ]
    cluster.role("reader", *odd_rules, namespace="pay", meta={"annotations": last})
    cluster.bind("role/reader", person("ann"), group("devs"), namespace="pay")


def otherwise(cluster, part, reply):
    """Answer requests whose path has a part with something else."""
    return lambda asked: reply if part in asked.path else cluster.answer(asked)


@pytest.mark.parametrize("fingerprint", [False, True])
def test_d1_values_and_the_token_of_a_cluster_rest_nowhere(data, cluster, settings, client, caplog, fingerprint):
    caplog.set_level(logging.DEBUG)
    values = [secrets.token_hex(20) for _ in range(8)]
    plant(cluster, values)
    (settings.CREDENTIAL_DIR / "kube").write_text(cluster.admin)
    config = {"url": cluster.url, "fingerprint": fingerprint}
    source = add_source(name="canary", kind="kubernetes", config=config, credential="file:kube", operator=True)

    assert collect(source).status == "complete"

    assert Secret.objects.present().count() == 4
    assert Exposure.objects.present().count() == (3 if fingerprint else 0)
    assert (Credential.objects.count() >= 5) is fingerprint, "values must have been read, or the test proves nothing"
    encoded = [base64.b64encode(value.encode()).decode() for value in values]
    assert_nowhere(data, [*values, *encoded, cluster.admin], client, caplog)


def test_d1_what_goes_wrong_at_a_cluster_repeats_no_value(data, cluster, settings, client, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    told = secrets.token_hex(20)
    cluster.secret("pay", "db", {"password": told})
    (settings.CREDENTIAL_DIR / "kube").write_text(cluster.admin)
    source = add_source(
        name="canary",
        kind="kubernetes",
        config={"url": cluster.url, "fingerprint": True},
        credential="file:kube",
        operator=True,
    )
    status = {"kind": "Status", "message": f"{told} {cluster.admin}", "reason": told, "metadata": {"continue": told}}
    whole = {
        "kind": "SecretList",
        "items": [{"metadata": {"name": told}, "data": {"password": told}}],
        "metadata": told,
    }
    bodies = [json.dumps(each).encode() for each in (status, whole, [told], {"kind": told, "items": told})]
    bodies.append(f"<html>{told} {cluster.admin}".encode())
    said = []
    places = [("/secrets", code) for code in (200, 302, 401, 403, 410, 500)]
    for part, code in [*places, ("/namespaces?", 200), ("/namespaces?", 403), ("/clusterroles", 200)]:
        for body in bodies if code == 200 else bodies[:1]:
            reply = Reply(body, code, {"Location": f"http://{told}.example/"})
            cluster.server.answer = otherwise(cluster, part, reply)
            run = collect(source)
            said += [run.error, *(f"{read.error} {read.skipped}" for read in run.reads.all())]

    assert any("does not allow" in each for each in said)
    assert any("only metadata was asked for" in each for each in said)
    assert_absent("\n".join(said).encode(), [told, cluster.admin], "what people are told")
    assert_nowhere(data, [told, cluster.admin], client, caplog)


def test_d1_a_kubeconfig_that_cannot_be_used_is_repeated_nowhere(data, settings, client, caplog):
    caplog.set_level(logging.DEBUG)
    value = secrets.token_hex(20)
    shapes = [f"clusters: [{{a: {value}", f"clusters: {value}", f"{value} {value}", json.dumps({"clusters": [value]})]
    source = add_source(
        name="canary",
        kind="kubernetes",
        config={"url": "https://127.0.0.1:9"},
        credential="file:kube",
        operator=True,
    )

    said = []
    for shape in shapes:
        (settings.CREDENTIAL_DIR / "kube").write_text(shape)
        said.append(collect(source).error)

    assert all(said)
    assert_absent("\n".join(said).encode(), [value], "what people are told")
    assert_nowhere(data, [value], client, caplog)
