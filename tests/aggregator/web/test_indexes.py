"""The lists of films, people, venues, festivals and organisations."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Page = Callable[..., str]

MAKERS: dict[str, Callable[..., Any]] = {
    "films": factories.make_film,
    "people": factories.make_person,
    "venues": factories.make_venue,
    "festivals": factories.make_festival,
    "organisations": factories.make_organisation,
}
every_list = pytest.mark.parametrize("plural", MAKERS)


def titles(html: str) -> list[str]:
    return re.findall(r'<a href="/\w+/\d+-[^"]*"[^>]*>([^<]*)</a>', html.partition("<main")[2])


@every_list
def test_a_list_shows_what_is_public_and_finds_by_name(page: Page, plural: str) -> None:
    make = MAKERS[plural]
    make("Nattlinjen")
    make("Ö & Å")
    make("Borta", withdrawn_at=NOW)
    factories.hide(make("Gömd"))
    assert sorted(titles(page(f"/{plural}/"))) == ["Nattlinjen", "Ö &amp; Å"]
    assert titles(page(f"/{plural}/?q=natt")) == ["Nattlinjen"]
    assert "Nothing in this list fits" in page(f"/{plural}/?q=zzzzzz")
    assert f'href="http://localhost:8000/en/{plural}/"' in page(f"/{plural}/")


@every_list
def test_pages_hold_every_row_once_and_forgive_what_they_cannot_read(
    page: Page, plural: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.web.indexes.PAGE_SIZE", 2)
    for place in range(5):
        MAKERS[plural](f"Nr {place}")
    seen = [title for number in (1, 2, 3) for title in titles(page(f"/{plural}/?page={number}"))]
    assert sorted(seen) == [f"Nr {place}" for place in range(5)]
    assert titles(page(f"/{plural}/?page=999999")) == seen[4:]
    for bad in ("page=-1", "page=x", "from=never&page=0", "q=" + "x" * 10_000, "near=999,0", "q=%00%22*"):
        assert "not understood" in page(f"/{plural}/?{bad}") or bad.startswith("q=%00")
    html = page(f"/{plural}/?page=2&q=nr")
    assert f'rel="prev" href="/{plural}/?q=nr"' in html
    assert f'rel="next" href="/{plural}/?q=nr&amp;page=3"' in html


@every_list
def test_the_number_of_queries_does_not_grow(client: Client, plural: str) -> None:
    counts = []
    for wanted in (1, 29, 270):
        for place in range(wanted):
            MAKERS[plural](f"N{place}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/{plural}/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 6


def test_each_list_tells_the_little_that_helps(page: Page) -> None:
    film = factories.make_film("Nattlinjen", countries={"en": "Finland"})
    factories.make_credit("Aino Kallas", "director", film=film)
    assert "Aino Kallas" in page("/films/")
    assert "Finland · 2026 · 97 min" in page("/films/")
    factories.make_term("professions", "actor", en="Actor", sv="Skådespelare")
    factories.make_person("Ronja", professions=["actor"], sort_name="Z")
    factories.make_person("Åsa", sort_name="A")
    factories.make_person("Dold", public=False)
    html = page("/people/", "sv")
    assert titles(html) == ["Åsa", "Ronja"]
    assert "Skådespelare" in html
    factories.make_venue("Salong 1", house="Skandia", street="Drottninggatan 82")
    assert "Drottninggatan 82 · Stockholm · Sweden" in page("/venues/")
    factories.make_festival("Förr", starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 3))
    factories.make_festival("Nu")
    html = page("/festivals/")
    assert titles(html) == ["Nu", "Förr"]
    for words in ("On now", "Over", "1–3 January 2020"):
        assert words in html
