"""The lists of films, people, venues, festivals and organisations."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
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


def followed(page: Page, path: str, rel: str = "next") -> list[list[str]]:
    """The titles of each page from *path* on."""
    found, base = [], path.partition("?")[0]
    for _ in range(20):
        html = page(path)
        found.append(titles(html))
        link = re.search(rf'rel="{rel}" href="([^"]+)"', html)
        if link is None:
            return found
        path = unescape(link[1])
        assert path.startswith(f"{base}?")
    raise AssertionError("there is no end to it")


@every_list
@pytest.mark.parametrize("query", ["", "?q=nr", "?ordering=id", "?ordering=-id&q=nr"])
def test_pages_hold_every_row_once_there_and_back(
    page: Page, plural: str, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.web.indexes.PAGE_SIZE", 2)
    # However many there are, those behind what is counted can be reached.
    monkeypatch.setattr("aggregator.search.showings.COUNTED", 3)
    years = [{"year": year} if plural == "films" else {} for year in (None, 2024, 2025)]
    made = {f"Nr {place}": MAKERS[plural](f"Nr {place}", **years[place % 3]) for place in range(7)}
    whole = followed(page, f"/{plural}/{query}")
    assert [len(one) for one in whole] == [2, 2, 2, 1]
    seen = [title for one in whole for title in one]
    assert sorted(seen) == sorted(made)
    if "ordering" in query:
        assert seen == sorted(seen, reverse="-id" in query)
    last = page(f"/{plural}/{query}{'&' if query else '?'}after={made[whole[2][-1]].pk}")
    assert titles(last) == whole[3]
    back = unescape(re.findall(r'rel="prev" href="([^"]+)"', last)[0])
    assert followed(page, back, "prev") == [whole[2], whole[1], whole[0]]


def test_a_row_that_comes_or_goes_shifts_nothing(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.web.indexes.PAGE_SIZE", 2)
    rows = {name: factories.make_venue(name) for name in "BDFHJ"}
    following = unescape(re.findall(r'rel="next" href="([^"]+)"', page("/venues/"))[0])
    factories.make_venue("A")
    assert titles(page(following)) == ["F", "H"]
    factories.hide(rows["B"])
    assert titles(page(following)) == ["F", "H"]
    factories.hide(rows["D"])
    html = page(following)
    assert "no longer in the list" in html
    assert titles(html) == ["A", "F"]


@every_list
def test_what_cannot_be_read_is_forgiven(page: Page, plural: str) -> None:
    MAKERS[plural]("Nr 1")
    bad = (
        "page=-1",
        "page=2",
        "after=x",
        "before=0",
        "after=99",
        "from=never&page=0",
        "q=" + "x" * 10_000,
        "near=9999,0",
    )
    for query in bad:
        html = page(f"/{plural}/?{query}")
        assert "not understood" in html
        assert titles(html) == ["Nr 1"]
    page(f"/{plural}/?q=%00%22*")


@every_list
def test_what_fits_best_comes_first(page: Page, plural: str) -> None:
    for title in ("Annas långa natt i staden", "Anna", "Annas Anna"):
        MAKERS[plural](title)
    assert titles(page(f"/{plural}/?q=anna"))[0] == "Anna"


def test_what_has_no_year_comes_last_on_every_database(page: Page) -> None:
    for title, year in (("Nyare", 2026), ("Utan", None), ("Äldre", 1931)):
        factories.make_film(title, year=year)
    assert titles(page("/films/")) == ["Nyare", "Äldre", "Utan"]
    for name, day in (("Nu", date(2026, 11, 20)), ("Någon gång", None), ("Förr", date(1999, 1, 1))):
        factories.make_festival(name, starts_on=day, ends_on=day)
    assert titles(page("/festivals/")) == ["Nu", "Förr", "Någon gång"]


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


def test_posters_of_films_are_shown_upright(page: Page) -> None:
    film = factories.make_film()
    poster = factories.make_picture(film, role="poster", width=600, height=857)
    assert f"/images/{poster.pk}/poster-200x286.jpg" in page("/films/")
