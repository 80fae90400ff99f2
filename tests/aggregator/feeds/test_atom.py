"""News of a listing."""

import xml.etree.ElementTree as ElementTree
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def news(client: Client, query: str = "", language: str = "en") -> ElementTree.Element:
    response = client.get(f"/{language}/events/feed.atom{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    for entry in root.iter(f"{ATOM}entry"):
        for name in ("id", "title", "updated", "published"):
            assert entry.findtext(f"{ATOM}{name}"), name
    return root


def test_what_changed_last_comes_first(client: Client) -> None:
    later = factories.make_event("Senare", updated_at=NOW + timedelta(hours=2))
    factories.make_showing(later, venue=factories.make_venue("Skandia"), notes={"sv": "<b>Ny</b>"})
    showing = factories.make_showing(factories.make_event("Nattlinjen"), status="cancelled")
    factories.make_showing(starts_at=NOW - timedelta(days=3))
    factories.make_showing(withdrawn_at=NOW)
    root = news(client, "?city=Stockholm&utm=1")
    (only,) = root.iter(f"{ATOM}entry")
    assert only.findtext(f"{ATOM}title") == "Senare, Sun 22 Nov 19:00, Skandia, Stockholm"
    assert "&lt;b&gt;Ny" in (only.findtext(f"{ATOM}summary") or "")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "http://localhost:8000/en/events/feed.atom?city=Stockholm"
    assert links["alternate"] == "http://localhost:8000/en/events/?city=Stockholm"
    first, second = news(client).iter(f"{ATOM}entry")
    assert (first.findtext(f"{ATOM}title") or "").startswith("Senare")
    assert (second.findtext(f"{ATOM}title") or "").startswith("Cancelled: Nattlinjen")
    assert second.findtext(f"{ATOM}id") == f"tag:localhost,2026:showing/{showing.pk}"


def test_it_is_not_sent_again_while_nothing_changed(client: Client) -> None:
    empty = client.get("/en/events/feed.atom")
    assert client.get("/en/events/feed.atom", headers={"if-none-match": empty["ETag"]}).status_code == 304
    showing = factories.make_showing()
    response = client.get("/en/events/feed.atom", headers={"if-none-match": empty["ETag"]})
    assert response.status_code == 200
    known = {"if-none-match": f'W/{response["ETag"]}, "x"'}
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/en/events/feed.atom", headers=known).status_code == 304
    assert len(queries) == 1
    factories.hide(showing)
    assert client.get("/en/events/feed.atom", headers=known).status_code == 200


def test_queries_do_not_grow(client: Client) -> None:
    counts = []
    for wanted in (1, 29, 270):
        for _ in range(wanted):
            event = factories.make_event(film=factories.make_film(), festival=factories.make_festival())
            showing = factories.make_showing(event, venue=factories.make_venue())
            showing.further_venues.add(factories.make_venue())
        with CaptureQueriesContext(connection) as queries:
            news(client)
        counts.append(len(queries))
    assert counts == [3, 3, 3]
