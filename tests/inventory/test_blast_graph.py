"""The picture of what a value opens keeps its boxes apart, inside, and few."""

import pytest

from inventory.blast_graph import MOST_BOXES, Branch, blast_graph, some
from inventory.place_graph import HEIGHT, Place


def tree(*widths):
    """A tree in which each level's boxes all have so many below them."""
    if not widths:
        return Branch(Place("leaf", "line"))
    return Branch(Place("node", "line"), [tree(*widths[1:]) for _ in range(widths[0])])


def overlap(first, second):
    return not (
        first.x + first.width <= second.x
        or second.x + second.width <= first.x
        or first.y + HEIGHT <= second.y
        or second.y + HEIGHT <= first.y
    )


def test_a_value_that_leads_nowhere_has_no_picture():
    assert blast_graph(tree(), "words") is None


@pytest.mark.parametrize("widths", [(1,), (6,), (3, 4), (2, 2, 2), (2, 2, 2, 2), (1, 1, 1, 1, 1, 1), (60,), (9, 9)])
def test_boxes_never_overlap_and_stay_inside(widths):
    graph = blast_graph(tree(*widths), "words")

    for drawing in (graph.wide, graph.narrow):
        boxes = drawing.boxes
        assert len(boxes) <= MOST_BOXES
        assert len(drawing.edges) == len(boxes) - 1
        assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in boxes)
        assert all(box.y >= 0 and box.y + HEIGHT <= drawing.height for box in boxes)
        assert all(box.width >= 100 for box in boxes)
        assert not any(overlap(one, two) for one in boxes for two in boxes if one is not two)


def test_what_does_not_fit_is_counted():
    graph = blast_graph(tree(60), "words")

    assert graph.wide.boxes[-2].title == "22 more" or any(box.title == "22 more" for box in graph.wide.boxes)


def test_the_first_branches_are_kept_and_the_rest_counted():
    branches = [Branch(Place(str(number), "")) for number in range(9)]

    assert [each.place.title for each in some(branches, 4, "")] == ["0", "1", "2", "6 more"]
    assert some(branches, 9, "") == branches
