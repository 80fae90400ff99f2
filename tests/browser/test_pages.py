"""Pages of single rows in a browser: how they hold at both ends of the scale, the festival's grid, and trailers."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests import factories
from tests.browser.conftest import LOOKS, Tabs, serious
from tests.factories import NOW

pytestmark = LOOKS
CLIP = "https://www.youtube-nocookie.com/embed/a1B2c3D4e5F?rel=0"


@pytest.fixture(autouse=True)
def addresses(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> dict[str, str]:
    """Sunday 22 November 2026, 16:00 in Stockholm: a festival with three showings today, two of them at one time."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    factories.make_source()
    near: dict[str, Any] = {"coordinates": "exact", "longitude": 18.06}
    skandia = factories.make_venue("Skandia", latitude=59.33, street="Drottninggatan 82", **near)
    factories.make_venue("Zita", latitude=59.334, **near)
    festival = factories.make_festival("Filmfesten", descriptions={"sv": "<p>Tio dagar film.</p>"})
    section = factories.make_section(festival, "Open Zone")
    organisation = factories.make_organisation("Nalen")
    film = factories.make_film(
        "Nattlinjen",
        descriptions={"sv": "<p>Om natten.</p>"},
        trailers=[{"url": "https://youtu.be/a1B2c3D4e5F"}, {"url": "https://video.example/1"}],
    )
    factories.make_selection(film, festival, section)
    person = factories.make_person(
        "Aino Kallas",
        agency=organisation,
        attributes={"city": "Hamburg", "languages": [{"value": "deutsch", "level": "gut"}]},
        vita=[{"group": "film", "name": "Wattläufer", "role": "Levke", "year_from": 2018}],
    )
    factories.make_credit("Aino Kallas", "director", film=film, person=person)
    event = factories.make_event("Nattlinjen", film=film, festival=festival, organisation=organisation)
    other = factories.make_event("En mycket lång titel som aldrig vill ta slut", festival=festival)
    for one, hours, more in (
        (event, 1, {"availability": "few", "seats_free": 3}),
        (other, 1, {"status": "cancelled"}),
        (event, 4, {"availability": "soldout"}),
    ):
        factories.make_showing(one, venue=skandia, starts_at=NOW + timedelta(hours=hours), **more)
    return {
        "event": f"/events/{event.pk}-nattlinjen/",
        "film": f"/films/{film.pk}-nattlinjen/",
        "person": f"/people/{person.pk}-aino-kallas/",
        "venue": f"/venues/{skandia.pk}-skandia/",
        "festival": f"/festivals/{festival.pk}-filmfesten/",
        "section": f"/sections/{section.pk}-open-zone/",
        "organisation": f"/organisations/{organisation.pk}-nalen/",
        "films": "/films/",
        "people": "/people/",
        "festivals": "/festivals/",
    }


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_every_page_holds_and_can_be_read_by_everybody(
    tab: Tabs, addresses: dict[str, str], width: int, scheme: str
) -> None:
    page = tab(width=width, scheme=scheme)
    for name, address in addresses.items():
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, name
        assert overflow(page) <= 0, name
        assert serious(page) == [], name


def test_on_a_phone_the_grid_is_a_list_by_time_and_a_grid_if_wanted(
    tab: Tabs, addresses: dict[str, str]
) -> None:
    page = tab(width=390, height=800, javascript=False)
    page.goto(addresses["festival"])
    tiles = page.locator(".tile")
    assert [text.split("\n")[0][:5] for text in tiles.all_inner_texts()] == ["17:00", "17:00", "20:00"]
    tops = [box["y"] for box in boxes(page)]
    assert tops == sorted(tops)
    assert len({box["x"] for box in boxes(page)}) == 1
    expect(tiles.nth(0)).to_contain_text("Skandia")
    expect(tiles.nth(1)).to_contain_text("Cancelled")
    expect(page.locator(".grid-tick").first).to_be_hidden()
    page.get_by_role("link", name="Show as a grid of venues and times").click()
    expect(page.locator(".grid-tick").first).to_be_visible()
    assert overflow(page) <= 0
    scroller = page.locator(".grid-scroll").first
    assert scroller.evaluate("box => box.scrollWidth > box.clientWidth")
    venue = page.locator(".grid-venue").first
    before = venue.bounding_box()
    scroller.evaluate("box => box.scrollLeft = 60")
    assert venue.bounding_box() == before
    page.get_by_role("link", name="Show as a list").click()
    expect(page.locator(".grid-tick").first).to_be_hidden()


def test_with_room_it_is_a_grid_in_which_nothing_covers_anything(
    tab: Tabs, addresses: dict[str, str]
) -> None:
    page = tab()
    page.goto(addresses["festival"])
    expect(page.locator(".grid-tick").first).to_have_text("17")
    first, second, third = boxes(page)
    assert first["x"] == second["x"]
    assert first["y"] + first["height"] <= second["y"]
    assert third["y"] == first["y"]
    tick = page.locator(".grid-tick").nth(3).bounding_box()
    assert tick is not None
    assert abs(third["x"] - tick["x"]) < 4


def test_a_keyboard_walks_the_grid_in_order_of_time(tab: Tabs, addresses: dict[str, str]) -> None:
    page = tab()
    page.goto(addresses["festival"])
    page.locator(".grid-scroll").first.focus()
    seen: list[str] = []
    for _ in range(9):  # beside each showing stands the button that plans it
        page.keyboard.press("Tab")
        time = page.evaluate("document.activeElement.querySelector('time')?.textContent")
        seen += [time] if time else []
        if len(seen) == 3:
            break
    assert seen == ["17:00", "17:00", "20:00"]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{addresses['event']}")


def test_a_reader_of_screens_hears_a_list(tab: Tabs, addresses: dict[str, str]) -> None:
    page = tab()
    page.goto(addresses["festival"])
    listed = page.get_by_role("region", name="by venue and time").get_by_role("list")
    expect(listed.get_by_role("listitem")).to_have_count(3)
    expect(listed.get_by_role("listitem").nth(2)).to_contain_text("Sold out")
    expect(listed.get_by_role("link").nth(1)).to_have_accessible_name(
        "17:00 En mycket lång titel som aldrig vill ta slut"
    )


def boxes(page: Page) -> list[Any]:
    return [tile.bounding_box() for tile in page.locator(".tile").all()]


def test_a_trailer_is_asked_for_on_a_click_and_not_before(tab: Tabs, addresses: dict[str, str]) -> None:
    watched = tab()
    watched.goto(addresses["film"])
    watched.wait_for_load_state("networkidle")
    link = watched.get_by_role("link", name="Trailer").first
    path = link.get_attribute("href")
    # This page asks the clip's host, which a watched one must not: a context of its own, and no way out.
    context = tab.browser.new_context(base_url=tab.server.url)
    page = context.new_page()
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url.startswith(tab.server.url):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.fulfill(body="clip")

    context.route("**/*", answer)
    broken: list[str] = []
    page.on(
        "console", lambda message: broken.append(message.text) if "Security Policy" in message.text else None
    )
    page.goto(addresses["film"])
    page.wait_for_load_state("networkidle")
    assert asked == []
    page.get_by_role("link", name="Trailer").first.click()
    page.wait_for_url(f"**{path}")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("clip")
    assert asked == [CLIP]
    assert broken == []
    context.close()
