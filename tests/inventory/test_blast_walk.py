"""The walk from a lost value: it goes on while something new is reached, and says where it stopped."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from inventory.blast_radius import DEEPEST, MOST_PRINCIPALS, Group, Lead, Login, Reach, walk


class Told:
    """Facts as a test says them: value → principals, and principal → values that it can read."""

    def __init__(self, lets_in, reads=None, reaches=None):
        self.lets_in, self.reads, self.told = lets_in, reads or {}, reaches or {}

    def logins(self, credentials):
        return [Login(value, who, 0, "") for value in credentials for who in self.lets_in.get(value, ())]

    def reaches(self, principals):
        return [self.told[who] for who in principals if who in self.told]

    def leads(self, principals):
        return [Lead(who, 0, value) for who in principals for value in self.reads.get(who, ())]


def reached(found):
    return [(step.depth, step.login.principal) for step in found.steps]


def chain(length):
    """A value lets somebody in who reads the next value."""
    return Told({n: [100 + n] for n in range(length)}, {100 + n: [n + 1] for n in range(length)})


def test_a_value_that_lets_nobody_in_leads_nowhere():
    found = walk([0], Told({}))

    assert found.steps == ()
    assert not found.is_cut


def test_each_step_remembers_what_was_read_to_take_it():
    found = walk([0], chain(2))

    assert reached(found) == [(1, 100), (2, 101)]
    assert found.steps[0].through is None
    assert found.steps[1].through == Lead(100, 0, 1)


def test_a_circle_of_values_ends():
    found = walk([0], Told({0: [100], 1: [101]}, {100: [1], 101: [0, 1]}))

    assert reached(found) == [(1, 100), (2, 101)]
    assert found.values == {1}
    assert not found.is_cut


def test_the_walk_says_that_it_leads_further_than_it_was_followed():
    assert walk([0], chain(DEEPEST)).is_cut is False
    assert walk([0], chain(DEEPEST + 1)).is_cut is True
    assert len(walk([0], chain(DEEPEST + 1)).steps) == DEEPEST


def test_more_principals_than_are_followed_are_said_to_be_left_out():
    wide = Told({0: list(range(100, 100 + MOST_PRINCIPALS + 1))})

    found = walk([0], wide)

    assert len(found.steps) == MOST_PRINCIPALS
    assert found.is_cut


def test_rights_that_nobody_told_are_not_none():
    found = walk([0], Told({0: [100]}))

    assert found.steps[0].reach.why_unknown
    assert found.environments == {""}
    assert found.is_powerful_in("production") is None


def in_production(**rights):
    return Reach(100, Counter({Group("production", None): 3}), **rights)


def test_power_counts_where_its_holder_is_let_in():
    everywhere = walk([0], Told({0: [100]}, reaches={100: in_production(admin=True, wildcard=False)}))
    elsewhere = Reach(100, Counter({Group("test", None): 3}), admin=True, wildcard=False)
    tests_alone = walk([0], Told({0: [100]}, reaches={100: elsewhere}))
    limited = walk([0], Told({0: [100]}, reaches={100: in_production(admin=False, wildcard=False)}))

    assert everywhere.is_powerful_in("production") is True
    assert tests_alone.is_powerful_in("production") is False
    assert limited.is_powerful_in("production") is False


def test_power_on_one_step_and_production_on_another_are_not_one():
    reaches = {
        100: Reach(100, Counter({Group("test", None): 1}), admin=True, wildcard=True),
        101: Reach(101, Counter({Group("production", None): 1}), admin=False, wildcard=False),
    }

    found = walk([0], Told({0: [100, 101]}, reaches=reaches))

    assert found.environments == {"test", "production"}
    assert found.is_powerful_in("production") is False


@given(
    st.dictionaries(st.integers(0, 9), st.lists(st.integers(100, 109), max_size=4)),
    st.dictionaries(st.integers(100, 109), st.lists(st.integers(0, 9), max_size=4)),
)
def test_everything_within_the_depth_is_reached_once_and_by_the_shortest_way(lets_in, reads):
    found = walk([0], Told(lets_in, reads))

    depth_of, values = {}, {0}
    for depth in range(1, DEEPEST + 1):
        new = {who for value in values for who in lets_in.get(value, ())} - depth_of.keys()
        depth_of |= dict.fromkeys(new, depth)
        values |= {value for who in new for value in reads.get(who, ())}
    further = {who for value in values for who in lets_in.get(value, ())} - depth_of.keys()
    assert {step.login.principal: step.depth for step in found.steps} == depth_of
    assert len(found.steps) == len(depth_of)
    assert found.is_cut == bool(further)
