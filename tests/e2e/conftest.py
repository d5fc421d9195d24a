"""A real browser that notices what a person would not: policy violations, script errors, requests to strangers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.services.process import missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A browser that asks its maker for nothing, and that starts as root in a container.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP, PHONE = 1440, 390


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium for the whole run."""
    binary = next((found for name in NAMES if (found := shutil.which(name))), None)
    if binary is None:
        missing("Chromium", "chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=binary, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """What went wrong in a browser's pages; a test that expects something clears it."""

    origin: str
    problems: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Listen to every page of the context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("request", self._request)
        # `dialog` waits for an answer: whoever asked with one gets none.
        context.on("dialog", lambda dialog: (self.problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _console(self, message: ConsoleMessage) -> None:
        # An answer that says 404 is logged by the browser too; the test looks at the answer itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.problems.append(f"request to a stranger: {request.url}")


@pytest.fixture
def watch(live_server: Any) -> Iterator[Watch]:
    """The problems of this test's pages; any that is left at the end fails the test."""
    one = Watch(live_server.url)
    yield one
    assert not one.problems, "\n".join(one.problems)


@pytest.fixture
def visit(browser: Browser, live_server: Any, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody: `visit("/path", user, width=390, dark=True, javascript=False)`.

    Without a user nobody is signed in. Each call is a browser profile of its own.
    """
    contexts = []

    def open_page(
        path: str, user: Any = None, *, width: int = DESKTOP, dark: bool = False, javascript: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900 if width > 600 else 844},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        watch.follow(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        answer = page.goto(path, wait_until="networkidle")
        assert answer is not None
        assert answer.status < 500, f"{path} answered {answer.status}"
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fail with axe's report when a page has violations; and when it scrolls sideways."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{page.url} is {wider} pixels wider than the window"

    return check
