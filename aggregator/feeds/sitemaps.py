"""Sitemaps, split by kind and by ranges of ids, so that a row never wanders from one to another.

Every page stands in them once for each language, at its canonical address.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import F, Max, QuerySet

from aggregator import languages
from aggregator.addresses import PLURALS, absolute, path_of
from aggregator.models import Event, Festival, Film, Organisation, Person, Section, Venue
from aggregator.vocabulary import Kind

#: Rows in one sitemap: with four languages, well below the 50,000 addresses that are allowed.
SIZE = 5000
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MODELS: Mapping[str, tuple[Any, str]] = {
    Kind.EVENT: (Event, "titles"),
    Kind.FILM: (Film, "titles"),
    Kind.PERSON: (Person, "name"),
    Kind.VENUE: (Venue, "name"),
    Kind.FESTIVAL: (Festival, "name"),
    Kind.SECTION: (Section, "name"),
    Kind.ORGANISATION: (Organisation, "name"),
}
#: Pages that are no row's.
_LISTS = (
    "/",
    "/events/",
    *(f"/{PLURALS[kind]}/" for kind in _MODELS if kind not in (Kind.EVENT, Kind.SECTION)),
)


def index() -> str:
    """The index of all sitemaps that hold anything. One query for each kind."""
    found = [("pages", 0, None)]
    for kind in _MODELS:
        parts = _rows(kind).order_by().values(part=F("pk") / SIZE).annotate(at=Max("updated_at"))
        found += [(PLURALS[kind], row["part"], row["at"]) for row in parts.order_by("part")]
    lines = "".join(
        f"<sitemap><loc>{escape(absolute(f'/sitemaps/{name}-{part}.xml'))}</loc>{_modified(at)}</sitemap>\n"
        for name, part, at in found
    )
    return f"{_HEAD}<sitemapindex {_SPACE}>\n{lines}</sitemapindex>\n"


def part(name: str, number: int) -> str | None:
    """The sitemap *name*-*number*; None where there is none. One query."""
    if name == "pages":
        return _written((path, None) for path in _LISTS) if number == 0 else None
    kind = next((kind for kind, plural in PLURALS.items() if plural == name), None)
    if kind is None or number > 10**12:
        return None
    title = _MODELS[kind][1]
    rows = _rows(kind).filter(pk__gte=number * SIZE, pk__lt=(number + 1) * SIZE).order_by("pk")
    found = list(rows.only("pk", title, "updated_at", *_CITY.get(kind, ())))
    if not found:
        return None
    return _written(
        (languages.plain(path_of(kind, row.pk, _title(row, title))), row.updated_at) for row in found
    )


_CITY: Mapping[str, tuple[str, ...]] = {Kind.VENUE: ("city",), Kind.FESTIVAL: ("external_id",)}


def _title(row: Any, column: str) -> str | Mapping[str, str]:
    """What the row's page makes its slug of."""
    return row.titles if column == "titles" else str(row)


def _rows(kind: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = _MODELS[kind][0].objects.public()
    if kind == Kind.SECTION:
        return rows.filter(festival__hidden_at=None)
    return rows.filter(public=True) if kind == Kind.PERSON else rows


def _written(pages: Iterable[tuple[str, datetime | None]]) -> str:
    lines = "".join(
        f"<url><loc>{escape(absolute(languages.in_language(path, code)))}</loc>{_modified(at)}</url>\n"
        for path, at in pages
        for code, _name in settings.LANGUAGES
    )
    return f"{_HEAD}<urlset {_SPACE}>\n{lines}</urlset>\n"


def _modified(at: datetime | None) -> str:
    return f"<lastmod>{at.isoformat(timespec='seconds')}</lastmod>" if at else ""
