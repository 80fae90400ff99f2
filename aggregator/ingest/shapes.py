"""How each kind of record lies in its table: which columns it fills and which rows it refers to.

Columns that bear the name of a record's field are copied; the rest is said here. Pictures, credits and offers are
parts of their owner and have no shape of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, cast

from aggregator.ingest.decide import programme_days
from aggregator.models import (
    Category,
    Event,
    Festival,
    Film,
    Listing,
    Organisation,
    Person,
    Section,
    Selection,
    Showing,
    Term,
    Venue,
)
from aggregator.records import EventRecord, Record, ShowingRecord, Texts, Trailer
from aggregator.vocabulary import Kind

# Set when a row is made and never again.
IDENTITY = ("provider", "external_id", "first_seen_at", "hidden_at", "hidden_reason")
# Written with every change of the row's content.
BOOKKEEPING = (
    *(
        "url",
        "fingerprint",
        "mapping_version",
        "authority",
        "updated_at",
        "upstream_modified_at",
        "withdrawn_at",
    ),
)
# What a change of seats rewrites.
SEATS = ("availability", "seats_total", "seats_free", "buy_urls", "seats_fingerprint", "seats_at")


class DanglingReference(LookupError):
    """A record names a row that its document did not bring along; the argument is the record's field."""


@dataclass(frozen=True)
class Shape:
    """One kind's table. *refers* maps a record's field to the kind it names and the column that takes the id."""

    kind: Kind
    model: type[Listing]
    copied: tuple[str, ...]
    refers: Mapping[str, tuple[Kind, str]] = field(default_factory=dict)
    derived: Callable[[Any], dict[str, Any]] = lambda record: {}
    derived_names: tuple[str, ...] = ()

    @cached_property
    def _filled(self) -> tuple[str, ...]:
        return (*self.copied, *self.derived_names, *(column for _, column in self.refers.values()))

    @cached_property
    def inserted(self) -> tuple[str, ...]:
        """Every column that a new row gets, in the order in which its values are handed over."""
        own = ("moved_from", "seats_fingerprint", "seats_at") if self.kind is Kind.SHOWING else ()
        return (*IDENTITY, *BOOKKEEPING, *self._filled, *own)

    @cached_property
    def updated(self) -> tuple[str, ...]:
        """Every column that a changed row gets. An event's showings decide whether it is shown again."""
        bookkeeping = [name for name in BOOKKEEPING if (self.kind, name) != (Kind.EVENT, "withdrawn_at")]
        own = ("seats_fingerprint", "seats_at") if self.kind is Kind.SHOWING else ()
        return (*bookkeeping, *self._filled, *own)

    def values(self, record: Record, ids: Mapping[tuple[Kind, str], int]) -> dict[str, Any]:
        """Column → value for *record*; raises ``DanglingReference`` for a row that its document did not bring along."""
        values = {name: getattr(record, name) for name in self.copied}
        values |= self.derived(record)
        for name, (kind, column) in self.refers.items():
            external_id = getattr(record, name)
            if isinstance(external_id, tuple):
                external_id = external_id[0] if external_id else ""
            if external_id and (kind, external_id) not in ids:
                raise DanglingReference(name)
            values[column] = ids[kind, external_id] if external_id else None
        return values


def _folded(titles: Texts) -> str:
    return "\n".join(dict.fromkeys(title.casefold() for title in titles.values()))


def _trailers(trailers: tuple[Trailer, ...]) -> list[dict[str, Any]]:
    return [asdict(trailer) for trailer in trailers]


def _of_showing(record: ShowingRecord) -> dict[str, Any]:
    first, last = programme_days(record)
    return {
        "local_start_date": first,
        "local_end_date": last,
        "folded": _folded(record.titles),
        "tags": list(record.tags),
    }


def _of_event(record: EventRecord) -> dict[str, Any]:
    return {
        "folded": _folded(record.titles),
        "trailers": _trailers(record.trailers),
        "links": dict(record.links),
    }


# Order of writing: what is referred to comes first.
SHAPES: tuple[Shape, ...] = (
    Shape(
        Kind.FESTIVAL,
        Festival,
        ("name", "starts_on", "ends_on", "zone", "is_current", "sale_starts_at", "descriptions"),
    ),
    Shape(Kind.SECTION, Section, ("name", "descriptions"), {"festival": (Kind.FESTIVAL, "festival_id")}),
    Shape(
        Kind.VENUE,
        Venue,
        (
            *("name", "house", "types", "street", "vicinity", "postal_code", "city", "region", "country"),
            *("latitude", "longitude", "coordinates", "zone", "phone", "website", "descriptions"),
        ),
    ),
    Shape(Kind.ORGANISATION, Organisation, ("name", "organisation_kind", "website", "descriptions")),
    Shape(
        Kind.PERSON,
        Person,
        ("name", "sort_name", "year_of_birth", "descriptions", "attributes", "links", "public"),
        {"agency": (Kind.ORGANISATION, "agency_id")},
        lambda record: {
            "professions": list(record.professions),
            "vita": [dict(entry) for entry in record.vita],
            "trailers": _trailers(record.trailers),
        },
        ("professions", "vita", "trailers"),
    ),
    Shape(Kind.CATEGORY, Category, ("scheme", "names")),
    Shape(Kind.TERM, Term, ("list_name", "value", "labels")),
    Shape(
        Kind.FILM,
        Film,
        (
            *("titles", "original_title", "descriptions", "countries", "languages", "length", "year"),
            *("statuses", "subtitles", "companies", "rights", "distribution", "imdb_id", "website"),
        ),
        {},
        lambda record: {"trailers": _trailers(record.trailers)},
        ("trailers",),
    ),
    Shape(
        Kind.SELECTION,
        Selection,
        (),
        {
            "film": (Kind.FILM, "film_id"),
            "festival": (Kind.FESTIVAL, "festival_id"),
            "section": (Kind.SECTION, "section_id"),
        },
    ),
    Shape(
        Kind.EVENT,
        Event,
        (
            *(
                "event_kind",
                "titles",
                "summaries",
                "descriptions",
                "price_min",
                "price_max",
                "currency",
                "is_free",
            ),
            *("free_condition", "status", "status_note", "sale_starts_at", "buy_url"),
        ),
        {
            "film": (Kind.FILM, "film_id"),
            "festival": (Kind.FESTIVAL, "festival_id"),
            "organisation": (Kind.ORGANISATION, "organisation_id"),
        },
        _of_event,
        ("folded", "trailers", "links"),
    ),
    Shape(
        Kind.SHOWING,
        Showing,
        (
            *(
                "starts_at",
                "ends_at",
                "doors_at",
                "zone",
                "precision",
                "showing_kind",
                "titles",
                "number",
                "status",
            ),
            *("notes", "sale_starts_at", "availability", "seats_total", "seats_free", "buy_urls"),
        ),
        {"event": (Kind.EVENT, "event_id"), "venues": (Kind.VENUE, "venue_id")},
        _of_showing,
        ("local_start_date", "local_end_date", "folded", "tags"),
    ),
)

SHAPE_OF: Mapping[Kind, Shape] = {shape.kind: shape for shape in SHAPES}


def rows_of(kind: Kind) -> Any:
    """The default manager of *kind*'s table."""
    return cast(Any, SHAPE_OF[kind].model).objects
