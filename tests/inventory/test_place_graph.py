"""The picture of where a credential stands keeps its boxes apart and says nothing where there is nothing to say."""

from inventory.place_graph import HEIGHT, MOST, Place, place_graph


def many(number, tone=""):
    return [Place(f"place {each}", "config.py:1", tone) for each in range(number)]


SUBJECT = Place("Access token", "production")


def test_one_place_or_too_many_are_left_to_the_table():
    assert place_graph(SUBJECT, [], many(1)) is None
    assert place_graph(SUBJECT, [], many(MOST + 1)) is None


def test_boxes_never_overlap_and_stay_inside():
    for stores in range(MOST + 1):
        for places in range(MOST + 1):
            graph = place_graph(SUBJECT, many(stores), many(places))
            if graph is None:
                continue
            for drawing in (graph.wide, graph.narrow):
                boxes = drawing.boxes
                assert len(boxes) == stores + places + 1
                assert len(drawing.edges) == stores + places
                assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in boxes)
                assert all(box.y >= 0 and box.y + HEIGHT <= drawing.height + 1 for box in boxes)
                for first in boxes:
                    for second in boxes:
                        apart = (
                            first is second
                            or first.x + first.width <= second.x
                            or second.x + second.width <= first.x
                            or first.y + HEIGHT <= second.y
                            or second.y + HEIGHT <= first.y
                        )
                        assert apart


def test_long_names_are_cut_to_their_box():
    graph = place_graph(SUBJECT, [Place("x" * 300, "y" * 300)], many(1))

    assert graph is not None
    assert all(len(box.title) < 50 for box in graph.wide.boxes + graph.narrow.boxes)
    assert graph.wide.boxes[0].title.endswith("…")
