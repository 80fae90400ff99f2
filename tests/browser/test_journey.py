"""The whole way of a festival-goer on a phone: real pages, a real worker, and the simulated festival over HTTP."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models import F
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from planner.models import Entry, Link
from planner.vocabulary import Side
from tests.browser.conftest import BROWSER, Tabs
from tests.conftest import TOKEN_KEY
from tests.crew import crew
from tests.factories import make_source
from tests.planner.festival import FakeFestival, festival_running

pytestmark = BROWSER
PASSWORD = "en lång mening om vinter"
PATIENCE = 60


@pytest.fixture(name="festival")
def _festival(
    settings: Any,
    live_server: LiveServer,
    process_environ: Mapping[str, str],
    tmp_path: Path,
) -> Iterator[FakeFestival]:
    """The demo as ``make run`` sets it up: outbox, simulated festival at the real time, and a worker of its own."""
    settings.DEMO = True
    settings.SITE_URL = live_server.url
    settings.TOKEN_KEYS = (TOKEN_KEY,)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    own = {name: os.environ[name] for name in ("VAR_DIR", "REDIS_URL") if name in os.environ}
    with festival_running(now=None) as festival:
        festival.point(settings)
        make_source()
        festival.list_showings()
        upstream = festival.simulation.environment()
        with crew(
            process_environ, tmp_path, upstream, DJANGO_SETTINGS_MODULE="aggregator.settings", **own
        ) as processes:
            processes.empty_broker()
            processes.start("worker")
            yield festival


@pytest.mark.parametrize("javascript", [True, False], ids=["with_javascript", "without_javascript"])
def test_from_the_first_plan_to_the_last_goodbye(tab: Tabs, festival: FakeFestival, javascript: bool) -> None:
    tab.elsewhere.append(festival.simulation.base_url)
    page = tab(width=390, height=844, javascript=javascript)
    ours, theirs, late = (festival.showing(at) for at in (0, 1, 2))
    festival.elsewhere("demo").put(theirs.external_id, Side.TICKET)

    _plan(page, ours)
    _sign_up(page)
    assert Entry.objects.get().showing_id == ours.pk  # what was planned before is the account's
    _expect_planned(page, ours)

    _link(page)
    _until(
        page,
        lambda: festival.there("demo") == {ours.external_id: Side.PLAIN, theirs.external_id: Side.TICKET},
    )
    _until(page, lambda: _planned(page, theirs), _day_of(theirs))
    _until(page, lambda: page.get_by_text("In step with the festival").is_visible(), "/planner/")

    page.get_by_role("link", name="The festival's own planner").click()
    page.get_by_label("Event").select_option(late.external_id)
    page.get_by_role("button", name="Add").click()
    Link.objects.update(pulled_at=F("pulled_at") - timedelta(minutes=2))  # the page reads anew after a minute
    _until(page, lambda: _planned(page, late), _day_of(late))
    assert page.locator(".plan-step").first.inner_text() == "✓ In step"

    _unlink(page)
    _expect_planned(page, late)
    _delete(page)
    assert not get_user_model().objects.exists()
    assert not Entry.objects.exists()
    page.goto("/planner/")
    expect(page.get_by_text("Your plan is empty.")).to_be_visible()
    assert set(festival.there("demo")) == {one.external_id for one in (ours, theirs, late)}


def _plan(page: Page, showing: Any) -> None:
    """On the event's page, as somebody nobody knows."""
    page.goto(f"/events/{showing.event_id}-/")
    _holds(page)
    page.get_by_role("button", name="Add ").first.click()
    page.get_by_role("button", name="Add to plan").click()
    expect(page.get_by_role("button", name="from your plan").first).to_contain_text("In your plan")


def _sign_up(page: Page) -> None:
    page.get_by_role("link", name="My plan").click()
    _holds(page)
    page.get_by_role("link", name="make an account").click()
    page.get_by_label("Email").fill("vera@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign Up").click()
    _holds(page)
    outbox = page.context.new_page()
    outbox.goto("/accounts/outbox/")
    code = re.search(
        r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", outbox.locator(".letter").first.inner_text(), re.M
    )
    assert code is not None
    outbox.close()
    page.get_by_label("Code").fill(code[1])
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/planner/")


def _link(page: Page) -> None:
    page.get_by_role("link", name="Link your festival account").click()
    _holds(page)
    page.get_by_role("button", name="Link my account").click()
    _holds(page)
    page.get_by_role("link", name="Continue").click()
    page.get_by_label("User").fill("demo")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/planner/")
    expect(page.locator(".notice[role=status]").first).to_contain_text("Your account is linked.")


def _unlink(page: Page) -> None:
    page.goto("/planner/link/")
    page.get_by_role("button", name="Unlink").click()
    expect(page.locator(".notice[role=status]").first).to_contain_text(
        "no longer linked. Your plan stays here."
    )
    assert not Link.objects.exists()


def _delete(page: Page) -> None:
    page.goto("/accounts/")
    _holds(page)
    page.get_by_role("link", name="Delete the account").click()
    _holds(page)
    page.get_by_label("Password").fill(PASSWORD)  # the sign-up did not prove who sits here now
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Delete the account").click()
    expect(page.locator(".notice[role=status]")).to_contain_text(
        "Your account and everything in it are gone."
    )


def _day_of(showing: Any) -> str:
    return f"/planner/?day={showing.local_start_date}"


def _planned(page: Page, showing: Any) -> bool:
    return page.locator(".plan-title", has_text=str(showing.event)).count() > 0


def _expect_planned(page: Page, showing: Any) -> None:
    page.goto(_day_of(showing))
    assert _planned(page, showing)
    _holds(page)


def _until(page: Page, condition: Callable[[], bool], path: str = "") -> None:
    """Look again, as a person does, until the worker has done its part."""
    for _ in range(PATIENCE * 4):
        if path:
            page.goto(path)
        if condition():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"it never came: {page.locator('main').inner_text()}")


def _holds(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.locator("html").evaluate("box => box.scrollWidth - box.clientWidth") <= 0, page.url
