"""D1 for the AWS collector: neither what an account holds nor the key that opens it rests anywhere."""

from __future__ import annotations

import json
import logging
import secrets
from pathlib import Path

import pytest

from inventory.models import Credential, Exposure, Secret
from inventory.services import add_source
from posture.common.fingerprint import load_key
from tests.collectors.aws_reading import Gateway, error
from tests.collectors.test_aws import put_function, put_project
from tests.contracts.test_canary import assert_absent
from tests.contracts.test_canary_vault import assert_nowhere
from tests.inventory.test_store_sync import collect
from tests.services.fault_server import Reply, fault_server
from tests.services.moto import REGION, allow, document

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


def plant(aws, values):
    """Put values wherever people put them, and some where they should not."""
    current, replaced, parameter, variable, build, tag, condition, name = values
    arn = aws.secret_of("pay/db", json.dumps({"password": replaced}), Tags=[{"Key": "owner", "Value": tag}])
    aws.client("secretsmanager").put_secret_value(
        SecretId=arn,
        SecretString=json.dumps({name: {"password": current}, "url": f"postgres://app:{current}@db.example/app"}),
    )
    aws.client("secretsmanager").put_resource_policy(
        SecretId=arn,
        ResourcePolicy=document(
            allow(
                "secretsmanager:GetSecretValue",
                Principal="*",
                Condition={"StringEquals": {"sts:ExternalId": condition}},
            )
        ),
    )
    aws.client("ssm").put_parameter(Name="/pay/key", Type="SecureString", Value=parameter)
    put_function(aws, "checkout", {"DB_PASSWORD": variable})
    put_project(aws, "build", {"name": "API_TOKEN", "value": build, "type": "PLAINTEXT"})
    aws.user("ann", inline=allow("ssm:*", Condition={"StringEquals": {"aws:RequestTag/x": condition}}))
    return aws.client("iam").create_access_key(UserName="ann")["AccessKey"]["SecretAccessKey"]


def test_d1_values_and_the_key_of_an_account_rest_nowhere(data, aws, settings, client, caplog):
    caplog.set_level(logging.DEBUG)
    values = [secrets.token_hex(20) for _ in range(8)]
    made = plant(aws, values)
    (settings.CREDENTIAL_DIR / "aws").write_text(aws.credential)
    config = {"endpoint": aws.url, "regions": REGION, "fingerprint": True}
    source = add_source(name="canary", kind="aws", config=config, credential="file:aws", operator=True)

    assert collect(source).status == "complete"

    assert Secret.objects.present().count() >= 3
    assert Exposure.objects.present().count() == 2
    assert Credential.objects.count() >= 5, "values must have been read, or the test proves nothing"
    assert_nowhere(data, [*values, made, aws.secret, aws.token], client, caplog)


def test_d1_what_goes_wrong_at_aws_repeats_no_value(data, aws, settings, client, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    told, secret = (secrets.token_hex(20) for _ in range(2))
    aws.secret_of("pay/db", told)
    aws.client("ssm").put_parameter(Name="/pay/key", Type="SecureString", Value=told)
    (settings.CREDENTIAL_DIR / "aws").write_text(json.dumps({"access_key_id": "AKIDHERE", "secret_access_key": secret}))
    said = []
    gateway = Gateway(aws)
    answers = [error(code, status, f"{told} {secret}") for code in ("AccessDenied", told) for status in (400, 403, 500)]
    bodies = [f"{told} {secret}".encode(), json.dumps({"SecretString": told, "__type": told}).encode()]
    answers += [
        lambda asked, body=body, status=status: Reply(body, status) for body in bodies for status in (200, 404, 502)
    ]
    with fault_server(gateway) as server:
        config = {"endpoint": server.url(""), "regions": REGION, "fingerprint": True}
        source = add_source(name="canary", kind="aws", config=config, credential="file:aws", operator=True)
        for operation in ("sts:GetCallerIdentity", "secretsmanager:GetSecretValue", "ssm:GetParameter"):
            for answer in answers:
                gateway.answers = {operation: answer}
                run = collect(source)
                said += [run.error, *(f"{read.error} {read.skipped}" for read in run.reads.all())]

    assert any("does not allow" in each for each in said)
    assert_absent("\n".join(said).encode(), [told, secret], "what people are told")
    assert_nowhere(data, [told, secret, aws.secret], client, caplog)
