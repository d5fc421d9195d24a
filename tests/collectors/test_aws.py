"""What the AWS collector reads of accounts at moto, which keeps state as AWS does.

moto dates every version at the moment it is asked, tells no last access and counts no uses; where these matter, a
gateway before it fills them in.
"""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta

import pytest

from inventory.access_rule import fits
from inventory.aws.rights import METADATA, VALUES
from inventory.collector import AssetRecord, CollectorError, SkipRecord
from inventory.collectors.aws import AWSCollector
from inventory.models import Grant, Principal, Secret, Source
from inventory.services.readers import count_readers
from inventory.store_records import Capability, Matching, PrincipalKind, SecretKind, VersionState
from posture.common.fingerprint import load_key
from posture.common.secret_value import SecretValue
from tests.collectors.aws_reading import Gateway, Reading
from tests.inventory.test_store_sync import collect
from tests.services.fault_server import Reply, fault_server
from tests.services.moto import REGION, allow, document, new_account

pytestmark = pytest.mark.slow
LAMBDA_TRUST = {"Service": "lambda.amazonaws.com"}
OF_VALUES = {"GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetParameters", "GetParameterHistory"} | {
    "ListFunctions",
    "GetFunction",
    "BatchGetProjects",
    "Decrypt",
}


@pytest.fixture
def reading(tmp_path, monkeypatch):
    return Reading(tmp_path, monkeypatch)


NOW = datetime.now(UTC).replace(microsecond=0)


def ago(days):
    return NOW - timedelta(days=days)


def dated(made, *, stages=("AWSCURRENT",)):
    return {"VersionId": secrets.token_hex(16), "VersionStages": list(stages), "CreatedDate": made.timestamp()}


def put_function(aws, name, variables):
    import io
    import zipfile

    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("f.py", "def f(e, c): return 1\n")
    role = aws.role(f"{name}-role", trusts=LAMBDA_TRUST)
    aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=role,
        Handler="f.f",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": variables},
    )


def put_project(aws, name, *variables):
    role = aws.role(f"{name}-role")
    aws.client("codebuild").create_project(
        name=name,
        source={"type": "S3", "location": "bucket/source.zip"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "image",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": list(variables),
        },
        serviceRole=role,
    )


def test_a_secret_tells_its_age_its_tags_and_its_versions(aws, reading):
    tags = [{"Key": "Environment", "Value": "prod"}, {"Key": "tier", "Value": "critical"}, {"Key": "x", "Value": "y"}]
    arn = aws.secret_of("pay/db", Tags=tags)

    found = reading.collect(aws).secrets["secretsmanager/pay/db"]

    assert found.address == arn
    assert abs((found.created_at - datetime.now(UTC)).total_seconds()) < 60
    assert found.rotated_at is None
    assert "only version" in found.evidence["rotated_at"]
    assert (found.environment, found.tier) == ("production", "critical")
    assert (found.enabled, found.auto_rotated, found.rotation_failed, found.ephemeral) == (True, False, None, False)
    assert [version.state for version in found.versions] == [VersionState.CURRENT]
    assert found.attributes["Further tags"] == 1


def test_a_new_value_makes_it_younger_and_a_new_setting_does_not(aws, reading):
    """LastChangedDate moves with both; only the version's own date tells them apart."""
    for name in ("value", "setting", "relabelled"):
        aws.secret_of(name)
    aws.client("secretsmanager").put_secret_value(SecretId="value", SecretString=secrets.token_hex(16))
    made, changed = ago(400), ago(20)

    def age(content):
        for entry in content["SecretList"]:
            entry |= {"CreatedDate": made.timestamp(), "LastChangedDate": changed.timestamp()}

    def versions(content):
        stages = [(["AWSPREVIOUS"], made), (["AWSCURRENT"], changed)]
        if content["Name"] == "setting":
            stages = [(["AWSCURRENT"], made)]
        if content["Name"] == "relabelled":
            # Somebody took the label of the version before away, so that the list names only one.
            stages = [([], made), (["AWSCURRENT"], changed)]
        content["Versions"] = [dated(at, stages=labels) for labels, at in stages]

    gateway = Gateway(aws)
    gateway.answers = {
        "secretsmanager:ListSecrets": gateway.edited(age),
        "secretsmanager:ListSecretVersionIds": gateway.edited(versions),
    }
    with fault_server(gateway) as server:
        found = reading.collect(aws, endpoint=server.url("")).secrets

    assert (found["secretsmanager/value"].created_at, found["secretsmanager/value"].rotated_at) == (made, changed)
    assert (found["secretsmanager/setting"].created_at, found["secretsmanager/setting"].rotated_at) == (made, None)
    assert found["secretsmanager/relabelled"].rotated_at == changed
    assert [each.state for each in found["secretsmanager/value"].versions] == [
        VersionState.SUPERSEDED,
        VersionState.CURRENT,
    ]


def test_rotation_is_told_with_its_rules_and_its_failures(aws, reading):
    client = aws.client("secretsmanager")
    put_function(aws, "rotate", {})
    function = aws.client("lambda").get_function(FunctionName="rotate")["Configuration"]["FunctionArn"]
    for name in ("fine", "late", "stuck"):
        aws.secret_of(name)
        client.rotate_secret(
            SecretId=name,
            RotationLambdaARN=function,
            RotationRules={"AutomaticallyAfterDays": 30},
            RotateImmediately=False,
        )

    def due(content):
        for entry in content["SecretList"]:
            entry["CreatedDate"] = ago(100).timestamp()
            entry["NextRotationDate"] = ago(3 if entry["Name"] == "late" else -3).timestamp()
            entry["LastRotatedDate"] = ago(10).timestamp()

    def versions(content):
        content["Versions"] = [dated(ago(10))]
        if content["Name"] == "stuck":
            content["Versions"].append(dated(ago(5), stages=["AWSPENDING"]))

    gateway = Gateway(aws)
    gateway.answers = {
        "secretsmanager:ListSecrets": gateway.edited(due),
        "secretsmanager:ListSecretVersionIds": gateway.edited(versions),
    }
    with fault_server(gateway) as server:
        found = reading.collect(aws, endpoint=server.url("")).secrets

    assert {name: found[f"secretsmanager/{name}"].rotation_failed for name in ("fine", "late", "stuck")} == {
        "fine": False,
        "late": True,
        "stuck": True,
    }
    fine = found["secretsmanager/fine"]
    assert fine.auto_rotated
    assert fine.rotated_at == ago(10)
    assert fine.attributes["Rotates every"] == "30 days"
    assert fine.attributes["Rotated by"] == function


def test_last_access_and_a_planned_deletion_are_told(aws, reading):
    aws.secret_of("old")
    aws.client("secretsmanager").delete_secret(SecretId="old", RecoveryWindowInDays=7)
    used = ago(100)
    gateway = Gateway(aws)
    gateway.answers["secretsmanager:ListSecrets"] = gateway.edited(
        lambda content: content["SecretList"][0].update(LastAccessedDate=used.timestamp())
    )
    with fault_server(gateway) as server:
        found = reading.collect(aws, endpoint=server.url(""), fingerprint=True).secrets["secretsmanager/old"]

    assert found.enabled is False
    assert found.expires_at > datetime.now(UTC)
    assert found.last_used_at == used
    assert {version.state for version in found.versions} == {VersionState.SUPERSEDED}
    assert not any(version.key_id for version in found.versions), "nobody is handed a value any more"


def test_without_the_dates_of_versions_a_changed_secret_has_no_age(aws, reading):
    aws.secret_of("pay/db")
    aws.client("secretsmanager").put_secret_value(SecretId="pay/db", SecretString=secrets.token_hex(16))
    gateway = Gateway(aws, {"secretsmanager:ListSecretVersionIds": lambda asked: Reply(b"{}", 403)})
    with fault_server(gateway) as server:
        found = reading.collect(aws, endpoint=server.url(""))

    secret = found.secrets["secretsmanager/pay/db"]
    assert (secret.created_at, secret.rotated_at) == (None, None)
    assert "does not allow" in secret.evidence["rotated_at"]
    assert len(secret.versions) == 2
    assert not found.skips[f"dates of versions of secrets in {REGION}"].partial


def test_secure_parameters_tell_their_age_and_others_are_left_out(aws, reading):
    client = aws.client("ssm")
    client.put_parameter(
        Name="/pay/key", Type="SecureString", Value=secrets.token_hex(16), Tags=[{"Key": "env", "Value": "dev"}]
    )
    client.put_parameter(Name="plain", Type="String", Value="visible")
    client.put_parameter(Name="changed", Type="SecureString", Value=secrets.token_hex(16))
    client.put_parameter(Name="changed", Type="SecureString", Value=secrets.token_hex(16), Overwrite=True)

    found = reading.collect(aws).secrets

    assert set(found) == {"ssm/pay/key", "ssm/changed"}
    assert found["ssm/pay/key"].created_at
    assert found["ssm/pay/key"].rotated_at is None
    assert found["ssm/pay/key"].environment == "development"
    assert found["ssm/pay/key"].address.endswith(":parameter/pay/key")
    assert found["ssm/changed"].rotated_at
    assert found["ssm/changed"].created_at is None
    assert "who may read values" in found["ssm/changed"].evidence["created_at"]
    assert found["ssm/changed"].attributes["Version"] == "2"


def test_an_expiration_policy_of_a_parameter_is_its_end(aws, reading):
    aws.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    ends = ago(-30)
    text = {"Type": "Expiration", "Version": "1.0", "Attributes": {"Timestamp": f"{ends:%Y-%m-%dT%H:%M:%S}.000Z"}}
    policies = [{"PolicyType": "NoChangeNotification"}, {"PolicyType": "Expiration", "PolicyText": json.dumps(text)}]
    gateway = Gateway(aws)
    gateway.answers["ssm:DescribeParameters"] = gateway.edited(
        lambda content: content["Parameters"][0].update(Policies=policies)
    )
    with fault_server(gateway) as server:
        assert reading.collect(aws, endpoint=server.url("")).secrets["ssm/p"].expires_at == ends


def test_customer_keys_tell_their_rotation_and_those_of_aws_are_left_out(aws, reading):
    client = aws.client("kms")
    made = {name: client.create_key()["KeyMetadata"]["KeyId"] for name in ("rotating", "still", "ending")}
    client.enable_key_rotation(KeyId=made["rotating"])
    client.create_alias(AliasName="alias/pay", TargetKeyId=made["rotating"])
    client.schedule_key_deletion(KeyId=made["ending"], PendingWindowInDays=7)
    signing = client.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    aws.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))

    gateway = Gateway(aws)
    gateway.answers["kms:GetKeyRotationStatus"] = gateway.edited(
        lambda content: content.update(RotationPeriodInDays=365)
    )
    rotated = ago(30)

    def rotations(asked):
        dates = (ago(395), rotated) if made["rotating"] in asked.body.decode() else ()
        return Reply(json.dumps({"Rotations": [{"RotationDate": at.timestamp()} for at in dates]}).encode())

    gateway.answers["kms:ListKeyRotations"] = rotations
    with fault_server(gateway) as server:
        collected = reading.collect(aws, endpoint=server.url(""))
    found = {path: each for path, each in collected.secrets.items() if path.startswith("kms/")}

    assert set(found) == {f"kms/{each}" for each in (*made.values(), signing)}
    assert {each.kind for each in found.values()} == {SecretKind.ENCRYPTION_KEY}
    rotating, still = found[f"kms/{made['rotating']}"], found[f"kms/{made['still']}"]
    assert (rotating.auto_rotated, still.auto_rotated, found[f"kms/{signing}"].auto_rotated) == (True, False, False)
    assert (rotating.rotated_at, still.rotated_at) == (rotated, None)
    assert still.created_at
    assert rotating.attributes["Alias"] == "alias/pay"
    assert rotating.attributes["Rotates every"] == "365 days"
    assert found[f"kms/{made['ending']}"].enabled is False
    assert found[f"kms/{made['ending']}"].expires_at > datetime.now(UTC)


def test_an_access_key_tells_its_holder_its_status_and_its_last_use(aws, moto_server, reading):
    aws.user("deploy", aws.policy("all", allow("*")))
    iam = aws.client("iam")
    used, idle = (iam.create_access_key(UserName="deploy")["AccessKey"] for _ in range(2))
    iam.update_access_key(UserName="deploy", AccessKeyId=idle["AccessKeyId"], Status="Inactive")
    from dataclasses import replace

    replace(moto_server, key_id=used["AccessKeyId"], secret=used["SecretAccessKey"]).client("iam").list_users()

    found = reading.collect(aws)

    keys = {
        path.rpartition("/")[2]: each for path, each in found.secrets.items() if path.startswith("iam/user/deploy/")
    }
    assert keys[used["AccessKeyId"]].last_used_at
    assert keys[used["AccessKeyId"]].enabled is True
    assert keys[used["AccessKeyId"]].kind is SecretKind.CLOUD_KEY
    assert keys[used["AccessKeyId"]].attributes["Held by"] == "deploy"
    assert (keys[idle["AccessKeyId"]].last_used_at, keys[idle["AccessKeyId"]].enabled) == (None, False)
    assert found.principals["deploy"].last_used_at == keys[used["AccessKeyId"]].last_used_at
    assert secrets.compare_digest(repr(found).replace(used["SecretAccessKey"], ""), repr(found))


def test_a_user_with_a_password_is_a_person_and_others_are_workloads(aws, reading):
    aws.user("ann")
    aws.client("iam").create_login_profile(UserName="ann", Password=secrets.token_urlsafe(16) + "aA1!")
    aws.user("robot")
    aws.role("app")

    found = reading.collect(aws).principals

    assert found["ann"].kind is PrincipalKind.HUMAN
    assert found["robot"].kind is PrincipalKind.WORKLOAD
    assert found["robot"].enabled is False, "it has nothing to sign in with"
    assert found["app"].kind is PrincipalKind.WORKLOAD
    assert found["app"].attributes["May be taken by"] == "ec2.amazonaws.com"


def test_without_the_report_nobody_is_called_a_person(aws, reading):
    aws.user("ann")
    aws.client("iam").create_login_profile(UserName="ann", Password=secrets.token_urlsafe(16) + "aA1!")
    gateway = Gateway(aws, {"iam:GenerateCredentialReport": lambda asked: Reply(b"", 403)})
    with fault_server(gateway) as server:
        found = reading.collect(aws, endpoint=server.url(""))

    assert found.principals["ann"].kind is PrincipalKind.WORKLOAD
    assert found.principals["ann"].enabled is None
    assert "not known" in found.principals["ann"].evidence["kind"]
    assert found.skips["passwords, and the root user"].partial
    assert found.skips["passwords, and the root user"].reason == "AWS does not allow iam:GenerateCredentialReport"


def test_the_root_user_and_its_access_key_are_told(aws, reading):
    import base64

    aws.user("ann")
    used, made = ago(40), ago(800)
    names = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,access_key_1_active"
    names += ",access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active"
    row = f"<root_account>,arn:aws:iam::1:root,{ago(900).isoformat()},not_supported,no_information,false,true"
    row += f",{made.isoformat()},{used.isoformat()},false"
    content = base64.b64encode(f"{names}\n{row}\n".encode()).decode()
    body = f"<R><GetCredentialReportResult><Content>{content}</Content></GetCredentialReportResult></R>"
    gateway = Gateway(
        aws, {"iam:GetCredentialReport": lambda asked: Reply(body.encode(), 200, {"Content-Type": "text/xml"})}
    )
    with fault_server(gateway) as server:
        found = reading.collect(aws, endpoint=server.url(""))

    root = found.principals["Root user"]
    assert (root.kind, root.last_used_at, root.attributes["Second factor"]) == (PrincipalKind.HUMAN, used, False)
    assert found.secrets["iam/root/access-key/1"].created_at == made
    assert "iam/root/access-key/2" not in found.secrets
    grant = next(each for each in found.grants if each.principal == root.external_id)
    assert Capability.ADMIN in grant.capabilities


def test_rights_come_by_groups_by_managed_and_by_inline_policies(aws, reading):
    arn = aws.secret_of("pay/db")
    managed = aws.policy("managed", allow("secretsmanager:GetSecretValue", arn))
    iam = aws.client("iam")
    aws.user("ann")
    iam.create_group(GroupName="payers", Path="/finance/")
    iam.add_user_to_group(GroupName="payers", UserName="ann")
    iam.attach_group_policy(GroupName="payers", PolicyArn=managed)
    iam.put_group_policy(GroupName="payers", PolicyName="g", PolicyDocument=document(allow("ssm:GetParameter")))
    aws.user("bob", inline=allow("secretsmanager:*"))

    found = reading.collect(aws)

    payers = found.principals["payers"]
    assert payers.kind is PrincipalKind.GROUP
    assert payers.external_id in found.principals["ann"].member_of
    assert managed in payers.member_of
    by = {each.principal: each for each in found.grants}
    assert by[managed].pattern == arn
    assert by[managed].rule.startswith("policy managed, statement 1: Allow secretsmanager:getsecretvalue on arn:")
    assert by[payers.external_id].rule.startswith("inline policy g of payers")
    assert by[found.principals["bob"].external_id].wildcard


def test_a_permissions_boundary_makes_all_rights_not_known(aws, reading):
    boundary = aws.policy("boundary", allow("ssm:*"))
    arn = aws.role("app", aws.policy("readers", allow("secretsmanager:GetSecretValue")))
    aws.client("iam").put_role_permissions_boundary(RoleName="app", PermissionsBoundary=boundary)

    found = reading.collect(aws)

    denied = next(each for each in found.grants if each.principal == arn)
    assert denied.deny
    assert denied.condition
    assert Capability.READ in denied.capabilities
    assert found.principals["app"].attributes["Permissions boundary"] == boundary


def test_a_resource_policy_names_outsiders(aws, reading):
    arn = aws.secret_of("pay/db")
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::999988887777:root"},
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    aws.client("secretsmanager").put_resource_policy(SecretId=arn, ResourcePolicy=document(statement))

    found = reading.collect(aws)

    outsider = found.principals["Account 999988887777, outside"]
    (grant,) = (each for each in found.grants if each.principal == outsider.external_id)
    assert (grant.pattern, grant.matching, grant.capabilities) == (arn, Matching.EXACT, (Capability.READ,))


def test_used_rights_are_counted_where_iam_counts_them(aws, reading):
    """In the form of IAM's own answers, which moto does not give."""
    arn = aws.user("ann")
    last = ago(12)
    services = [("secretsmanager", last), ("s3", None), ("ssm", ago(90))]
    members = "".join(
        f"<member><ServiceName>{name}</ServiceName><ServiceNamespace>{name}</ServiceNamespace>"
        + (f"<LastAuthenticated>{at.isoformat()}</LastAuthenticated>" if at else "")
        + "</member>"
        for name, at in services
    )
    waits = ["IN_PROGRESS", "IN_PROGRESS"]

    def report(asked):
        status = waits.pop() if waits else "COMPLETED"
        body = f"<R><GetServiceLastAccessedDetailsResult><JobStatus>{status}</JobStatus><ServicesLastAccessed>{members}"
        body += "</ServicesLastAccessed></GetServiceLastAccessedDetailsResult></R>"
        return Reply(body.encode(), 200, {"Content-Type": "text/xml"})

    job = (
        b"<R><GenerateServiceLastAccessedDetailsResult><JobId>"
        + b"j" * 36
        + b"</JobId></GenerateServiceLastAccessedDetailsResult></R>"
    )
    gateway = Gateway(
        aws,
        {
            "iam:GenerateServiceLastAccessedDetails": lambda asked: Reply(job, 200, {"Content-Type": "text/xml"}),
            "iam:GetServiceLastAccessedDetails": report,
        },
    )
    with fault_server(gateway) as server:
        ann = reading.collect(aws, endpoint=server.url("")).principals["ann"]

    assert ann.external_id == arn
    assert (ann.granted, ann.used, ann.last_used_at) == (3, 2, last)


def test_what_iam_does_not_count_is_not_known_and_asked_for_once(aws, reading):
    for number in range(6):
        aws.user(f"u{number}")

    found = reading.collect(aws)

    assert {(each.granted, each.used) for each in found.principals.values()} == {(None, None)}
    assert "failed to answer" in found.principals["u1"].evidence["granted"]
    assert not found.skips["which rights were used"].partial
    # botocore's own tries of the first.
    assert reading.asked.count("iam:GenerateServiceLastAccessedDetails") <= 5


def test_fingerprints_tell_every_version_and_each_is_fetched_once(aws, reading):
    first, second, third = (secrets.token_hex(20) for _ in range(3))
    aws.secret_of("pay/db", json.dumps({"host": "db.example", "password": first}))
    aws.client("secretsmanager").put_secret_value(SecretId="pay/db", SecretString=json.dumps({"password": second}))
    aws.client("ssm").put_parameter(Name="/pay/key", Type="SecureString", Value=third)

    found = reading.collect(aws, fingerprint=True).secrets

    key = load_key(reading.folder / "fingerprint.key")
    held = {each.finding.fingerprint for one in found.values() for version in one.versions for each in version.held}
    assert held == {key.fingerprint(SecretValue(each)) for each in (first, second, third)}
    reading.known = [
        (record.path, version.number, version.key_id)
        for record in reading.collect(aws, fingerprint=True).of(type(found["ssm/pay/key"]))
        for version in record.versions
    ]
    reading.asked.clear()
    reading.collect(aws, fingerprint=True)
    assert not {"secretsmanager:GetSecretValue", "ssm:GetParameter"} & set(reading.asked)


def test_binary_values_are_recognised(aws, reading):
    value = secrets.token_hex(20)
    aws.client("secretsmanager").create_secret(Name="file", SecretBinary=value.encode())

    found = reading.collect(aws, fingerprint=True).secrets["secretsmanager/file"]

    key = load_key(reading.folder / "fingerprint.key")
    assert [each.finding.fingerprint for each in found.versions[0].held] == [key.fingerprint(SecretValue(value))]


def test_literal_secrets_in_variables_are_exposures_and_references_are_none(aws, reading):
    value, other = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    arn = f"arn:aws:secretsmanager:{REGION}:111122223333:secret:pay/db-AbCdEf"
    put_function(aws, "checkout", {"DB_PASSWORD": value, "LOG_LEVEL": "debug", "SECRET_ARN": arn})
    put_function(aws, "quiet", {"LOG_LEVEL": "debug"})
    put_project(
        aws,
        "build",
        {"name": "API_TOKEN", "value": other, "type": "PLAINTEXT"},
        {"name": "FROM_STORE", "value": "/pay/key", "type": "PARAMETER_STORE"},
        {"name": "STAGE", "value": "production", "type": "PLAINTEXT"},
    )

    found = reading.collect(aws, fingerprint=True)

    key = load_key(reading.folder / "fingerprint.key")
    assert {path: each.finding.fingerprint for path, each in found.exposures.items()} == {
        "lambda/checkout#DB_PASSWORD": key.fingerprint(SecretValue(value)),
        "codebuild/build#API_TOKEN": key.fingerprint(SecretValue(other)),
    }
    assert found.exposures["lambda/checkout#DB_PASSWORD"].since
    assert found.done.cursor["variables"]


def test_without_fingerprints_nothing_that_hands_out_a_value_is_asked(aws, reading):
    aws.secret_of("pay/db")
    aws.client("secretsmanager").put_secret_value(SecretId="pay/db", SecretString=secrets.token_hex(16))
    aws.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    put_function(aws, "f", {"DB_PASSWORD": secrets.token_urlsafe(24)})
    aws.user("ann")

    found = reading.collect(aws)
    reading.collector(aws).probe(reading.context(aws.credential))

    assert found.secrets
    assert not found.exposures
    assert not {each.partition(":")[2] for each in reading.asked} & OF_VALUES


def test_switching_fingerprints_off_takes_no_exposure_for_gone(aws, reading):
    found = reading.collect(aws, cursor={"variables": True})

    assert found.skips["variables of functions and builds"].partial
    assert found.done.cursor["variables"]
    assert not any(each.partial for each in reading.collect(aws).of(SkipRecord))


def test_the_least_rights_allow_exactly_what_is_asked(aws, reading):
    aws.secret_of("pay/db")
    aws.client("secretsmanager").put_secret_value(SecretId="pay/db", SecretString=secrets.token_hex(16))
    aws.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    key = aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    aws.client("kms").enable_key_rotation(KeyId=key)
    aws.user("ann")
    aws.client("iam").create_access_key(UserName="ann")
    put_function(aws, "f", {"DB_PASSWORD": secrets.token_urlsafe(24)})
    put_project(aws, "build", {"name": "A", "value": "b"})
    metadata, values, _ = policies = [
        json.loads(part.partition("\n")[2]) for part in AWSCollector.least_rights.split("# ")[1:]
    ]

    collector = reading.collector(aws, regions="")
    collector._regions = lambda reading_, full=collector._regions: only(full(reading_))
    context = reading.context(aws.credential)
    for asset in collector.discover(context):
        list(collector.read(asset, context))
    collector.probe(context)
    of_metadata = set(reading.asked)
    reading.asked.clear()
    reading.collect(aws, fingerprint=True)

    assert len(policies) == 3
    for asked, allowing in ((of_metadata, [metadata]), (set(reading.asked), [metadata, values])):
        patterns = [each for policy in allowing for each in policy["Statement"][0]["Action"]]
        # Whose key it is may be asked without any right.
        asked.discard("sts:GetCallerIdentity")
        assert not [each for each in asked if not any(fits(one, Matching.GLOB, each) for one in patterns)]
    unused = set(METADATA) - of_metadata - {"iam:GetServiceLastAccessedDetails"}
    assert not unused, "a right that is not used is too much"
    # Decrypting is asked for by AWS itself, for the caller.
    assert set(VALUES) - set(reading.asked) == {"kms:Decrypt"}


def only(records):
    """Let regions be listed, and read one of them."""
    regions = yield from records
    assert len(regions) > 5
    return [REGION]


def test_every_enabled_region_is_read_where_none_is_named(aws, reading):
    aws.secret_of("here")
    aws.client("secretsmanager", "us-east-1").create_secret(Name="there", SecretString=secrets.token_hex(16))

    found = reading.collect(aws, regions="")

    assert {f"secretsmanager/{REGION}/here", "secretsmanager/us-east-1/there"} <= {
        record.path for record in found.records if hasattr(record, "rotated_at")
    }


def test_each_role_is_an_account_and_one_that_fails_is_one_failed_account(moto_server, reading):
    first, second = sorted(new_account() for _ in range(2))
    moto_server.in_account(first).secret_of("one")
    roles = [f"arn:aws:iam::{number}:role/posture" for number in (first, second)]

    def assume(asked):
        return Reply(b"", 403) if second.encode() in asked.body else None

    with fault_server(Gateway(moto_server, {"sts:AssumeRole": assume})) as server:
        collector = reading.collector(moto_server, endpoint=server.url(""), roles=" ".join(roles))
        context = reading.context(moto_server.credential)
        assets = [each for each in collector.discover(context) if isinstance(each, AssetRecord)]
        paths = [record.path for record in collector.read(assets[0], context) if hasattr(record, "rotated_at")]
        with pytest.raises(CollectorError, match="cannot be taken"):
            list(collector.read(assets[1], context))
        told = {each.name: each.allowed for each in collector.probe(context)}

    assert [each.external_id for each in assets] == [first, second]
    assert paths == [f"secretsmanager/{REGION}/one"]
    assert told["Connect and sign in"] is True
    assert told[f"Take {roles[1]}"] is False


@pytest.mark.django_db(transaction=True)
def test_the_inventory_knows_who_can_read_what(aws, reading, settings, tmp_path):
    settings.WORKSPACE_DIR, settings.FINGERPRINT_KEY_FILE = tmp_path / "mirrors", tmp_path / "fingerprint.key"
    load_key(tmp_path / "fingerprint.key", create=True)
    aws.secret_of("pay/db")
    aws.secret_of("web/key")
    aws.user("ann", inline=allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:pay/*"))
    aws.user("admin", aws.policy("all", allow("*")))
    iam = aws.client("iam")
    for name in ("ann", "admin"):
        iam.create_access_key(UserName=name)
    reading.context(aws.credential)
    config = AWSCollector.clean({"endpoint": aws.url, "regions": REGION})
    source = Source.objects.create(
        name="aws", kind="aws", config=config, credential="env:POSTURE_CREDENTIAL_AWS", placed_by_operator=True
    )

    assert collect(source).status == "complete"
    count_readers()

    readers = dict(Secret.objects.filter(path__startswith="secretsmanager/").values_list("path", "readers"))
    assert readers == {f"secretsmanager/{REGION}/pay/db": 2, f"secretsmanager/{REGION}/web/key": 1}
    assert Principal.objects.filter(kind="workload").count() == 2
    assert Grant.objects.filter(admin=True).count() == 1
