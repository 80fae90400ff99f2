"""A real browser on the site as it runs: every page opened through ``tab`` is watched, and the test fails at its end if
one broke the Content-Security-Policy, asked another host for anything, or threw.

    def test_something(tab, live_server):
        page = tab()                                  # 1280 px, light, with JavaScript; see ``Tabs.__call__``
        page.goto("/events/")                         # relative to the live server
        assert serious(page) == []                    # axe: from tests.browser.conftest import serious

Put ``pytestmark = BROWSER`` on a module: it marks for Chromium, a database that other threads see, and one xdist
worker.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import CHROMIUM

BROWSER = [
    pytest.mark.needs_chromium,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
# How a page looks and is used does not depend on where its rows come from: once is enough.
LOOKS = [*BROWSER, pytest.mark.only_sqlite]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Chromium says on the console what the policy stopped, but this event says which directive.
LISTEN = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


class Tabs:
    """Opens pages and remembers what went wrong in them; *wrongs* are sentences."""

    def __init__(self, browser: Browser, server: LiveServer) -> None:
        self.browser, self.server = browser, server
        self.wrongs: list[str] = []
        #: Origins that a page may lead to besides, for a journey that leaves the site.
        self.elsewhere: list[str] = []
        self._contexts: list[Any] = []

    def __call__(
        self,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        javascript: bool = True,
        language: str = "en-GB",
        position: tuple[float, float] | None = None,
        **options: Any,
    ) -> Page:
        """A page of its own, with no cookies. *position* is given to the site that asks for it, in degrees."""
        if position:
            place = {"latitude": position[0], "longitude": position[1]}
            options |= {"geolocation": place, "permissions": ["geolocation"]}
        context = self.browser.new_context(
            base_url=self.server.url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale=language,
            **options,
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = context.new_page()
        if javascript:
            page.add_init_script(LISTEN)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.wrongs.append(f"thrown: {error}"))
        page.on("request", self._asked)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text or message.text.startswith("CSP "):
            self.wrongs.append(message.text)

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        ours = (self.server.url, *self.elsewhere)
        if parts.scheme in ("http", "https", "ws", "wss") and not request.url.startswith(ours):
            self.wrongs.append(f"asked for {request.url}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, once for the run."""
    # Playwright keeps an event loop in this thread, in which Django would refuse to ask the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def tab(browser: Browser, live_server: LiveServer) -> Iterator[Tabs]:
    """Opens watched pages on the live server; the test fails if anything was amiss in one."""
    tabs = Tabs(browser, live_server)
    yield tabs
    tabs.close()
    assert tabs.wrongs == []


def serious(page: Page, leave_out: Sequence[str] = (), only: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong with *page* as it stands, one line a place; *leave_out* and *only* are ids of rules."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    options = {
        "runOnly": {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": RULES},
        "resultTypes": ["violations"],
        "rules": {name: {"enabled": False} for name in leave_out},
    }
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
