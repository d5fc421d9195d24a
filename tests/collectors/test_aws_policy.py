"""What AWS policies say and what they let somebody do: pure, on documents of the grammar's every corner."""

from __future__ import annotations

import json

import pytest

from inventory.access_rule import AccessRule, allowed
from inventory.aws.credential import Key
from inventory.aws.grants import Account, identity_grants, meaning
from inventory.aws.policy import MOST_PARTS, MOST_STATEMENTS, MOST_TEXT, PolicyUnreadable, parse_policy
from inventory.aws.resource_policy import ANYONE, EVERYBODY, Outsiders
from inventory.collector import CollectorError, GrantRecord
from inventory.store_records import Capability
from posture.common.secret_value import SecretValue

NUMBER = "111122223333"
HERE = Account(NUMBER)
READ, LIST, WRITE = Capability.READ, Capability.LIST, Capability.WRITE
SECRET = f"arn:aws:secretsmanager:eu-central-1:{NUMBER}:secret:pay/db-AbCdEf"
PARAMETER = f"arn:aws:ssm:eu-central-1:{NUMBER}:parameter/pay/db"
ELSEWHERE = "arn:aws:secretsmanager:eu-central-1:999988887777:secret:pay/db-AbCdEf"


def policy(*statements, version="2012-10-17"):
    return parse_policy({"Version": version, "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return allow(action, resource, **more) | {"Effect": "Deny"}


def grants(*statements, **options):
    return list(identity_grants("p", "policy x", policy(*statements, **options), HERE))


def can(address, *statements, capability=READ, **options):
    """Say whether somebody with these statements may do something: yes, no, or None for under a condition."""
    rules = [
        AccessRule(each.pattern, each.matching, frozenset(each.capabilities), each.rule, each.deny, each.condition)
        for each in grants(*statements, **options)
    ]
    return allowed(rules, address).can(capability)


def test_one_statement_and_one_action_need_no_list():
    found = parse_policy(
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "S:A", "Resource": "*"}}'
    )

    assert found.statements[0].actions == ("s:a",)
    assert found.statements[0].resources == ("*",)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("secretsmanager:GetSecretValue", True),
        ("SECRETSMANAGER:getsecretvalue", True),
        ("secretsmanager:Get*", True),
        ("secretsmanager:*Secret*", True),
        ("secretsmanager:G?tSecretValue", True),
        ("s*:GetSecretValue", True),
        ("*:GetSecretValue", True),
        ("secretsmanager:*", True),
        ("*", True),
        (["s3:GetObject", "secretsmanager:GetSecretValue"], True),
        ("secretsmanager:GetSecretValu", False),
        ("secretsmanager:GetSecretValue?", False),
        ("secretsmanager:GetRandomPassword", False),
        ("ssm:*", False),
        ("s3:*", False),
        ("GetSecretValue", False),
    ],
)
def test_actions_have_wildcards_anywhere_and_no_case(action, expected):
    assert can(SECRET, allow(action)) is expected


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", True),
        (SECRET, True),
        (SECRET[:-6] + "??????", True),
        (SECRET[:-7] + "*", True),
        ("arn:aws:secretsmanager:*:*:secret:pay/*", True),
        ("arn:*:secretsmanager:*:*:secret:*/db-*", True),
        ("arn:aws:*:*:*:*", True),
        ("arn:aws:secretsmanager:*", True),
        (f"arn:aws:secretsmanager:us-east-1:{NUMBER}:secret:*", False),
        ("arn:aws:ssm:*:*:parameter/*", False),
        ("arn:aws-cn:secretsmanager:*:*:secret:*", False),
        ("arn:aws:s3:::bucket/*", False),
        ("arn:aws:secretsmanager:*:*:secret:PAY/*", False),
        ("nonsense", False),
        ("", False),
        # AWS does not say how a star that spans parts is read, so that nobody is said to be kept out.
        ("*pay*", None),
        ("arn:*secret*pay*", None),
    ],
)
def test_resources_mean_what_they_fit_in_this_account(resource, expected):
    assert can(SECRET, allow("secretsmanager:GetSecretValue", resource)) is expected


def test_a_right_to_one_service_is_none_to_another_in_the_same_place():
    assert can(PARAMETER, allow("secretsmanager:*")) is False
    assert can(PARAMETER, allow("ssm:GetParameter")) is True


def test_no_right_reaches_into_another_account_of_the_same_source():
    for statement in (allow("*"), allow("secretsmanager:*"), allow("secretsmanager:*", "arn:aws:secretsmanager:*:*:*")):
        assert can(ELSEWHERE, statement) is False
    assert can(ELSEWHERE, allow("secretsmanager:GetSecretValue", ELSEWHERE)) is None


def test_everything_on_everything_is_administration_and_so_marked():
    (grant,) = grants(allow("*"))

    assert Capability.ADMIN in grant.capabilities
    assert grant.wildcard


def test_everything_on_one_secret_is_no_administration():
    found = grants(allow("*", SECRET))

    assert {READ, WRITE, Capability.MANAGE} <= set(found[0].capabilities)
    assert not any(Capability.ADMIN in each.capabilities or each.wildcard for each in found)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow("secretsmanager:GetSecretValue"), True),
        (allow("ssm:GetParameter*", "arn:aws:ssm:eu-central-1:*:parameter/*"), True),
        (allow("secretsmanager:ListSecrets"), False),
        (allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:pay/*"), False),
        (deny("secretsmanager:GetSecretValue"), False),
    ],
)
def test_a_wildcard_is_what_opens_every_secret_of_a_service(statement, expected):
    assert any(each.wildcard for each in grants(statement)) is expected


def test_a_denial_beats_what_is_allowed():
    assert can(SECRET, allow("*"), deny("secretsmanager:*", SECRET)) is False
    assert can(SECRET, allow("secretsmanager:*"), deny("secretsmanager:*", SECRET.replace("pay", "web"))) is True


def test_an_administrator_keeps_what_a_denial_does_not_take():
    rules = (allow("*"), deny("secretsmanager:GetSecretValue"))

    assert can(SECRET, *rules) is False
    assert can(SECRET, *rules, capability=WRITE) is True
    assert can(PARAMETER, *rules) is True


def test_denying_one_of_several_ways_to_read_leaves_it_open():
    assert can(PARAMETER, allow("ssm:*"), deny("ssm:GetParameter")) is None
    assert can(PARAMETER, allow("ssm:*"), deny("ssm:Get*")) is False


def test_under_a_condition_it_is_not_known_and_its_values_are_not_told():
    condition = {"StringEquals": {"aws:SourceVpc": "vpc-1", "sts:ExternalId": "shared"}, "Bool": {"aws:Secure": "true"}}
    found = grants(allow("secretsmanager:GetSecretValue", Condition=condition))

    assert can(SECRET, allow("secretsmanager:GetSecretValue", Condition=condition)) is None
    assert can(SECRET, allow("*"), deny("*", Condition=condition)) is None
    assert "StringEquals on aws:SourceVpc, sts:ExternalId; Bool on aws:Secure" in found[0].condition
    assert "shared" not in repr(found)


def test_all_but_some_actions_gives_the_others():
    statement = {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}
    found = grants(statement)

    assert can(SECRET, statement) is True
    assert not any(Capability.ADMIN in each.capabilities for each in found)
    assert not any(":iam:" in each.pattern for each in found)
    assert can(SECRET, {"Effect": "Allow", "NotAction": "secretsmanager:Get*", "Resource": "*"}) is False


def test_denying_all_but_some_denies_the_others():
    statement = {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}

    assert can(SECRET, allow("*"), statement) is False
    assert can(SECRET, allow("*"), statement | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}) is None


def test_all_but_some_resources_is_not_known_where_they_touch_the_service():
    but = {"Effect": "Allow", "Action": "secretsmanager:*", "NotResource": "arn:aws:secretsmanager:*:*:secret:pay/*"}

    assert can(SECRET, but) is None
    assert can(SECRET, but | {"NotResource": "arn:aws:s3:::bucket"}) is True
    assert can(SECRET, but | {"NotResource": "*"}) is False


def test_a_policy_variable_is_not_known_and_only_in_policies_that_have_them():
    statement = allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/team}/*")

    assert can(SECRET, statement) is None
    assert can(SECRET, statement, version="2008-10-17") is False
    assert meaning("arn:aws:ssm:*:*:parameter/a${*}b", "ssm", HERE).pattern.endswith("parameter/a?b")


def test_each_statement_stands_for_itself():
    found = grants(allow("secretsmanager:GetSecretValue"), allow("secretsmanager:GetSecretValue"))

    assert len({each.rule for each in found}) == 2


@pytest.mark.parametrize(
    "document",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        "null",
        None,
        7,
        '{"Statement": null}',
        '{"Statement": ["x"]}',
        '{"Statement": {"Effect": "Maybe", "Action": "*"}}',
        '{"Statement": {"Effect": "Allow"}}',
        '{"Statement": {"Effect": "Allow", "Action": [1]}}',
        '{"Statement": {"Effect": "Allow", "Action": {"a": "b"}}}',
        '{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}',
        '{"Statement": {"Effect": "Allow", "Action": "*", "Unless": "*"}}',
        '{"Statement": {"Effect": "Allow", "effect": "Deny", "Action": "*"}}',
        "[" * 200_000,
        '{"Statement": ' + "[" * 5000 + "]" * 5000 + "}",
        " " * (MOST_TEXT + 1),
        json.dumps({"Statement": [{"Effect": "Allow", "Action": "a:b"}] * (MOST_STATEMENTS + 1)}),
        {"Statement": {"Effect": "Allow", "Action": ["a:b"] * (MOST_PARTS + 1)}},
        {"Statement": {"Effect": "Allow", "Action": "a" * 5000}},
    ],
    ids=lambda each: repr(each)[:40],
)
def test_g44_what_is_no_policy_is_refused_and_not_repeated(document):
    with pytest.raises(PolicyUnreadable) as caught:
        parse_policy(document)

    assert len(str(caught.value)) < 100


def test_g44_a_policy_of_stars_is_judged_in_time():
    statement = allow(["*" * 1000 + "x"] * 5, ["arn:aws:secretsmanager:*:*:" + "*a" * 800] * 5)

    assert can(SECRET, statement) is False


def outside(*statements, listed=(), arn=SECRET):
    found = list(Outsiders(HERE, set(listed)).grants(arn, "pay/db", policy(*statements)))
    return {each.principal: each for each in found if isinstance(each, GrantRecord)}, found


def test_a_resource_policy_lets_in_those_it_names():
    role = f"arn:aws:iam::{NUMBER}:role/app"
    statement = allow("secretsmanager:GetSecretValue", Principal={"AWS": [role, "arn:aws:iam::999988887777:role/x"]})
    by_principal, found = outside(statement, listed={role})

    assert set(by_principal) == {role, "outside:arn:aws:iam::999988887777:role/x"}
    assert by_principal[role].pattern == SECRET
    assert by_principal[role].capabilities == (READ,)
    told = next(each for each in found if not isinstance(each, GrantRecord))
    assert told.external_id == "outside:arn:aws:iam::999988887777:role/x"
    assert told.attributes == {"Outside the account": True}


@pytest.mark.parametrize("named", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
def test_a_star_lets_in_everybody_here_and_anyone_outside(named):
    by_principal, _ = outside(allow("secretsmanager:GetSecretValue", Principal=named))

    assert set(by_principal) == {HERE.everyone, ANYONE}


def test_denying_everybody_reaches_those_here_and_those_outside():
    by_principal, _ = outside(deny("secretsmanager:*", Principal="*"))

    assert set(by_principal) == {HERE.everyone, EVERYBODY}
    assert all(each.deny for each in by_principal.values())


def test_ones_own_account_gives_nothing_on_top_and_a_denial_is_for_all_in_it():
    for named in (f"arn:aws:iam::{NUMBER}:root", NUMBER):
        assert outside(allow("secretsmanager:*", Principal={"AWS": named}))[0] == {}
        assert set(outside(deny("secretsmanager:*", Principal={"AWS": named}))[0]) == {HERE.everyone}


def test_everybody_but_some_is_not_known_for_anybody():
    by_principal, _ = outside(
        {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"AWS": f"arn:aws:iam::{NUMBER}:role/app"}}
    )

    assert by_principal[HERE.everyone].condition.startswith("not for arn:aws:iam::")


def test_a_policy_about_another_secret_and_a_deleted_principal_say_nothing():
    other = SECRET.replace("pay", "web")

    assert outside(allow("secretsmanager:*", other, Principal="*"))[0] == {}
    assert outside(allow("secretsmanager:*", Principal={"AWS": "AROAEXAMPLEEXAMPLE1"}))[0] == {}


def test_one_of_the_account_who_is_not_listed_is_counted():
    outsiders = Outsiders(HERE, set())
    statement = allow("secretsmanager:*", Principal={"AWS": f"arn:aws:iam::{NUMBER}:role/hidden"})

    assert list(outsiders.grants(SECRET, "pay/db", policy(statement))) == []
    assert outsiders.unknown == 1


@pytest.mark.parametrize(
    "text", ["id12:secret", '{"access_key_id": "id12", "secret_access_key": "secret"}', " id12:secret: \n"]
)
def test_a_credential_is_json_or_parts_between_colons(text):
    key = Key.of(SecretValue(text))

    assert (key.id, key.secret.reveal(), key.token) == ("id12", b"secret", None)


def test_a_temporary_credential_has_a_token_that_may_hold_colons():
    assert Key.of(SecretValue("id12:secret:to:ken")).token == SecretValue("to:ken")


@pytest.mark.parametrize(
    "text", ["", "hidden", "hidden:", "{hidden", '{"access_key_id": ["hidden"]}', "hid den:x", "a:b\nc"]
)
def test_w16_a_credential_of_another_form_is_not_repeated(text):
    with pytest.raises(CollectorError) as caught:
        Key.of(SecretValue(text))

    assert caught.value.permanent
    assert "hid" not in str(caught.value)
