"""What becomes of a read of AWS when something goes wrong in its middle (G44, J13, J18, W11-W16)."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Q

from inventory.aws import client as aws_client
from inventory.collector import AssetRecord, CollectorError, DoneRecord, SecretRecord, SkipRecord
from inventory.collectors.aws import AWSCollector
from inventory.models import Grant, Principal, Secret, Source
from inventory.services import count_readers
from posture.common.fingerprint import load_key
from posture.common.inside import Network
from tests.collectors.aws_reading import REFERENCE, Gateway, Reading, after, error
from tests.inventory.test_store_sync import collect
from tests.services.certificates import Authority
from tests.services.fault_server import Reply, fault_server
from tests.services.moto import REGION, allow

pytestmark = pytest.mark.slow
FAULTS = [
    *("busy_for_a_day", "wrong_type", "web_page", "half_json", "empty", "gzip_bomb", "bad_gzip", "endless_headers"),
    *(
        "endless_header",
        "redirect_loop",
        "redirect_elsewhere",
        "not_http",
        "deep_json",
        "long_number",
        "next_elsewhere",
    ),
]


@pytest.fixture
def reading(tmp_path, monkeypatch):
    return Reading(tmp_path, monkeypatch)


@pytest.fixture
def filled(aws):
    """Twelve secrets, three users."""
    for number in range(12):
        aws.secret_of(f"s{number:02d}")
    for number in range(3):
        aws.user(f"u{number}", inline=allow("secretsmanager:GetSecretValue"))
    return aws


@pytest.fixture
def source(tmp_path, settings, reading, aws, db):
    settings.WORKSPACE_DIR, settings.FINGERPRINT_KEY_FILE = tmp_path / "mirrors", tmp_path / "fingerprint.key"
    load_key(tmp_path / "fingerprint.key", create=True)
    reading.context(aws.credential)

    def made(endpoint):
        config = AWSCollector.clean({"endpoint": endpoint, "regions": REGION})
        given = {"kind": "aws", "config": config, "credential": REFERENCE, "placed_by_operator": True}
        return Source.objects.create(name="aws", **given)

    return made


def paged(gateway, size):
    """Let secrets be listed in small pages."""

    def answer(asked):
        body = json.loads(asked.body) | {"MaxResults": size}
        return gateway.passed_on(type(asked)(asked.method, asked.path, asked.headers, json.dumps(body).encode()))

    return answer


def read_all(collector, context):
    """Return what came before an error, and the error."""
    records = []
    try:
        asset = next(iter(collector.discover(context)))
        for record in collector.read(asset, context):
            records.append(record)
    except CollectorError as failure:
        return records, failure
    return records, None


@pytest.mark.parametrize("fault", FAULTS)
def test_g44_a_server_that_misbehaves_is_told_in_plain_words(fault, reading):
    with fault_server() as server:
        server.fault = fault
        collector = AWSCollector(AWSCollector.clean({"endpoint": server.url(""), "regions": REGION}))
        _, failure = read_all(collector, reading.context("id12:secret"))

    assert failure is not None
    assert len(str(failure)) < 400
    assert "Traceback" not in str(failure)


def test_g44_tls_that_nobody_vouches_for_is_refused(reading, tmp_path):
    with fault_server(authority=Authority(tmp_path)) as server:
        collector = AWSCollector(AWSCollector.clean({"endpoint": server.url(""), "regions": REGION}))
        _, failure = read_all(collector, reading.context("id12:secret"))

        assert server.asked == []
    assert "POSTURE_CA_FILE" in str(failure)
    assert failure.permanent


def test_w11_an_endpoint_inside_is_not_called_for_somebody_in_a_browser(reading):
    with fault_server() as server:
        collector = AWSCollector(AWSCollector.clean({"endpoint": server.url(""), "regions": REGION}))
        _, failure = read_all(collector, reading.context("id12:secret", network=Network()))

        assert server.connections == 0
    assert "POSTURE_INTERNAL_HOSTS" in str(failure)


def test_w14_w16_nothing_of_this_server_takes_part(aws, reading, monkeypatch, tmp_path):
    """A profile, a proxy, an endpoint or keys of the machine would lend a source rights that are not its own."""
    with fault_server() as other:
        profile = tmp_path / "config"
        profile.write_text(
            f"[default]\nendpoint_url = {other.url()}\nregion = us-west-1\n[profile p]\nendpoint_url = {other.url()}\n"
            f"credential_process = touch {tmp_path}/ran\n"
        )
        for name in (
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_STS",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        ):
            monkeypatch.setenv(name, other.url(""))
        home = tmp_path / "home" / ".aws"
        home.mkdir(parents=True)
        for name in ("config", "credentials"):
            (home / name).write_text("[no profile at all")
        for name, value in {
            "HOME": str(tmp_path / "home"),
            "AWS_PROFILE": "p",
            "AWS_CONFIG_FILE": str(profile),
            "AWS_SHARED_CREDENTIALS_FILE": str(profile),
            "AWS_ACCESS_KEY_ID": "ofthemachine",
            "AWS_SECRET_ACCESS_KEY": secrets.token_hex(20),
            "AWS_CA_BUNDLE": "/nonexistent",
            "AWS_DEFAULTS_MODE": "auto",
            "AWS_DEFAULT_REGION": "us-west-2",
        }.items():
            monkeypatch.setenv(name, value)
        gateway = Gateway(aws)
        headers = []
        gateway.answers["*"] = lambda asked: headers.append(str(asked.headers))
        with fault_server(gateway) as server:
            found = reading.collect(aws, endpoint=server.url(""))

        assert other.connections == 0
    assert found.done.full
    assert not any("ofthemachine" in each or "us-west" in each for each in headers)
    assert not (tmp_path / "ran").exists()


def test_w16_without_a_credential_the_machine_is_not_asked(reading, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ofthemachine")
    context = reading.context("id12:secret")
    from dataclasses import replace

    with pytest.raises(CollectorError, match="no credential"):
        list(AWSCollector(AWSCollector.clean({})).discover(replace(context, credential="")))


def test_w15_a_region_that_is_a_host_is_refused():
    for region in ("evil.example/", "x@evil.example", "eu-central-1.evil.example", "EU-CENTRAL-1 "):
        with pytest.raises(CollectorError):
            AWSCollector.clean({"regions": f"{region}#"})


def test_w15_a_credential_is_bound_to_aws_or_to_the_gateway():
    clean = AWSCollector.clean

    assert AWSCollector.origins(clean({})) == {"https://amazonaws.com:443"}
    assert AWSCollector.origins(clean({"endpoint": "https://Gate.example:8443"})) == {"https://gate.example:8443"}


def test_w15_without_an_endpoint_requests_go_to_aws_hosts_only(reading, monkeypatch):
    reached = []

    def ask(host, port):
        reached.append(host)
        return ["192.0.2.1"]

    monkeypatch.setattr("posture.common.http.look_up", ask)
    monkeypatch.setattr("posture.common.http_connection.look_up", ask)
    made = aws_client.guarded_session
    monkeypatch.setattr(aws_client, "guarded_session", lambda *given, **more: made(*given, ask=ask, **more))
    collector = AWSCollector(AWSCollector.clean({"regions": REGION}))

    _, failure = read_all(collector, reading.context("id12:secret", network=Network()))

    assert failure is not None
    assert reached
    assert set(reached) == {f"sts.{REGION}.amazonaws.com"}


def test_j18_a_key_of_some_other_account_is_not_read_as_the_old_one(aws, reading):
    old = AssetRecord("111122223333", "account", "x", "arn:aws:iam::111122223333:root")

    with pytest.raises(CollectorError, match="not for 111122223333"):
        list(reading.collector(aws).read(old, reading.context(aws.credential)))


def test_w15_a_region_of_another_cloud_is_not_gone_to(reading):
    collector = AWSCollector(AWSCollector.clean({"regions": "us-iso-east-1"}))

    _, failure = read_all(collector, reading.context("id12:secret"))

    assert "not AWS's" in str(failure)
    assert reading.asked == []


def test_j18_what_was_listed_before_a_refusal_is_told(filled, reading):
    gateway = Gateway(filled)
    small, refused, left = paged(gateway, 5), error("AccessDeniedException"), [2]

    def revoked(asked):
        left[0] -= 1
        return small(asked) if left[0] >= 0 else refused(asked)

    gateway.answers["secretsmanager:ListSecrets"] = revoked
    with fault_server(gateway) as server:
        found = reading.collect(filled, endpoint=server.url(""))

    assert len([path for path in found.secrets if path.startswith("secretsmanager/")]) == 10
    assert found.skips[f"secrets in {REGION}"].partial


def test_g44_throttling_is_waited_for_and_not_for_ever(filled, reading, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    gateway = Gateway(filled)
    busy = iter([True, True])
    throttled = error("ThrottlingException")
    gateway.answers["secretsmanager:ListSecrets"] = lambda asked: throttled(asked) if next(busy, False) else None
    with fault_server(gateway) as server:
        records, failure = read_all(
            reading.collector(filled, endpoint=server.url("")), reading.context(filled.credential)
        )
        assert failure is None
        assert sum(isinstance(each, SecretRecord) for each in records) == 12

        gateway.answers["secretsmanager:ListSecrets"] = throttled
        gateway.asked.clear()
        _, failure = read_all(reading.collector(filled, endpoint=server.url("")), reading.context(filled.credential))

    assert "limits how often" in str(failure)
    assert not failure.permanent
    assert gateway.asked.count("secretsmanager:ListSecrets") == aws_client.ATTEMPTS


@pytest.mark.parametrize(
    "code",
    ["ExpiredTokenException", "ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch", "RequestTimeTooSkewed"],
)
def test_j13_a_credential_that_ends_in_the_middle_ends_the_read_and_keeps_what_was_read(code, filled, reading):
    gateway = Gateway(filled)
    gateway.answers["secretsmanager:GetResourcePolicy"] = after(6, error(code, 403, "AKIAHIDDEN"))
    with fault_server(gateway) as server:
        collector = reading.collector(filled, endpoint=server.url(""), concurrency=1)
        records, failure = read_all(collector, reading.context(filled.credential))

    assert failure is not None
    assert failure.permanent
    assert "HIDDEN" not in str(failure)
    assert 0 < sum(isinstance(each, SecretRecord) for each in records) <= 6
    assert not any(isinstance(each, DoneRecord) for each in records)


@pytest.mark.django_db(transaction=True)
def test_j18_a_right_revoked_halfway_leaves_what_was_known_and_goes_on(filled, source):
    gateway = Gateway(filled)
    gateway.answers["secretsmanager:ListSecrets"] = paged(gateway, 4)
    filled.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    with fault_server(gateway) as server:
        row = source(server.url(""))
        assert collect(row).status == "complete"
        small = paged(gateway, 4)
        refused = error("AccessDeniedException")
        left = [1]

        def revoked(asked):
            left[0] -= 1
            return small(asked) if left[0] >= 0 else refused(asked)

        gateway.answers["secretsmanager:ListSecrets"] = revoked
        filled.client("ssm").put_parameter(Name="new", Type="SecureString", Value=secrets.token_hex(16))
        run = collect(row)

    assert run.status == "partial"
    assert Secret.objects.present().filter(path__startswith="secretsmanager/").count() == 12
    assert Secret.objects.present().filter(path__endswith="/new").exists()
    skipped = run.reads.get().skipped
    assert [each["what"] for each in skipped if each["partial"]] == [f"secrets in {REGION}"]
    assert "does not allow secretsmanager:ListSecrets" in str(skipped)


@pytest.mark.django_db(transaction=True)
def test_j18_readers_of_a_secret_whose_own_policy_is_refused_are_not_counted(filled, source):
    gateway = Gateway(filled, {"secretsmanager:GetResourcePolicy": after(11, error("AccessDeniedException"))})
    filled.user("ann")
    with fault_server(gateway) as server:
        assert collect(source(server.url(""))).status == "partial"
    count_readers()

    kept = Secret.objects.filter(path__startswith="secretsmanager/")
    (unknown,) = kept.filter(readers=None)
    assert "does not allow secretsmanager:GetResourcePolicy" in unknown.evidence["readers"]
    assert kept.count() == 12


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer", [error("AccessDenied", 403), error("NotImplemented", 501)])
def test_j18_where_iam_was_never_told_nobody_seems_to_have_no_rights(filled, source, answer):
    """What the policies of single secrets let in is told all the same, and is not all."""
    policy = {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    told = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
    filled.client("secretsmanager").put_resource_policy(SecretId="s00", ResourcePolicy=told)
    filled.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    filled.client("kms").create_key()
    gateway = Gateway(filled, {"iam:GetAccountAuthorizationDetails": answer})
    with fault_server(gateway) as server:
        row = source(server.url(""))
        assert collect(row).status == "partial"
        count_readers()
        assert Grant.objects.exists()
        assert set(Secret.objects.values_list("readers", flat=True)) == {None}
        assert not Principal.objects.filter(Q(admin=False) | Q(wildcard=False) | Q(reads=0)).exists()

        del gateway.answers["iam:GetAccountAuthorizationDetails"]
        assert collect(row).status == "complete"
        gateway.answers["iam:GetAccountAuthorizationDetails"] = answer
        assert collect(row).status == "partial"
        count_readers()

    assert not Secret.objects.filter(path__startswith="secretsmanager/", readers=None).exists()


@pytest.mark.django_db(transaction=True)
def test_j18_a_read_that_breaks_off_marks_nothing_as_gone(filled, source):
    gateway = Gateway(filled)
    with fault_server(gateway) as server:
        row = source(server.url(""))
        assert collect(row).status == "complete"
        gateway.answers["ssm:DescribeParameters"] = error("ExpiredTokenException")
        run = collect(row)

    assert run.status == "failed"
    assert "has expired" in run.reads.get().error
    assert Secret.objects.present().count() == 12
    assert Principal.objects.present().filter(name__startswith="u").count() == 3


NOTHING = {
    "a web page": b"<!doctype html><title>Sign in</title>",
    "half": b'{"SecretList": [',
    "nothing": b"",
    "another object": b'{"message": "welcome"}',
    "another element": b"<Welcome><Regions/></Welcome>",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("secretsmanager:ListSecrets", "a web page"),
        ("secretsmanager:ListSecrets", "nothing"),
        ("ssm:DescribeParameters", "half"),
        ("kms:ListKeys", "another object"),
        ("iam:ListAccessKeys", "another element"),
        ("iam:GetAccountAuthorizationDetails", "nothing"),
    ],
)
def test_j18_what_is_no_answer_is_not_an_empty_list(operation, said, filled, source):
    """botocore takes whatever it cannot read for an answer that holds nothing, and all of it would be gone."""
    gateway = Gateway(filled)
    filled.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    filled.client("kms").create_key()
    filled.client("iam").create_access_key(UserName="u0")
    with fault_server(gateway) as server:
        row = source(server.url(""))
        assert collect(row).status == "complete"
        known = [Secret.objects.present().count(), Principal.objects.present().count()]
        gateway.answers[operation] = lambda asked: Reply(NOTHING[said])

        run = collect(row)

    assert run.status == "failed"
    assert f"AWS answered {operation} with something that is no answer" in run.reads.get().error
    assert [Secret.objects.present().count(), Principal.objects.present().count()] == known


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("operation", "answer", "good"),
    [
        ("secretsmanager:ListSecrets", lambda asked: Reply(b"", 404), 0),
        ("secretsmanager:ListSecrets", error("ResourceNotFoundException"), 1),
        ("ssm:DescribeParameters", lambda asked: Reply(b"<h1>No</h1>", 405), 0),
        ("kms:ListKeys", lambda asked: Reply(b"{}", 501), 0),
        ("iam:GetAccountAuthorizationDetails", lambda asked: Reply(b"", 404), 0),
    ],
)
def test_j18_a_gateway_that_passes_no_list_on_marks_nothing_gone(operation, answer, good, filled, source):
    gateway = Gateway(filled)
    filled.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    filled.client("kms").create_key()
    with fault_server(gateway) as server:
        row = source(server.url(""))
        assert collect(row).status == "complete"
        small, left = paged(gateway, 4), [good]

        def ending(asked):
            left[0] -= 1
            return small(asked) if left[0] >= 0 else answer(asked)

        gateway.answers[operation] = ending

        run = collect(row)

    assert run.status == "partial"
    assert not Secret.objects.exclude(gone_at=None).exists()
    assert not Principal.objects.exclude(gone_at=None).exists()


def test_j18_where_no_region_is_listed_nothing_is_gone(filled, reading):
    answer = b"<DescribeRegionsResponse><regionInfo/></DescribeRegionsResponse>"
    gateway = Gateway(filled, {"ec2:DescribeRegions": lambda asked: Reply(answer)})
    with fault_server(gateway) as server:
        found = reading.collect(filled, endpoint=server.url(""), regions="")

    assert found.skips["regions other than us-east-1"].partial


@pytest.mark.parametrize(
    ("operation", "answer", "partial"),
    [
        ("iam:GetAccountAuthorizationDetails", error("AccessDenied", 403), True),
        ("iam:ListAccessKeys", error("AccessDenied", 403), True),
        ("iam:GetAccessKeyLastUsed", error("AccessDenied", 403), False),
        ("secretsmanager:ListSecrets", error("AccessDeniedException"), True),
        ("secretsmanager:GetResourcePolicy", error("AccessDeniedException"), True),
        ("ssm:DescribeParameters", error("AccessDeniedException"), True),
        ("ssm:ListTagsForResource", error("AccessDeniedException"), False),
        ("ssm:DescribeParameters", error("UnknownOperationException"), True),
        ("kms:ListKeys", error("NotImplemented", 501), True),
        ("kms:DescribeKey", error("AccessDeniedException"), True),
        ("kms:GetKeyRotationStatus", error("AccessDeniedException"), False),
        ("kms:ListAliases", error("AccessDeniedException"), False),
        ("kms:ListKeys", error("SomethingNew"), True),
    ],
)
def test_j18_what_one_right_is_missing_for_is_skipped_and_the_rest_is_read(operation, answer, partial, filled, reading):
    filled.client("kms").create_key()
    filled.client("ssm").put_parameter(Name="p", Type="SecureString", Value=secrets.token_hex(16))
    filled.client("iam").create_access_key(UserName="u0")
    gateway = Gateway(filled, {operation: answer})
    with fault_server(gateway) as server:
        records, failure = read_all(
            reading.collector(filled, endpoint=server.url("")), reading.context(filled.credential)
        )

    assert failure is None
    assert isinstance(records[-1], DoneRecord)
    told = [each for each in records if isinstance(each, SkipRecord) and operation in each.reason]
    assert [each.partial for each in told] == [partial]
    kinds = {each.path.split("/")[0] for each in records if isinstance(each, SecretRecord)}
    assert len(kinds) >= 3


def test_a_role_that_is_taken_for_an_hour_is_taken_again(moto_server, reading):
    """J13: the role's own credential ends in the middle of a long read."""
    number = "123456789012"
    soon = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()

    def short(asked):
        told = gateway.passed_on(asked)
        start, end = told.body.index(b"<Expiration>"), told.body.index(b"</Expiration>")
        return Reply(told.body[:start] + b"<Expiration>" + soon.encode() + told.body[end:], 200, told.headers)

    gateway = Gateway(moto_server)
    gateway.answers["sts:AssumeRole"] = short
    with fault_server(gateway) as server:
        role = f"arn:aws:iam::{number}:role/posture"
        found = reading.collect(moto_server, endpoint=server.url(""), roles=role)

    assert found.done.full
    assert gateway.asked.count("sts:AssumeRole") > 1


def test_j13_the_read_stays_alive_while_aws_is_slow(filled, reading):
    beats = []
    reading.alive = lambda: beats.append(1)

    reading.collect(filled)

    assert len(beats) > 5


@pytest.mark.parametrize("name", ["a/b c", "ü+=,.@-_", "%2e%2e/../x", "a\nb", "*", "x" * 400])
def test_g44_odd_characters_in_names_stand(name, aws, reading):
    gateway = Gateway(aws)
    entry = {"ARN": f"arn:aws:secretsmanager:{REGION}:1:secret:{name}", "Name": name, "CreatedDate": 1.6e9}
    entry["SecretVersionsToStages"] = {"v" * 32: ["AWSCURRENT"]}
    gateway.answers["secretsmanager:ListSecrets"] = lambda asked: Reply(json.dumps({"SecretList": [entry]}).encode())
    gateway.answers["secretsmanager:GetResourcePolicy"] = lambda asked: Reply(b"{}")
    with fault_server(gateway) as server:
        found = reading.collect(aws, endpoint=server.url(""))

    (secret,) = found.of(SecretRecord)
    assert secret.path == f"secretsmanager/{REGION}/{name}"
    assert secret.address.endswith(name)


def test_a_paging_token_that_never_ends_is_noticed(aws, reading):
    gateway = Gateway(aws)
    entry = {"ARN": f"arn:aws:secretsmanager:{REGION}:1:secret:x", "Name": "x"}
    body = json.dumps({"SecretList": [entry], "NextToken": "again"}).encode()
    gateway.answers["secretsmanager:ListSecrets"] = lambda asked: Reply(body)
    with fault_server(gateway) as server:
        records, failure = read_all(reading.collector(aws, endpoint=server.url("")), reading.context(aws.credential))

    assert failure is not None
    assert gateway.asked.count("secretsmanager:ListSecrets") < 5
    assert not any(isinstance(each, DoneRecord) for each in records)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"regions": "Frankfurt"}, "is no region"),
        ({"roles": "posture"}, "by its ARN"),
        ({"roles": "arn:aws:iam::111122223333:role/a arn:aws:iam::111122223333:role/b"}, "Two roles lead"),
        ({"regions": "cn-north-1, eu-central-1"}, "partitions"),
        ({"endpoint": "https://u:p@gate.example"}, "begins with https"),
        ({"endpoint": "file:///etc/passwd"}, "begins with https"),
        ({"concurrency": 99}, "1 to 16"),
        ({"fingerprint": "perhaps"}, "yes or no"),
        ({"profile": "default"}, "Unknown settings"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_what_to_write(given, words):
    with pytest.raises(CollectorError, match=words) as caught:
        AWSCollector.clean(given)

    assert caught.value.permanent


def test_settings_are_written_one_way():
    role = "arn:aws:iam::111122223333:role/path/posture,x"

    assert AWSCollector.clean(
        {"regions": ["us-east-1", "us-east-1"], "roles": f"{role}\n", "endpoint": "https://G.example/"}
    ) == {
        "regions": "us-east-1",
        "roles": role,
        "endpoint": "https://g.example",
        "fingerprint": False,
        "concurrency": 4,
    }


def test_two_sources_that_name_one_account_overlap():
    clean = AWSCollector.clean
    one = clean({"roles": "arn:aws:iam::111122223333:role/a"})
    same = clean({"roles": "arn:aws:iam::111122223333:role/b, arn:aws:iam::999988887777:role/b"})

    assert AWSCollector.overlap(one, same)
    assert not AWSCollector.overlap(one, clean({"roles": "arn:aws:iam::999988887777:role/a"}))
    assert not AWSCollector.overlap(clean({}), clean({})), "each has an account of its own credential"
    east, west = (clean({"roles": one["roles"], "regions": each}) for each in ("us-east-1", "us-west-1"))
    assert not AWSCollector.overlap(east, west)
