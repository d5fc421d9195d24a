"""Environment by environment, as pure functions."""

from collections import Counter

from inventory.environment_matrix import MOST, in_order, matrix, pairs_of


def link(names):
    return "/".join(names) or "-"


def test_a_thing_counts_once_for_each_pair_of_its_environments_and_within_only_where_it_stands_often_enough():
    groups = [({"a": 1, "b": 2}, 3), ({"a": 2}, 1), ({"c": 1}, 5)]

    assert pairs_of(groups, least_within=2) == Counter({("a", "b"): 3, ("b", "b"): 3, ("a", "a"): 1})
    assert pairs_of(groups, least_within=1)["c", "c"] == 5


def test_environments_stand_from_production_down_and_what_is_not_known_last():
    assert in_order(["", "zeta", "development", "alpha", "production"]) == [
        "production",
        "development",
        "alpha",
        "zeta",
        "",
    ]


def test_both_halves_of_the_table_say_the_same_and_zero_leads_nowhere():
    table = matrix(Counter({("a", "b"): 2}), ["a", "b", "c"], link)

    cells = {(cell.row.name, cell.column.name): (cell.count, cell.url) for _, row in table.rows for cell in row}
    assert cells["a", "b"] == (2, "a/b")
    assert cells["b", "a"] == (2, "b/a")
    assert cells["a", "c"] == (0, "")
    assert table.worst.count == 2


def test_colour_follows_how_much_crosses_a_border_and_never_what_is_not_known():
    pairs = Counter({("a", "b"): 10, ("a", "c"): 2, ("a", "a"): 900, ("", "a"): 50})

    table = matrix(pairs, ["a", "b", "c", ""], link)

    tones = {(cell.row.name, cell.column.name): cell.tone for _, row in table.rows for cell in row}
    assert (tones["a", "b"], tones["a", "c"], tones["a", "a"]) == ("f", "d", "d")
    assert (tones["b", "c"], tones["a", ""], tones["", "b"]) == ("c", "unk", "unk")


def test_where_nothing_known_is_shared_there_is_no_worst():
    assert matrix(Counter({("", "a"): 5, ("a", "a"): 4}), ["a", ""], link).worst is None


def test_with_too_many_environments_those_that_share_most_stay_and_the_others_are_counted():
    names = ["production", *(f"e{number:02}" for number in range(20))]
    pairs = Counter({("e18", "e19"): 7})

    table = matrix(pairs, names, link)

    shown = [each.name for each in table.environments]
    assert len(shown) == MOST
    assert {"production", "e18", "e19"} <= set(shown)
    assert table.left_out == 21 - MOST
