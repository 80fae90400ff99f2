"""Every query name and header that the API takes, as OpenAPI parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.api.cursors import LONGEST, START
from aggregator.api.fields import DATE, MOMENT, TEXT, Field, Json, Schema, word_of
from aggregator.api.formats.calendar import MOST
from aggregator.api.questions import LARGEST_PAGE_SIZE, MOST_PAGED, PAGE_SIZE
from aggregator.api.resources import Resource
from aggregator.search.criteria import LARGEST_RADIUS_KM, LONGEST_TEXT, MOST_VALUES, USUAL_RADIUS_KM
from aggregator.vocabulary import Availability, ShowingKind

_OR = "Repeat it for more than one; they mean *or*."
_ID: Schema = {"type": "integer", "format": "int64", "minimum": 1}
_TRUTH: Schema = {"type": "boolean"}


def query(name: str, schema: Schema, about: str, example: Any = None) -> Json:
    """A parameter of the query string."""
    made: Json = {"name": name, "in": "query", "description": about, "schema": dict(schema)}
    return made if example is None else {**made, "example": example}


def _many(name: str, schema: Schema, about: str, example: Any) -> Json:
    values = {"type": "array", "items": dict(schema), "maxItems": MOST_VALUES}
    return {**query(name, values, f"{about} {_OR}", [example]), "style": "form", "explode": True}


FILTERS: Mapping[str, Json] = {
    one["name"]: one
    for one in (
        _many(
            "q",
            {"type": "string", "maxLength": LONGEST_TEXT},
            "Words, all of which must be found.",
            "nattlinjen",
        ),
        _many("provider", {"type": "string"}, "Slug of a provider, see `/providers/`.", "lantern"),
        query(
            "from",
            DATE,
            "First programme day, inclusive. A showing that goes on into it is met.",
            "2026-11-22",
        ),
        query("to", DATE, "Last programme day, inclusive.", "2026-11-23"),
        _many(
            "city",
            {"type": "string", "maxLength": LONGEST_TEXT},
            "City of a venue, in any case.",
            "Stockholm",
        ),
        _many(
            "country", {"type": "string", "pattern": "^[A-Za-z]{2}$"}, "Country of a venue, ISO 3166-1.", "SE"
        ),
        _many("category", _ID, "Id of a category.", 3),
        _many("section", _ID, "Id of a festival's section.", 7),
        _many(
            "language",
            {"type": "string", "pattern": "^[A-Za-z]{2,3}$"},
            "Language of the film, ISO 639.",
            "sv",
        ),
        query(
            "near",
            {"type": "string", "pattern": r"^[+-]?\d{1,2}(\.\d{1,15})?,[+-]?\d{1,2}(\.\d{1,15})?$"},
            "Latitude and longitude in degrees: showings in venues within `radius` of there.",
            "59.33,18.07",
        ),
        query(
            "radius",
            {
                "type": "number",
                "exclusiveMinimum": 0,
                "maximum": LARGEST_RADIUS_KM,
                "default": USUAL_RADIUS_KM,
            },
            "Kilometres around `near`.",
            5,
        ),
        _many("venue", _ID, "Id of a venue.", 12),
        _many("festival", _ID, "Id of a festival.", 4),
        _many("kind", word_of(ShowingKind), "What takes place.", "screening"),
        _many("availability", word_of(Availability), "Tickets.", "available"),
        _many("free", _TRUTH, "Whether it is free.", True),
    )
}
PAGING: Mapping[str, Json] = {
    one["name"]: one
    for one in (
        query(
            "modified_since",
            MOMENT,
            "Only what changed since this moment. Five minutes before it are included, since a change is stamped "
            "before it is stored: expect repeats. It does not tell what was withdrawn, hidden or forgotten, nor of "
            "seats: `/changes/` does.",
            "2026-11-22T15:00:00Z",
        ),
        query(
            "page",
            {"type": "integer", "minimum": 1, "maximum": MOST_PAGED},
            f"Number of the page; pages reach the first {MOST_PAGED} objects.",
            2,
        ),
        query(
            "cursor",
            {"type": "string", "maxLength": LONGEST},
            f"`{START}` for the beginning, then whatever `next` holds. Orders by `id` unless `ordering` says else.",
            START,
        ),
        query(
            "page_size",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE_SIZE, "default": PAGE_SIZE},
            "Objects at a time.",
            20,
        ),
    )
}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of what you have: 304 where it is still good.",
    "schema": TEXT,
}
IF_MODIFIED_SINCE: Json = {
    "name": "If-Modified-Since",
    "in": "header",
    "description": "The `Last-Modified` of what you have. `If-None-Match` is exact and goes first.",
    "schema": TEXT,
}


def fields_of(fields: Sequence[Field]) -> Json:
    """The parameter ``fields`` of objects that have these fields."""
    names = [field.name for field in fields]
    return _words("fields", names, "Only these fields; `id` is always there.", names[:1] + names[-1:])


def expand_of(resource: Resource) -> list[Json]:
    """The parameter ``expand``, where *resource* has anything to expand."""
    if not resource.expands:
        return []
    about = "Whole objects where there would be references."
    return [_words("expand", list(resource.expands), about, [resource.expands[0]])]


def _words(name: str, words: list[str], about: str, example: list[str]) -> Json:
    values = {"type": "array", "items": {"type": "string", "enum": words}}
    return {
        **query(name, values, f"{about} Separate them by commas or repeat the name.", example),
        "style": "form",
        "explode": False,
    }


def ordering_of(resource: Resource) -> Json:
    """The parameter ``ordering``."""
    known = [order.name for order in resource.orders]
    about = (
        f"Usually `{known[0]}`. Complete with `id` and `cursor` alone: in every other order, and with page numbers, "
        "objects that come or go while you read can be missed or met twice."
    )
    return query("ordering", {"type": "string", "enum": known}, about, known[0])


def format_of(formats: Sequence[str]) -> Json:
    """The parameter ``format``."""
    about = "The form of the answer, in place of an `Accept` header."
    if len(formats) > 1:
        about += (
            " Forms other than JSON give everything that is asked for at once and take no page and no cursor."
        )
    if "ics" in formats:
        about += f" A calendar (`ics`) holds up to {MOST} showings; more than that is refused."
    return query("format", {"type": "string", "enum": list(formats)}, about, formats[0])
