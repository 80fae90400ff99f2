"""A venue on a map, with tiles that come through the site."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import LOOKS, Tabs, serious

pytestmark = LOOKS


@pytest.mark.parametrize(
    ("width", "scheme", "view"), [(390, "dark", "venue"), (1280, "light", "venue"), (1280, "dark", "listing")]
)
def test_a_map_can_be_read_in_every_light(
    tab: Tabs, transactional_db: None, settings: Any, width: int, scheme: str, view: str
) -> None:
    settings.MAP_TILES_URL = "http://127.0.0.1:9/{z}/{x}/{y}.png"
    here = {"longitude": 18.06, "coordinates": "exact"}
    venue = factories.make_venue("Skandia", latitude=59.33, **here)
    other = factories.make_venue("Zita", latitude=59.341, **here)
    for place in (venue, other):
        factories.make_showing(venue=place, starts_at=factories.NOW)
    page = tab(width=width, scheme=scheme)
    page.goto(
        f"/en/venues/{venue.pk}-skandia/" if view == "venue" else "/en/events/?view=map&from=2026-01-01"
    )
    expect(page.locator(".leaflet-container")).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("127.0.0.1")
    assert page.locator(".sketch svg[role=img]").count() == (view == "venue")
    expect(page.locator(".sketch svg[role=img]")).not_to_be_visible()
    for what, number in ((".map-spot", 1 if view == "venue" else 2), (".map-here", view == "venue")):
        expect(page.locator(f"path{what}")).to_have_count(int(number))
    boxes = [one.bounding_box() for one in page.locator(".leaflet-overlay-pane path:not(.map-line)").all()]
    assert all(box and 10 < box["width"] < width for box in boxes)
    assert serious(page) == []
