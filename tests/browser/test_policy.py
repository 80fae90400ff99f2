"""Every sort of page under the Content-Security-Policy, in a browser that tells of every breach, and its headers."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests import factories
from tests.browser.conftest import BROWSER, Tabs

ANYBODY = [
    *("/", "/events/", "/events/?view=map", "/search/?q=natt", "/sources/", "/nowhere/"),
    *("/films/", "/people/", "/venues/", "/festivals/", "/organisations/"),
    *("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/planner/"),
    *("/api/v1/", "/api/v1/docs/", "/admin/login/"),
]
STAFF = ["/admin/", "/admin/aggregator/source/", "/admin/aggregator/event/", "/admin/aggregator/showing/"]


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
        factories.make_source()
        event = factories.make_event()
        get_user_model().objects.create_superuser("op", "op@site.example", "long-enough-for-here")
        page = tab()
        page.goto("/admin/login/?next=/admin/")
        page.fill("#id_username", "op")
        page.fill("#id_password", "long-enough-for-here")
        page.click("input[type=submit]")
        assert page.locator("#user-tools").is_visible()
        for path in (*STAFF, f"/admin/aggregator/event/{event.pk}/change/"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status < 400, path


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
