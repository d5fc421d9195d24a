"""The picture of where a credential stands: stores at the left, places outside a store at the right. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

# More boxes than this a side and the table below says it better.
MOST = 6
HEIGHT, GAP = 44, 14
WIDE, SIDE, MIDDLE = 720, 228, 168
NARROW, INDENT = 326, 28
# Letters of 12 pixels that fit into a box, measured with a wide font.
FITTING = 30


@dataclass(frozen=True)
class Place:
    """One box: what it is called, a line below, and how it is judged."""

    title: str
    line: str
    tone: str = ""
    """hot: needs action. gone: history only, dashed. Both may stand together."""


@dataclass(frozen=True)
class Box:
    """A place with its coordinates."""

    place: Place
    x: float
    y: float
    width: int

    @property
    def title(self) -> str:
        """The name as far as it fits."""
        return _fitting(self.place.title, self.width)

    @property
    def line(self) -> str:
        """The line below as far as it fits."""
        return _fitting(self.place.line, self.width)

    @property
    def text_x(self) -> float:
        """Where text begins."""
        return self.x + 10

    @property
    def title_y(self) -> float:
        """The name's base line."""
        return self.y + 18

    @property
    def line_y(self) -> float:
        """The lower line's base line."""
        return self.y + 34


@dataclass(frozen=True)
class Edge:
    """A line between two boxes."""

    path: str
    tone: str


@dataclass(frozen=True)
class Label:
    """Words above a column of boxes."""

    words: str
    x: float
    y: float


@dataclass
class Drawing:
    """One drawing for one width."""

    width: int
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


@dataclass(frozen=True)
class PlaceGraph:
    """The same picture for a wide and a narrow page, and in words."""

    wide: Drawing
    narrow: Drawing
    words: str


def place_graph(subject: Place, stores: Sequence[Place], places: Sequence[Place]) -> PlaceGraph | None:
    """Draw a credential between what holds it and where it is out; None where a picture would say nothing."""
    if len(stores) + len(places) < 2 or max(len(stores), len(places)) > MOST:
        return None
    words = f"Stored in {len(stores)}, outside a store in {len(places)}"
    return PlaceGraph(_wide(subject, stores, places), _narrow(subject, stores, places), words)


def _fitting(text: str, width: int) -> str:
    most = int(FITTING * (width - 20) / (SIDE - 20))
    return text if len(text) <= most else text[: most - 1] + "…"


def _wide(subject: Place, stores: Sequence[Place], places: Sequence[Place]) -> Drawing:
    rows = max(len(stores), len(places), 1)
    height = 28 + rows * HEIGHT + (rows - 1) * GAP + 2
    drawing = Drawing(WIDE, height)
    left = 0.5 if stores else None
    centre_x = (WIDE - MIDDLE) / 2 if stores else 0.5
    centre_y = 28 + (height - 30 - HEIGHT) / 2
    middle = centre_y + HEIGHT / 2
    for column, x, towards_left in ((stores, left, True), (places, WIDE - SIDE - 0.5, False)):
        top = 28 + (height - 30 - len(column) * HEIGHT - (len(column) - 1) * GAP) / 2
        for number, place in enumerate(column):
            box = Box(place, x or 0.5, top + number * (HEIGHT + GAP), SIDE)
            begin, end = (box.x + SIDE, centre_x) if towards_left else (centre_x + MIDDLE, box.x)
            here = box.y + HEIGHT / 2
            first, last = (here, middle) if towards_left else (middle, here)
            half = (begin + end) / 2
            drawing.edges.append(Edge(f"M{begin} {first}C{half} {first} {half} {last} {end} {last}", place.tone))
            drawing.boxes.append(box)
    if stores:
        drawing.labels.append(Label("Stored in", 0, 12))
    if places:
        drawing.labels.append(Label("Stands outside a store in", WIDE - SIDE, 12))
    drawing.boxes.append(Box(Place(subject.title, subject.line, "me"), centre_x, centre_y, MIDDLE))
    return drawing


def _narrow(subject: Place, stores: Sequence[Place], places: Sequence[Place]) -> Drawing:
    drawing = Drawing(NARROW)
    drawing.boxes.append(Box(Place(subject.title, subject.line, "me"), 0.5, 0.5, NARROW - 1))
    y: float = HEIGHT
    for words, column in (("Stored in", stores), ("Stands outside a store in", places)):
        if not column:
            continue
        drawing.labels.append(Label(words, INDENT, y + 26))
        y += 38
        for place in column:
            drawing.boxes.append(Box(place, INDENT + 0.5, y, NARROW - INDENT - 1))
            drawing.edges.append(Edge(f"M12 {HEIGHT}V{y + HEIGHT / 2}H{INDENT}", place.tone))
            y += HEIGHT + 8
    drawing.height = y
    return drawing
