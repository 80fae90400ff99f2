"""Lists as CSV (RFC 4180, UTF-8): one row an object, one value a cell, a header row.

A text that exists in several languages is given in the site's first choice of them. Cells that a spreadsheet would
run as a formula begin with an apostrophe.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aggregator.api.fields import Json
from aggregator.api.questions import Question
from aggregator.api.resources import Resource
from aggregator.models.listing import best_text

# What spreadsheets take for the beginning of a formula, also in full width, and blanks that they skip before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: *field* is the field of the object that it is made of, *get* makes a value of that field's."""

    name: str
    field: str
    get: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _inner(name: str) -> Callable[[Any], Any]:
    return lambda value: value.get(name) if value else None


def _first(name: str) -> Callable[[Any], Any]:
    return lambda values: values[0].get(name) if values else None


def _joined(values: Any) -> str:
    return " ".join(str(value) for value in values)


def _joined_by(name: str) -> Callable[[Any], str]:
    return lambda values: "; ".join(
        best_text(one[name]) if name == "names" else str(one[name]) for one in values
    )


def _first_link(links: Mapping[str, str]) -> str | None:
    return next(iter(links.values()), None)


def _plain(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, name, _same) for name in names)


def _texts(**names: str) -> tuple[Column, ...]:
    return tuple(Column(name, field, best_text) for name, field in names.items())


_COMMON = _plain(
    "id", "provider", "external_id", "status", "updated_at", "url", "api_url", "source_url", "attribution"
)
_PLACE = tuple(
    Column(name if name != "name" else "venue", "venues", _first(name))
    for name in ("name", "house", "street", "postal_code", "city", "country", "latitude", "longitude")
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "events": (
        *_COMMON,
        *_texts(title="titles", summary="summaries", description="descriptions"),
        *_plain("kind"),
        Column("film_id", "film", _inner("id")),
        Column("festival", "festival", _inner("name")),
        Column("organisation", "organisation", _inner("name")),
        Column("categories", "categories", _joined_by("names")),
        *_plain(
            "price_min", "price_max", "currency", "is_free", "free_condition", "sale_starts_at", "buy_url"
        ),
    ),
    "showings": (
        *_COMMON,
        Column("event_id", "event", _inner("id")),
        Column("film_id", "film", _inner("id")),
        *_texts(title="titles"),
        *_plain("kind", "starts_at", "ends_at", "doors_at", "timezone", "precision"),
        *_plain("local_start_date", "local_end_date"),
        *_PLACE,
        *_plain("availability", "seats_free", "seats_total", "seats_at", "sale_starts_at"),
        Column("buy_url", "buy_urls", _first_link),
        *_plain("is_free"),
        Column("tags", "tags", _joined),
        *_plain("number"),
        *_texts(note="notes"),
    ),
    "films": (
        *_COMMON,
        *_texts(title="titles"),
        *_plain("original_title"),
        *_texts(description="descriptions", countries="countries"),
        *_plain("languages"),
        *_texts(subtitles="subtitles"),
        *_plain("length", "year"),
        *_texts(premiere="statuses"),
        *_plain("companies", "rights", "distribution", "imdb_id", "website"),
        Column("credits", "credits", _joined_by("name")),
    ),
    "people": (
        *_COMMON,
        *_plain("name", "sort_name", "year_of_birth"),
        Column("professions", "professions", _joined),
        *_texts(description="descriptions"),
        Column("agency", "agency", _inner("name")),
    ),
    "venues": (
        *_COMMON,
        *_plain("name", "house"),
        *_texts(type="types"),
        *_plain("street", "vicinity", "postal_code", "city", "region", "country", "latitude", "longitude"),
        *_plain("coordinates", "timezone", "phone", "website"),
        *_texts(description="descriptions"),
    ),
    "festivals": (
        *_COMMON,
        *_plain("name", "starts_on", "ends_on", "timezone", "is_current", "sale_starts_at"),
        *_texts(description="descriptions"),
    ),
    "sections": (
        *_COMMON,
        *_plain("name"),
        Column("festival_id", "festival", _inner("id")),
        Column("festival", "festival", _inner("name")),
        *_texts(description="descriptions"),
    ),
    "organisations": (*_COMMON, *_plain("name", "kind", "website"), *_texts(description="descriptions")),
    "categories": (*_COMMON, *_plain("scheme"), *_texts(name="names")),
}


def write(resource: Resource, question: Question, chunks: Iterator[list[Json]]) -> Iterator[bytes]:
    """The table piece by piece. ``fields`` leaves out the columns made of other fields."""
    columns = [one for one in COLUMNS[resource.name] if one.field == "id" or question.wanted.has(one.field)]
    yield _lines([[column.name for column in columns]])
    for rows in chunks:
        yield _lines([[_cell(column.get(row[column.field])) for column in columns] for row in rows])


def _lines(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    """A value that no spreadsheet runs. Truth is written as JSON writes it; unknown is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        value = value.replace("\x00", "")
        return f"'{value}" if value.lstrip(" \xa0").startswith(_FORMULA) else value
    return value
