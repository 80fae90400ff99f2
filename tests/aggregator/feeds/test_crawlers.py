"""What search engines are told: sitemaps, robots.txt and the OpenSearch description."""

import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def read(client: Client, path: str) -> dict[str, str | None]:
    """Address → when it last changed."""
    response = client.get(path)
    assert response.status_code == 200, path
    root = ElementTree.fromstring(response.content)
    return {one.findtext(f"{SITEMAP}loc") or "": one.findtext(f"{SITEMAP}lastmod") for one in root}


def test_every_public_row_is_found_through_the_index(client: Client) -> None:
    later = NOW + timedelta(hours=1)
    festival = factories.make_festival("Filmfesten")
    rows: dict[str, Any] = {
        "events": factories.make_event("Nattlinjen"),
        "films": factories.make_film("Yö", updated_at=later),
        "people": factories.make_person("Aino"),
        "venues": factories.make_venue("Skandia"),
        "festivals": festival,
        "sections": factories.make_section(festival, "Rum"),
        "organisations": factories.make_organisation("Nalen"),
    }
    factories.make_person("Dold", public=False)
    factories.make_film("Borta", withdrawn_at=NOW)
    factories.hide(factories.make_venue("Gömd"))
    parts = read(client, "/sitemap.xml")
    assert parts["http://localhost:8000/sitemaps/films-0.xml"] == later.isoformat(timespec="seconds")
    listed: dict[str, str | None] = {}
    for part in parts:
        listed |= read(client, part.removeprefix("http://localhost:8000"))
    for plural, row in rows.items():
        found = [one for one in listed if f"/{plural}/{row.pk}-" in one]
        assert len(found) == 4, plural
        for one in found:
            assert client.get(one.removeprefix("http://localhost:8000")).status_code == 200
    for hidden in ("dold", "borta", "gomd"):
        assert not any(hidden in one for one in listed)
    for one in read(client, "/sitemaps/pages-0.xml"):
        assert client.get(one.removeprefix("http://localhost:8000")).status_code == 200, one


def test_a_sitemap_holds_a_range_of_ids(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.feeds.sitemaps.SIZE", 2)
    films = [factories.make_film(f"F{place}") for place in range(5)]
    parts = [part for part in read(client, "/sitemap.xml") if "films" in part]
    with CaptureQueriesContext(connection) as queries:
        listed = [one for part in parts for one in read(client, part.removeprefix("http://localhost:8000"))]
    assert len(queries) == len(parts)
    assert len(listed) == len(set(listed)) == 4 * len(films)
    for missing in ("films-99", "pages-1", "terms-0", f"films-{10**30}"):
        assert client.get(f"/sitemaps/{missing}.xml").status_code == 404


def test_crawlers_are_told_where_to_go_and_in_the_demo_to_go(client: Client, settings: Any) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://localhost:8000/sitemap.xml" in text
    assert "Disallow: /sv/planner/" in text
    assert "Disallow: /\n" not in text
    settings.DEMO = True
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()


def test_a_browser_learns_how_to_search_here(client: Client) -> None:
    root = ElementTree.fromstring(client.get("/sv/opensearch.xml").content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.findtext(f"{space}ShortName") == "Marquee"
    url = root.find(f"{space}Url")
    assert url is not None
    template = url.get("template") or ""
    assert template.endswith("?q={searchTerms}")
    page = template.removeprefix("http://localhost:8000").replace("{searchTerms}", "natt")
    assert client.get(page).status_code == 200
