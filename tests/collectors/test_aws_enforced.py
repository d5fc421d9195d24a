"""Reading an account whose server enforces IAM: what the documented rights give, and what taking them away does."""

import json
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from inventory.collector import CollectorError, SecretRecord
from inventory.collectors.aws import AWSCollector
from inventory.models import Asset, Principal, Secret, Source
from posture.common.fingerprint import load_key
from tests.collectors.aws_reading import REFERENCE, Gateway, Reading
from tests.inventory.test_store_sync import collect
from tests.services.fault_server import fault_server
from tests.services.ministack import account, ministack, unless_missing, with_key_of
from tests.services.moto import REGION, allow, document

pytestmark = pytest.mark.slow
METADATA, VALUES, ROLES = (
    json.loads(part.partition("\n")[2])["Statement"][0]["Action"] for part in AWSCollector.least_rights.split("# ")[1:]
)


@pytest.fixture(scope="session")
def ministack_server(tmp_path_factory):
    unless_missing()
    with ministack(tmp_path_factory.mktemp("ministack")) as server:
        yield server


@pytest.fixture
def root(ministack_server):
    """Return an account with something of each kind, seen by its root user."""
    aws = account(ministack_server)
    for number in range(6):
        aws.secret_of(f"s{number}")
    aws.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    aws.client("kms").create_key()
    aws.role("pay", aws.policy("pays", allow("secretsmanager:GetSecretValue")))
    return aws


@pytest.fixture
def reading(tmp_path, monkeypatch):
    return Reading(tmp_path, monkeypatch)


def someone(aws, *actions):
    """Return the account seen by a user who may do these things and no others."""
    aws.user("posture", reading=allow(list(actions)))
    return with_key_of(aws, "posture")


def test_the_least_rights_show_everything_and_no_value(root, reading):
    mine = someone(root, *METADATA)

    found = reading.collect(mine)

    assert found.done.full
    assert {each.path.split("/")[0] for each in found.of(SecretRecord)} == {"secretsmanager", "ssm", "kms", "iam"}
    assert {"pay", "posture", "pays", "Root user"} <= set(found.principals)
    # Its own server, not IAM, does not offer this one.
    assert [each.reason for each in found.skips.values()] == ["kms:ListKeyRotations is not offered here"]
    with pytest.raises(ClientError, match="AccessDenied"):
        mine.client("secretsmanager").get_secret_value(SecretId="s0")
    with pytest.raises(ClientError, match="AccessDenied"):
        mine.client("ssm").get_parameter(Name="p", WithDecryption=True)


def test_each_missing_right_is_named_and_the_rest_is_read(root, reading):
    mine = someone(root, *set(METADATA) - {"secretsmanager:GetResourcePolicy", "kms:ListKeys"})

    found = reading.collect(mine)
    told = {each.name: each for each in reading.collector(mine).probe(reading.context(mine.credential))}

    reasons = " ".join(each.reason for each in found.skips.values())
    assert "does not allow secretsmanager:GetResourcePolicy" in reasons
    assert "does not allow kms:ListKeys" in reasons
    assert len([path for path in found.secrets if path.startswith("secretsmanager/")]) == 6
    assert [name for name, each in told.items() if not each.allowed] == ["List encryption keys"]


def test_values_are_recognised_where_iam_allows_it_and_the_metadata_is_read_all_the_same(root, reading):
    mine = someone(root, *METADATA)

    without = reading.collect(mine, fingerprint=True)
    root.client("iam").put_user_policy(UserName="posture", PolicyName="values", PolicyDocument=document(allow(VALUES)))
    allowed = reading.collect(mine, fingerprint=True)

    assert set(without.secrets) == set(allowed.secrets)
    assert held(without) == []
    assert without.skips[f"secretsmanager/{REGION}/s0"].reason.startswith("the value may not be read")
    assert sorted({path.partition("/")[0] for path in held(allowed)}) == ["secretsmanager", "ssm"]
    assert len(held(allowed)) == 7


def held(found):
    """Return the paths of the secrets of which a value was recognised."""
    return [each.path for each in found.of(SecretRecord) if any(version.held for version in each.versions)]


def test_the_day_of_the_last_access_is_that_of_secrets_manager(root, reading):
    root.client("secretsmanager").get_secret_value(SecretId="s1")

    found = reading.collect(root).secrets

    read, unread = found["secretsmanager/s1"], found["secretsmanager/s2"]
    assert datetime.now(UTC) - read.last_used_at < timedelta(days=1)
    assert read.evidence["last_used_at"] == "Secrets Manager, LastAccessedDate, to the day"
    assert unread.last_used_at is None
    assert "it may have had none" in unread.evidence["last_used_at"]


def test_a_rotation_that_took_place_makes_a_secret_younger(root, reading):
    arn = f"arn:aws:lambda:{REGION}:{root.account}:function:rotate"
    root.client("secretsmanager").rotate_secret(SecretId="s1", RotationLambdaARN=arn)

    found = reading.collect(root).secrets["secretsmanager/s1"]

    assert (found.auto_rotated, found.rotation_failed) == (True, False)
    assert found.rotated_at is not None
    assert [version.state for version in found.versions].count("current") == 1


def test_iam_is_asked_what_was_used_by_a_job_for_each_user_and_role(root, reading):
    root.user("idle")

    found = reading.collect(root).principals

    # It counts an empty list for everybody, which is not the same as not known.
    assert {(found[name].granted, found[name].used) for name in ("idle", "pay")} == {(0, 0)}
    assert reading.asked.count("iam:GenerateServiceLastAccessedDetails") == 2
    assert reading.asked.count("iam:GetServiceLastAccessedDetails") == 2
    assert (found["Root user"].granted, found["Root user"].used) == (None, None)


def test_a_role_is_taken_where_both_sides_allow_it(root, reading):
    own = someone(root, *ROLES)
    user = f"arn:aws:iam::{root.account}:user/posture"
    role = root.role("collector", root.policy("least", allow(METADATA)), trusts={"AWS": user})

    found = reading.collect(own, roles=role)

    assert found.done.full
    assert len([path for path in found.secrets if path.startswith("secretsmanager/")]) == 6


def test_a_role_that_trusts_somebody_else_says_what_to_allow(root, reading):
    own = someone(root, *ROLES)
    role = root.role("collector", trusts={"AWS": f"arn:aws:iam::{root.account}:user/other"})
    collector, context = reading.collector(own, roles=role), reading.context(own.credential)
    (asset,) = collector.discover(context)

    with pytest.raises(CollectorError, match="let the role trust the credential's user") as caught:
        list(collector.read(asset, context))

    assert caught.value.permanent


@pytest.fixture
def source(reading, settings, db):
    load_key(settings.FINGERPRINT_KEY_FILE, create=True)

    def made(aws, server):
        reading.context(aws.credential)
        config = AWSCollector.clean({"endpoint": server.url(""), "regions": REGION, "concurrency": 1})
        given = {"config": config, "credential": REFERENCE, "placed_by_operator": True}
        return Source.objects.create(name="aws", kind="aws", **given)

    return made


def gone():
    return [model.objects.exclude(gone_at=None).count() for model in (Asset, Secret, Principal)]


@pytest.mark.django_db
def test_j18_a_right_that_iam_takes_in_the_middle_leaves_what_was_known(root, source):
    mine = someone(root, *METADATA)
    gateway = Gateway(mine)
    with fault_server(gateway) as server:
        row = source(mine, server)
        assert collect(row).status == "complete"
        known = set(Secret.objects.values_list("path", "created_at"))

        def taken(asked):
            root.client("iam").delete_user_policy(UserName="posture", PolicyName="reading")

        gateway.answers["secretsmanager:GetResourcePolicy"] = once(taken)
        run = collect(row)

    assert run.status == "partial"
    assert gone() == [0, 0, 0]
    assert set(Secret.objects.present().values_list("path", "created_at")) == known
    reasons = str(run.reads.get().skipped)
    assert "does not allow ssm:DescribeParameters" in reasons
    assert "does not allow kms:ListKeys" in reasons


@pytest.mark.django_db
def test_j13_a_key_that_is_deleted_in_the_middle_ends_the_read_and_keeps_what_was_read(root, source):
    mine = someone(root, *METADATA)
    gateway = Gateway(mine)
    with fault_server(gateway) as server:
        row = source(mine, server)

        def deleted(asked):
            root.client("iam").delete_access_key(UserName="posture", AccessKeyId=mine.key_id)

        gateway.answers["ssm:DescribeParameters"] = once(deleted)
        run = collect(row)

    assert run.status == "failed"
    assert "does not know the access key" in run.reads.get().error
    assert mine.key_id not in run.reads.get().error
    assert Secret.objects.present().filter(path__startswith="secretsmanager/").count() == 6
    assert gone() == [0, 0, 0]


def once(act):
    """Return an answer that does something the first time, and lets the server answer."""
    left = [act]

    def answer(asked):
        if left:
            left.pop()(asked)

    return answer
