"""Where the keyboard is: never under a header that stays at the top, and never lost with what was replaced."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import LOOKS, Tabs
from tests.factories import NOW

pytestmark = LOOKS

FOCUSED = "document.activeElement.id || document.activeElement.tagName"
#: Gives the focus to every link of the programme from the last to the first, as the keyboard does going back, and names
#: those that then stand under the header of a day.
HIDDEN = """async () => {
  const found = [];
  for (const link of [...document.querySelectorAll('.showing-title a')].reverse()) {
    link.focus();
    await new Promise(requestAnimationFrame);
    const box = link.getBoundingClientRect();
    const head = link.closest('.day').querySelector('.day-head').getBoundingClientRect();
    if (box.top < head.bottom) found.push(link.textContent);
  }
  return found;
}"""


@pytest.fixture(autouse=True)
def _programme(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    for number in range(20):
        factories.make_showing(
            factories.make_event(f"Natt {number}", is_free=number % 2 == 0),
            venue=factories.make_venue(city="Lund" if number % 2 else "Ystad"),
            starts_at=NOW + timedelta(hours=1, minutes=number),
        )
    factories.make_showing(factories.make_event("Sen"), starts_at=NOW + timedelta(days=3))


@pytest.mark.parametrize("width", [390, 1280])
def test_what_has_the_focus_stands_under_no_header(tab: Tabs, width: int) -> None:
    page = tab(width=width, height=600)
    page.emulate_media(reduced_motion="reduce")
    page.goto("/events/")
    assert page.locator(".showing-title a").count() == 21
    assert page.evaluate(HIDDEN) == []


def test_the_focus_stays_where_it_was_or_goes_to_the_results(tab: Tabs) -> None:
    page = tab()
    page.goto("/events/")
    page.get_by_role("link", name="Free", exact=True).press("Enter")
    expect(page.locator(".programme-days .showing-title")).to_have_count(10)
    assert page.evaluate(FOCUSED) == "quick-4"
    page.locator("#strip-20261122").press("Enter")
    expect(page.locator(".chip")).to_have_count(3)
    assert page.evaluate(FOCUSED) == "strip-20261122"
    for left in (2, 1):
        page.locator(".chip").last.press("Enter")
        expect(page.locator(".chip")).to_have_count(left)
        # What was pressed is gone.
        expect(page.locator("#results")).to_be_focused()
    page.goto("/events/?view=month")
    page.locator("#month-after").press("Enter")
    expect(page.locator("#month")).to_have_text("December 2026")
    assert page.evaluate(FOCUSED) == "month-after"
    page.goto("/events/")
    page.fill("#to", "2026-11-23")
    page.locator("#facets-show").press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate(FOCUSED) in ("facets-show", "results")
