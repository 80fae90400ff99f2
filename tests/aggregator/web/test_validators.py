"""304 for whoever has the page already."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aggregator.models import Change
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PATHS = ["/", "/events/", "/events/?view=grid&city=Stockholm", "/search/?q=natt"]


@pytest.mark.parametrize("path", PATHS)
def test_an_unchanged_page_is_not_sent_again(client: Client, path: str) -> None:
    factories.make_showing(venue=factories.make_venue())
    etag = client.get(path)["ETag"]
    with CaptureQueriesContext(connection) as captured:
        again = client.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert "no-cache" in again["Cache-Control"]
    assert len(captured) == 2


def test_whatever_the_page_depends_on_makes_it_another(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = factories.make_source()
    etags = [client.get("/events/?q=a")["ETag"]]

    def differs(**headers: str) -> bool:
        etags.append(client.get("/events/?q=a", headers={"if-none-match": etags[0], **headers})["ETag"])
        return len(set(etags)) == len(etags)

    assert differs(**{"accept-language": "sv"})
    assert differs(**{"hx-request": "true"})
    Change.objects.create(xid=0, kind="event", row=1, provider="sff", action="updated", at=NOW)
    assert differs()
    type(source).objects.update(last_good_at=NOW)
    assert differs()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=1))
    assert differs()
    client.cookies["city"] = "Stockholm"
    assert differs()


def test_people_with_a_session_get_pages_of_their_own(client: Client) -> None:
    client.cookies["sessionid"] = "anything"
    response = client.get("/events/")
    assert "ETag" not in response
    assert "private" in response["Cache-Control"]


def test_pages_are_compressed(client: Client) -> None:
    factories.make_showing()
    response = client.get("/events/", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 8000


@pytest.mark.parametrize("path", [*PATHS, "/events/?view=map", "/events/?view=month"])
def test_reading_writes_nothing(client: Client, path: str) -> None:
    factories.make_showing(venue=factories.make_venue())
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert not response.cookies
    assert [query["sql"] for query in captured if not query["sql"].lstrip("( ").startswith("SELECT")] == []
