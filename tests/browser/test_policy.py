"""Every sort of page under the Content-Security-Policy, in a browser that tells of every breach, and its headers."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client

from aggregator.models import Event, Image, IngestRun, Rejection, Source, SourceDocument
from tests import factories
from tests.aggregator.images.pictures import encoded, photo
from tests.browser.conftest import BROWSER, Tabs

ANYBODY = [
    *("/", "/events/", "/events/?view=map", "/search/?q=natt", "/sources/", "/nowhere/"),
    *("/films/", "/people/", "/venues/", "/festivals/", "/organisations/"),
    *("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/planner/"),
    *("/api/v1/", "/api/v1/docs/", "/admin/login/"),
]


class TestInABrowser:
    pytestmark = BROWSER

    def test_no_page_breaks_the_policy(self, tab: Tabs) -> None:
        """``tab`` fails the test for a breach, a foreign host or an error thrown."""
        factories.make_source()
        factories.make_showing(venue=factories.make_venue(latitude=59.3, longitude=18.0))
        page = tab()
        for path in ANYBODY:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status < 500, path

    def test_neither_does_the_operators_console(self, tab: Tabs) -> None:
        source, event = factories.make_source(), factories.make_event()
        get_user_model().objects.create_superuser("op", "op@site.example", "long-enough-for-here")
        page = tab()
        page.goto("/admin/login/?next=/admin/")
        page.fill("#id_username", "op")
        page.fill("#id_password", "long-enough-for-here")
        page.click("input[type=submit]")
        assert page.locator("#user-tools").is_visible()
        rows = {
            Event: event,
            Image: factories.make_picture(event),
            Source: source,
            Rejection: factories.make_rejection(),
        }
        rows |= {SourceDocument: factories.make_document(event), IngestRun: factories.make_run()}
        asked = 0
        for model in admin.site._registry:
            asked += 1
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            further = [f"{address}{rows[model].pk}/change/"] if model in rows else []
            for path in (address, *further):
                answer = page.goto(path)
                assert answer is not None
                assert answer.status < 400, path
        assert asked >= 12

    def test_neither_does_a_map_with_tiles(
        self, tab: Tabs, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The tiles come from this site, whatever server draws them."""
        png = encoded(photo(256, 256), "PNG")
        monkeypatch.setattr("aggregator.web.map_tiles._fetched", lambda *_: png)
        settings.MAP_TILES_URL = "https://tiles.example/{z}/{x}/{y}.png"
        factories.make_showing(venue=factories.make_venue(latitude=59.3, longitude=18.0, coordinates="exact"))
        page = tab()
        page.goto("/events/?view=map")
        tile = page.locator("img.leaflet-tile").first
        tile.wait_for()
        assert "/tiles/" in (tile.get_attribute("src") or "")
        page.wait_for_function("document.querySelector('img.leaflet-tile').naturalWidth === 256")
        assert page.locator("path.map-line").count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/events/", "/sv/search/?q=x", "/admin/login/", "/api/v1/events/", "/nowhere/"]
)
def test_every_answer_carries_the_policy(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy.replace("http://testserver", "")
    assert "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
