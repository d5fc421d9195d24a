"""Pages by key show what pages by number would, and stay where they are when rows come and go."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Case, IntegerField, Value, When
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.keyset import BadCursor, Key, Order, paginate
from inventory.models import Exposure
from tests.factories import AssetFactory, CredentialFactory, ExposureFactory

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = {
    "newest": Order((Key("first_at", datetime, descending=True),), descending_ids=True),
    "path": Order((Key("path"),)),
    "worst": Order((Key("rank", int), Key("first_at", datetime, descending=True))),
    "id": Order(()),
}


def ranked():
    rank = Case(
        When(place="tip", then=Value(0)),
        When(place="ref", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return Exposure.objects.annotate(rank=rank)


def walk(order, size, *, backwards=False):
    """Return all rows page by page, to the end and, backwards, to the start again."""
    page = paginate(ranked(), order, size=size)
    pages = [page]
    while page.after:
        page = paginate(ranked(), order, after=page.after, size=size)
        pages.append(page)
    if backwards:
        back = [page]
        while page.before:
            page = paginate(ranked(), order, before=page.before, size=size)
            back.append(page)
        return back
    return pages


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["tip", "ref", "history"]), st.text("aB/é_\u202e", max_size=3)),
        max_size=23,
    ),
    size=st.integers(1, 7),
    name=st.sampled_from(sorted(ORDERS)),
)
def test_pages_by_key_equal_pages_by_number(rows, size, name):
    asset = AssetFactory()
    for day, place, path in rows:
        ExposureFactory(
            asset=asset, credential=CredentialFactory(), path=path, place=place, first_at=START + timedelta(days=day)
        )
    order = ORDERS[name]
    expected = list(ranked().order_by(*order.by()))

    pages = walk(order, size)
    back = walk(order, size, backwards=True)

    assert [row for page in pages for row in page.rows] == expected
    assert all(len(page.rows) == size for page in pages[:-1])
    assert [page.rows for page in pages[:-1]] == [
        expected[start : start + size] for start in range(0, max(0, (len(pages) - 1) * size), size)
    ]
    assert back[-1].rows == expected[:size]
    assert {row for page in back for row in page.rows} == set(expected)
    Exposure.objects.all().delete()


def test_a_page_stays_where_it_is_when_rows_come_and_go():
    rows = [ExposureFactory(first_at=START + timedelta(days=day)) for day in range(6)]
    order = ORDERS["newest"]
    first = paginate(Exposure.objects.all(), order, size=2)

    ExposureFactory(first_at=START + timedelta(days=9))
    first.rows[-1].delete()
    second = paginate(Exposure.objects.all(), order, after=first.after, size=2)

    assert second.rows == [rows[3], rows[2]]


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!", "W10", "bnVsbA", "WzEsMl0", "WyJ4IiwxXQ", "WyIyMDI2LTAxLTAxIiwxXQ", "W3RydWUsdHJ1ZV0", "[" * 5000],
)
def test_w7_a_made_up_place_is_refused(cursor):
    with pytest.raises(BadCursor):
        paginate(Exposure.objects.all(), ORDERS["newest"], after=cursor)


def test_w27_an_id_in_an_address_is_the_viewers_own():
    ExposureFactory.create_batch(3)
    order = Order(
        (),
        write_id=lambda pk: f"own-{pk}",
        read_id=lambda given: int(given[4:]) if str(given).startswith("own-") else None,
    )

    page = paginate(Exposure.objects.all(), order, size=2)

    assert len(paginate(Exposure.objects.all(), order, after=page.after, size=2).rows) == 1
    with pytest.raises(BadCursor):
        paginate(Exposure.objects.all(), order, after=Order(()).cursor(page.rows[-1]), size=2)
