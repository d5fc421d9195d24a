"""What a policy's text says, however it is written, and what it is worth at the mounts of a server."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.access_rule import AccessRule, allowed
from inventory.store_records import Capability, Matching
from inventory.vault.grants import grants_of, root_grant
from inventory.vault.mounts import Mount
from inventory.vault.policy import MOST_TEXT, parse_policy

NOW = datetime(2026, 6, 1, tzinfo=UTC)
KV, OLD = Mount("", "kv/", "kv", 2), Mount("", "old/", "kv", 1)
DATABASE, TRANSIT = Mount("", "database/", "database"), Mount("", "transit/", "transit")
MOUNTS = [KV, OLD, DATABASE, TRANSIT]


def rules(text):
    policy = parse_policy(text)
    assert policy.problems == ()
    return [(rule.path, rule.capabilities) for rule in policy.rules]


def grants(text, namespace="", mounts=MOUNTS):
    return list(grants_of("policy/p", "p", parse_policy(text), namespace, mounts, NOW))


def gives(path, *capabilities):
    (grant,) = grants(f'path "{path}" {{ capabilities = {json.dumps(list(capabilities))} }}')
    return {str(each) for each in grant.capabilities}


def test_blocks_lists_comments_and_every_way_to_write_them_are_read():
    text = """
    # of the payments team
    name = "payments"
    path "kv/data/pay/*" { capabilities = ["read", "list"] } // and more
    path "/kv/data/web" {
      capabilities = [
        "create", "update",
      ]
      comment = <<EOT
path "not/a/path" { capabilities = ["sudo"] }
EOT
    }
    /* path "neither" { capabilities = ["sudo"] } */
    "path" "kv/\\"odd\\"" { policy = "write" }
    """

    assert rules(text) == [
        ("kv/data/pay/*", ("read", "list")),
        ("kv/data/web", ("create", "update")),
        ('kv/"odd"', ("create", "read", "update", "patch", "delete", "list")),
    ]


@pytest.mark.parametrize(
    "shape",
    [
        {"path": {"kv/*": {"capabilities": ["read"]}, "web": {"policy": "deny"}}},
        {"path": [{"kv/*": {"capabilities": ["read"]}}, {"web": [{"policy": "deny"}]}]},
    ],
    ids=["object", "list"],
)
def test_json_policies_say_the_same(shape):
    assert rules(json.dumps(shape)) == [("kv/*", ("read",)), ("web", ("deny",))]


def test_nothing_else_counts_beside_deny():
    assert rules('path "kv/*" { capabilities = ["read", "deny", "sudo"] }') == [("kv/*", ("deny",))]


def test_parameters_and_templates_are_conditions_in_words():
    text = """
    path "kv/data/{{identity.entity.name}}/x-{{identity.entity.id}}/*" {
      capabilities = ["read", "update"]
      required_parameters = ["version"]
      allowed_parameters = { "colour" = ["red"] }
      min_wrapping_ttl = "1s"
    }
    """

    read, write = grants(text)

    assert read.pattern == write.pattern == "kv/data/+/+/*"
    assert (read.capabilities, write.capabilities) == ((Capability.READ,), (Capability.WRITE,))
    for part in ("all of the parameters version", "a wrapped answer", "{{identity.entity.name}} is the asker's own"):
        assert part in read.condition
        assert part in write.condition
    assert "colour" in write.condition
    assert "colour" not in read.condition
    assert "red" not in write.condition + write.rule


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('path "a" { capabilities = ["read"] } path "b { x', "line 1 cannot be read"),
        ('path "a" { capabilities = ["read"] }\npath "b" {', "it ends in the middle"),
        ('path "a" { capabilities = ["read", "everything"] }', "it has a path with an unknown capability"),
        ('path "a" { capabilities = ["read"] } rule "b" {}', "it has a part that is no path"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_kept(text, problem):
    policy = parse_policy(text)

    assert [rule.path for rule in policy.rules] == ["a"]
    assert policy.problems == (problem,)


@pytest.mark.parametrize(
    "text",
    [
        *("{" * 100_000, '{"a":' * 100_000, "a{" * 200_000, '"' * 200_000, "/*" * 200_000, "<<A\n" * 100_000),
        *("{{" * 300_000, 'path "' + "{{" * 300_000 + '" {}', '"\\' * 200_000, "a " * 200_000, "[" * 200_000),
        *('path "' + "+/" * 300_000 + '*" { capabilities = ["read"] }', "x" * (MOST_TEXT + 1)),
    ],
    ids=lambda text: text[:6],
)
def test_a_hostile_policy_costs_no_more_than_a_long_one(text):
    began = time.monotonic()

    policy = parse_policy(text)
    list(grants_of("policy/p", "p", policy, "", MOUNTS, NOW))

    assert time.monotonic() - began < 20
    assert len(policy.rules) <= 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='path "{}[]=,\\\n#/*<a+', max_size=200))
def test_no_text_makes_the_parser_fail(text):
    parse_policy(text)


def test_a_path_that_ended_gives_nothing():
    text = 'path "kv/*" { capabilities = ["read"] expiration = "%s" }'

    assert grants(text % "2026-05-31T00:00:00Z") == []
    assert len(grants(text % "2026-06-02T00:00:00Z")) == 1


def test_on_a_versioned_store_data_gives_the_value_and_metadata_gives_names():
    assert gives("kv/data/pay/*", "read", "list") == {"read"}
    assert gives("kv/metadata/pay/*", "read", "list") == {"list"}
    assert gives("kv/metadata/*", "delete") == {"delete"}
    assert gives("kv/destroy/*", "update") == {"delete"}
    assert gives("kv/data/pay", "create", "update", "patch") == {"write"}
    assert gives("kv/*", "read", "list") == {"read", "list"}
    assert gives("old/metadata/x", "read") == {"read"}


def test_engines_hand_out_by_reading_and_keys_are_used_by_writing():
    assert gives("database/creds/app", "read") == {"read"}
    assert gives("database/roles/app", "read", "update") == {"list", "write"}
    assert gives("transit/decrypt/k", "update") == {"use"}
    assert gives("transit/*", "read", "update") == {"list", "use", "write"}
    assert gives("transit/export/encryption-key/k", "read") == {"read"}


def test_sudo_is_admin_and_changing_policies_is_managing():
    assert gives("sys/*", "read", "update", "sudo") == {"read", "write", "manage", "admin"}
    assert gives("sys/policies/acl/*", "update") == {"write", "manage"}
    assert gives("auth/approle/role/web/secret-id", "update") == {"write", "manage"}
    assert gives("auth/token/lookup-self", "read") == {"read"}
    # The server asks for it even where nothing can be changed.
    assert gives("sys/leases/lookup/*", "list", "sudo") == {"list"}


@pytest.mark.parametrize(
    ("path", "wild"),
    [
        *(("*", True), ("kv/*", True), ("kv/data/*", True), ("kv*", True), ("+/data/*", True), ("kv/+/*", True)),
        *(("old/*", True), ("database/creds/*", True), ("kv/data/pay/*", False), ("kv/data/+", False)),
        *(("kv/metadata/*", False), ("sys/*", False), ("kv/data/+/db", False)),
    ],
)
def test_a_wildcard_fits_every_secret_of_a_mount(path, wild):
    (grant,) = grants(f'path "{path}" {{ capabilities = ["read"] }}')

    assert grant.wildcard is wild


def test_listing_everything_and_denying_everything_are_no_wildcards():
    assert not any(grant.wildcard for grant in grants('path "kv/*" { capabilities = ["list"] }'))
    assert not any(grant.wildcard for grant in grants('path "*" { capabilities = ["deny"] }'))


def test_the_root_policy_is_admin_of_everything():
    grant = root_grant("policy/root", "")

    assert (grant.pattern, grant.capabilities, grant.wildcard) == ("*", (Capability.ADMIN,), True)


def test_patterns_of_a_namespace_begin_with_it():
    inside = [replace(KV, namespace="team/")]

    (grant,) = grants('path "kv/data/*" { capabilities = ["read"] }', "team/", inside)

    assert (grant.pattern, grant.wildcard) == ("team/kv/data/*", True)


def test_a_more_specific_path_that_gives_nothing_still_decides():
    told = grants(
        'path "kv/data/*" { capabilities = ["read"] }\npath "kv/data/pay/*" { capabilities = ["list"] }\n'
        'path "kv/data/hr/*" { capabilities = ["deny"] }'
    )
    known = [
        AccessRule(each.pattern, Matching.VAULT, frozenset(each.capabilities), each.rule, each.deny) for each in told
    ]

    can = {path: allowed(known, f"kv/data/{path}").can(Capability.READ) for path in ("web/db", "pay/db", "hr/db")}

    assert can == {"web/db": True, "pay/db": False, "hr/db": False}
