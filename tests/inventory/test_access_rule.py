"""What rules allow, by each store's own logic."""

import pytest

from inventory.access_rule import AccessRule, allowed, fits, literal_prefix, prefixes
from inventory.store_records import Capability, Matching

VAULT, GLOB, EXACT = Matching.VAULT, Matching.GLOB, Matching.EXACT


def rule(pattern, *capabilities, matching=VAULT, **more):
    return AccessRule(pattern, matching, frozenset(Capability(each) for each in capabilities), pattern, **more)


@pytest.mark.parametrize(
    ("pattern", "matching", "address", "expected"),
    [
        ("kv/data/pay/*", VAULT, "kv/data/pay/db", True),
        ("kv/data/pay/*", VAULT, "kv/data/pay/", True),
        ("kv/data/pay/*", VAULT, "kv/data/payroll/db", False),
        ("kv/data/pay*", VAULT, "kv/data/payroll/db", True),
        ("kv/data/+/db", VAULT, "kv/data/pay/db", True),
        ("kv/data/+/db", VAULT, "kv/data/a/b/db", False),
        ("kv/data/a+b", VAULT, "kv/data/a+b", True),
        ("kv/data/a+b", VAULT, "kv/data/axb", False),
        ("kv/*/db", VAULT, "kv/x/db", False),
        ("arn:*:secret:pay/*", GLOB, "arn:aws:secret:pay/db-x1", True),
        ("arn:aws:secret:pay?", GLOB, "arn:aws:secret:pay1", True),
        ("arn:aws:secret:pay?", GLOB, "arn:aws:secret:pay12", False),
        ("a.b", GLOB, "axb", False),
        ("*", GLOB, "line\nbreak", True),
        ("kv/*", EXACT, "kv/x", False),
        ("kv/*", EXACT, "kv/*", True),
    ],
)
def test_a_pattern_is_read_as_its_store_reads_it(pattern, matching, address, expected):
    assert fits(pattern, matching, address) is expected
    if expected:
        assert literal_prefix(pattern, matching) in prefixes(address)


def test_of_vault_policies_only_the_most_specific_pattern_counts():
    rules = [rule("kv/data/*", "read", "write"), rule("kv/data/pay/*", "list")]

    assert allowed(rules, "kv/data/pay/db").certain == {Capability.LIST}
    assert allowed(rules, "kv/data/web/db").certain == {Capability.READ, Capability.WRITE}


def test_of_vault_policies_the_same_pattern_adds_up_and_a_denial_beats_it():
    rules = [rule("kv/data/pay/*", "read"), rule("kv/data/pay/*", "write")]
    everything = rule("kv/data/pay/*", *Capability, deny=True)

    assert allowed(rules, "kv/data/pay/db").certain == {Capability.READ, Capability.WRITE}
    assert allowed([*rules, everything], "kv/data/pay/db").certain == frozenset()


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("kv/+/pay/*", "kv/data/pay/*"),  # The first wildcard comes earlier.
        ("kv/data/+/*", "kv/data/+/db"),  # It ends with a glob.
        ("kv/data/+/+/x", "kv/data/+/pay/x"),  # It has more segments that stand for anything.
        ("kv/data/p*", "kv/data/pay*"),  # It is shorter.
    ],
)
def test_vaults_order_of_specific_patterns(weaker, stronger):
    address = {"kv/data/+/+/x": "kv/data/a/pay/x"}.get(weaker, "kv/data/pay/db")
    rules = [rule(weaker, "read"), rule(stronger, "list")]

    assert fits(weaker, VAULT, address)
    assert fits(stronger, VAULT, address)
    assert allowed(rules, address).certain == {Capability.LIST}
    assert allowed(rules[::-1], address).certain == {Capability.LIST}


def test_elsewhere_grants_add_up_and_a_denial_beats_them():
    rules = [rule("a/*", "read", matching=GLOB), rule("a/b", "write", matching=EXACT)]
    denied = rule("*", "read", matching=GLOB, deny=True)

    assert allowed(rules, "a/b").certain == {Capability.READ, Capability.WRITE}
    assert allowed([*rules, denied], "a/b").certain == {Capability.WRITE}


def test_under_a_condition_nobody_knows():
    may = rule("a", "read", matching=EXACT, condition="only from the office")
    perhaps_not = rule("a", "read", matching=EXACT, deny=True, condition="without a second factor")

    assert allowed([may], "a").can(Capability.READ) is None
    assert allowed([rule("a", "read", matching=EXACT), may], "a").can(Capability.READ) is True
    assert allowed([rule("a", "read", matching=EXACT), perhaps_not], "a").can(Capability.READ) is None
    assert allowed([], "a").can(Capability.READ) is False


def test_of_vault_policies_a_rule_under_a_condition_hides_no_certain_one():
    rules = [rule("kv/data/*", "read"), rule("kv/data/pay/*", "write", condition="for whom the template names")]

    both = allowed(rules, "kv/data/pay/db")

    assert (both.can(Capability.READ), both.can(Capability.WRITE)) == (True, None)
    assert allowed(rules[1:], "kv/data/pay/db").can(Capability.WRITE) is None


def test_admin_can_do_everything():
    assert allowed([rule("*", "admin", matching=GLOB)], "a").can(Capability.READ) is True


@pytest.mark.parametrize("pattern", ["*a" * 200 + "b", "?*" * 300 + "b", "*" * 5000 + "b"])
def test_a_hostile_pattern_costs_no_time(pattern):
    assert not fits(pattern, GLOB, "a" * 3000)
