"""The frame around every page, in a real browser; and that the browser notices what it should."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_sign_in_page_is_accessible_and_asks_nobody_else(visit, accessible, width: int, dark: bool) -> None:
    page = visit("/sign-in/", width=width, dark=dark)

    accessible(page)
    assert page.title()


def test_pages_read_without_javascript(visit) -> None:
    page = visit("/sign-in/", javascript=False)

    assert page.get_by_role("button").first.is_visible()


def test_w8_a_script_in_the_page_is_refused_and_noticed(visit, watch) -> None:
    page = visit("/sign-in/")

    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))"
    )

    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in problem for problem in watch.problems)
    watch.problems.clear()


def test_a_request_to_a_stranger_is_noticed(visit, watch) -> None:
    page = visit("/sign-in/")

    page.evaluate("fetch('http://192.0.2.1/').catch(() => null)")

    assert watch.problems
    watch.problems.clear()


def test_a_page_with_a_barrier_is_noticed(visit, accessible) -> None:
    page = visit("/sign-in/")
    page.evaluate("document.body.append(document.createElement('img'))")

    with pytest.raises(AssertionError, match="accessibility violations"):
        accessible(page)
