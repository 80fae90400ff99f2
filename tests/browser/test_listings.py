"""The programme in a browser: with and without JavaScript, by keyboard and by click, wide and narrow."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.conftest import BROWSER, Tabs
from tests.factories import NOW

pytestmark = BROWSER


@pytest.fixture(autouse=True)
def _programme(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> None:
    """Sunday 22 November 2026, 16:00 in Stockholm, and a small programme."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    factories.make_source()
    skandia = factories.make_venue("Skandia", latitude=59.3386, longitude=18.0594, coordinates="exact")
    aska = factories.make_venue("Askan", city="Göteborg", latitude=57.7, longitude=11.97, coordinates="exact")
    nowhere = factories.make_venue("Loftet", city="Göteborg")
    festival = factories.make_festival()
    for hours, (title, venue, more) in enumerate(
        [
            ("Nattlinjen", skandia, {}),
            ("Vildsvin", skandia, {"availability": "soldout"}),
            ("Tystnaden", aska, {"availability": "few"}),
            ("Sommaren", nowhere, {}),
        ]
    ):
        event = factories.make_event(title, festival=festival, is_free=title == "Sommaren")
        factories.make_showing(event, venue=venue, starts_at=NOW + timedelta(hours=1 + 20 * hours), **more)
    run = factories.make_event("Utställningen", event_kind="run")
    ends = NOW + timedelta(days=30)
    factories.make_showing(run, precision="run", starts_at=NOW - timedelta(days=2), ends_at=ends, venue=aska)


def titles(page: Page) -> list[str]:
    return page.locator(".programme-days .showing-title").all_inner_texts()


def test_search_and_filter_without_javascript(tab: Tabs) -> None:
    page = tab(javascript=False)
    page.goto("/events/")
    assert titles(page) == ["Nattlinjen", "Vildsvin", "Tystnaden", "Sommaren"]
    page.fill("#q", "vildsvin")
    page.click("form#search button[type=submit]")
    assert titles(page) == ["Vildsvin"]
    page.goto("/events/")
    page.get_by_label("Göteborg").check()
    page.get_by_role("button", name="Show", exact=True).click()
    assert titles(page) == ["Tystnaden", "Sommaren"]
    assert "city=G%C3%B6teborg" in page.url
    page.get_by_role("link", name="Free", exact=True).click()
    assert titles(page) == ["Sommaren"]
    page.get_by_role("link", name="Remove: Göteborg").click()
    assert titles(page) == ["Sommaren"]
    assert "city" not in page.url


def test_htmx_replaces_only_the_results(tab: Tabs) -> None:
    page = tab()
    page.goto("/events/")
    page.evaluate("document.querySelector('h1').dataset.kept = 'yes'")
    page.get_by_label("Göteborg").check()
    expect(page.locator(".programme-days .showing-title")).to_have_text(["Tystnaden", "Sommaren"])
    expect(page.locator("h1")).to_have_attribute("data-kept", "yes")
    expect(page).to_have_url(re.compile(r"/events/\?city=G%C3%B6teborg$"))
    assert page.locator("#said").inner_text().strip() == "3 showings"
    assert page.evaluate("document.activeElement.value") == "Göteborg"
    page.locator("#q").press_sequentially("tyst", delay=20)
    expect(page.locator(".programme-days .showing-title")).to_have_text(["Tystnaden"])
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.input_value("#q") == "tyst"


def test_the_back_button_after_filters(tab: Tabs) -> None:
    page = tab()
    page.goto("/events/")
    page.get_by_label("Göteborg").check()
    expect(page.locator(".programme-days .showing-title")).to_have_count(2)
    page.get_by_role("link", name="Free", exact=True).click()
    expect(page.locator(".programme-days .showing-title")).to_have_text(["Sommaren"])
    page.go_back()
    expect(page.locator(".programme-days .showing-title")).to_have_text(["Tystnaden", "Sommaren"])
    expect(page.get_by_label("Göteborg")).to_be_checked()
    page.go_back()
    expect(page.locator(".programme-days .showing-title")).to_have_count(4)
    expect(page.get_by_label("Göteborg")).not_to_be_checked()
    page.go_forward()
    expect(page.locator(".programme-days .showing-title")).to_have_count(2)


def test_the_days_can_be_walked_through(tab: Tabs) -> None:
    page = tab()
    page.goto("/events/")
    page.locator(".strip a", has_text="Tomorrow").click()
    expect(page.locator(".programme-days .showing-title")).to_have_count(1)
    expect(page.locator(".day-head")).to_have_text(re.compile("Tomorrow"))
    assert titles(page) == ["Vildsvin"]
    assert "from=2026-11-23&to=2026-11-23" in page.url
    assert page.input_value("#from") == "2026-11-23"
    page.get_by_role("link", name="Tue 24 Nov →").click()
    assert titles(page) == ["Tystnaden"]


def test_the_language_is_chosen_and_remembered(tab: Tabs) -> None:
    page = tab(javascript=False)
    page.goto("/events/?city=Stockholm")
    page.get_by_role("button", name="Svenska").click()
    expect(page).to_have_url(re.compile(r"/events/\?city=Stockholm$"))
    assert page.get_attribute("html", "lang") == "sv"
    page.goto("/")
    assert page.get_attribute("html", "lang") == "sv"
    page.goto("/de/events/")
    page.get_by_role("button", name="Français").click()
    expect(page).to_have_url(re.compile(r"/fr/events/$"))


def test_near_me_tells_the_site_no_more_than_a_kilometre(tab: Tabs) -> None:
    page = tab(position=(59.338643, 18.059421))
    page.goto("/")
    page.get_by_role("button", name="Near me").click()
    expect(page).to_have_url(re.compile(r"near=59\.34%2C18\.06$"))
    assert titles(page) == ["Nattlinjen", "Vildsvin"]
    assert "0.2 km" in page.locator(".showing-where").first.inner_text()
    page.get_by_role("button", name="Near me").click()
    expect(page).not_to_have_url(re.compile("near="))


def test_near_me_says_when_the_browser_does_not_tell(tab: Tabs) -> None:
    page = tab(permissions=[])
    page.goto("/events/")
    page.get_by_role("button", name="Near me").click()
    expect(page.locator("#near-said")).to_have_text("Your browser did not tell where you are.")


def test_the_map_says_what_the_list_says(tab: Tabs) -> None:
    page = tab()
    page.goto("/events/?view=map&near=59.34,18.06")
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator("path.map-spot")).to_have_count(1)
    expect(page.locator("path.map-ring")).to_have_count(3)
    page.locator("path.map-spot").click(force=True)
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Skandia")
    page.goto("/events/?view=map")
    expect(page.locator("path.map-about")).to_have_count(1)
    bare = tab(javascript=False)
    bare.goto("/events/?view=map&near=59.34,18.06")
    assert "0.2 km" in bare.locator("#places").inner_text()
    assert not bare.locator("#map").is_visible()


def test_a_home_city_is_remembered_and_can_be_left(tab: Tabs) -> None:
    page = tab(javascript=False)
    page.goto("/")
    page.get_by_label("Your city").select_option("Göteborg")
    page.get_by_role("button", name="Remember").click()
    assert "Göteborg" in page.locator("h1").inner_text()
    page.get_by_role("link", name="Programme", exact=True).click()
    page.wait_for_url(re.compile("/events/"))
    assert titles(page) == ["Tystnaden", "Sommaren"]
    page.get_by_role("link", name="Remove: Göteborg").click()
    assert len(titles(page)) == 4


PAGES = {
    "home": "/",
    "list": "/events/",
    "posters": "/events/?view=grid",
    "month": "/events/?view=month",
    "map": "/events/?view=map&near=59.34,18.06",
    "ongoing": "/events/?view=ongoing",
    "nothing": "/events/?q=xyzzy&city=Stockholm&from=2026-11-22",
    "notes": "/events/?from=yesterday",
    "search": "/search/?q=natt",
    "not found": "/search/?q=xyzzy",
    "lost": "/nowhere/",
}


def test_nothing_has_to_be_scrolled_sideways(tab: Tabs) -> None:
    """320 px is 1280 px at 400 %."""
    page = tab(width=320)
    for name, path in PAGES.items():
        page.goto(path)
        for width in (320, 390, 2560):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def test_a_keyboard_reaches_the_results_past_the_frame(tab: Tabs) -> None:
    page = tab()
    page.goto("/events/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_targets_are_large_enough(tab: Tabs) -> None:
    """24 by 24 px but for links in a sentence."""
    page = tab(width=390)
    for path in ("/", "/events/", "/events/?view=month"):
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("a[href], button, input, select, summary")]
              .filter((one) => one.checkVisibility() && !one.closest("p, li p, .colophon, .brief, .skip, .choice"))
              .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
              .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
              .map(([text, box]) => `${text} ${box.width} x ${box.height}`)"""
        )
        assert small == [], path


def test_the_programme_prints_without_anything_to_press(tab: Tabs) -> None:
    page = tab()
    page.goto("/events/")
    page.emulate_media(media="print")
    for selector in (".masthead-nav", "#search", ".listing-side", ".views", ".strip", ".languages"):
        assert not page.locator(selector).first.is_visible(), selector
    assert page.locator(".showing-title").first.is_visible()
