"""The picture of what a value opens: a tree from the value over whom it lets in to what these can read. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inventory.place_graph import GAP, HEIGHT, NARROW, WIDE, Box, Drawing, Edge, Place, PlaceGraph

MOST_BOXES = 40
COLUMNS = 4
"""More columns than these and the wide picture is indented as the narrow one, so that names stay readable."""
_BETWEEN, _INDENT, _CLOSE = 28, 22, 8


@dataclass
class Branch:
    """A box and what it leads to."""

    place: Place
    branches: list[Branch] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How many columns it takes."""
        return 1 + max((each.depth for each in self.branches), default=0)

    @property
    def boxes(self) -> int:
        """How many boxes it is made of."""
        return 1 + sum(each.boxes for each in self.branches)


def blast_graph(root: Branch, words: str) -> PlaceGraph | None:
    """Draw the tree for a wide and a narrow page; None where it would say nothing."""
    if not root.branches:
        return None
    root = _cut(root)
    depth = root.depth
    return PlaceGraph(_columns(root) if depth <= COLUMNS else _indented(root, WIDE), _indented(root, NARROW), words)


def _cut(root: Branch) -> Branch:
    """Leave out what does not fit, the deepest first, and say how much that is."""
    kept = Branch(root.place)
    left = MOST_BOXES - 1
    level: list[tuple[Branch, Branch]] = [(root, kept)]
    while level:
        following: list[tuple[Branch, Branch]] = []
        for told, shown in level:
            if not told.branches:
                continue
            # One box is kept for what is left out.
            fitting = told.branches if len(told.branches) <= left else told.branches[: max(0, left - 1)]
            shown.branches = [Branch(each.place) for each in fitting]
            missing = len(told.branches) - len(fitting)
            if missing and left:
                shown.branches.append(Branch(Place(f"{missing} more", "in the table", "gone")))
            left = max(0, left - len(shown.branches))
            following += zip(fitting, shown.branches, strict=False)
        level = following
    return kept


def _columns(root: Branch) -> Drawing:
    depth = root.depth
    width = (WIDE - 1 - (depth - 1) * _BETWEEN) // depth
    drawing = Drawing(WIDE)
    rows = 0

    def place(branch: Branch, column: int) -> float:
        nonlocal rows
        x = 0.5 + column * (width + _BETWEEN)
        if branch.branches:
            middles = [place(each, column + 1) for each in branch.branches]
            middle = (middles[0] + middles[-1]) / 2
        else:
            middle = rows * (HEIGHT + GAP) + HEIGHT / 2 + 1
            middles = []
            rows += 1
        drawing.boxes.append(Box(branch.place, x, middle - HEIGHT / 2, width))
        begin, end = x + width, x + width + _BETWEEN
        half = (begin + end) / 2
        for there, each in zip(middles, branch.branches, strict=True):
            path = f"M{begin} {middle}C{half} {middle} {half} {there} {end} {there}"
            drawing.edges.append(Edge(path, each.place.tone))
        return middle

    place(root, 0)
    drawing.height = rows * (HEIGHT + GAP) - GAP + 2
    return drawing


def _indented(root: Branch, width: int) -> Drawing:
    drawing = Drawing(width)
    y = 0.5

    def place(branch: Branch, level: int) -> float:
        nonlocal y
        x, own = 0.5 + level * _INDENT, y
        drawing.boxes.append(Box(branch.place, x, own, width - 1 - level * _INDENT))
        y += HEIGHT + _CLOSE
        for each in branch.branches:
            middle = place(each, level + 1) + HEIGHT / 2
            drawing.edges.append(Edge(f"M{x + 10} {own + HEIGHT}V{middle}H{x + _INDENT}", each.place.tone))
        return own

    place(root, 0)
    drawing.height = y - _CLOSE + 1
    return drawing


def some(branches: Sequence[Branch], most: int, left_out: str) -> list[Branch]:
    """Return the first branches, and a box that says how many more there are."""
    if len(branches) <= most:
        return list(branches)
    return [*branches[: most - 1], Branch(Place(f"{len(branches) - most + 1} more", left_out, "gone"))]


__all__ = ["COLUMNS", "MOST_BOXES", "Branch", "blast_graph", "some"]
