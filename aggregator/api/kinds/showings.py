"""Showings as the API writes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.api import images, parts, values
from aggregator.api.fields import (
    DATE,
    LINKS,
    MAYBE_INTEGER,
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TRUTH,
    MOMENT,
    TEXT,
    TEXTS,
    Field,
    Json,
    Row,
    Wanted,
    example_of,
    maybe,
    reference,
    several,
    word_of,
)
from aggregator.api.kinds import venues
from aggregator.models import Showing
from aggregator.vocabulary import Availability, Kind, Precision, ShowingKind, Status

_VENUE = (*venues.SUMMARY_COLUMNS, "hidden_at", "updated_at")
COLUMNS = (
    *values.COMMON_COLUMNS,
    *images.columns("event__"),
    *("status", "event_id", "event__titles", "event__status", "event__is_free", "event__updated_at"),
    *("event__film_id", "event__film__titles", "event__film__hidden_at", "event__film__updated_at"),
    *("titles", "notes", "showing_kind", "starts_at", "ends_at", "doors_at", "zone", "precision"),
    *("local_start_date", "local_end_date", "availability", "seats_total", "seats_free", "seats_at"),
    *("sale_starts_at", "buy_urls", "tags", "number", "moved_from"),
    *(f"venue__{name}" for name in _VENUE),
)
MOVED = (
    Field("starts_at", MOMENT, "When it would have begun.", "2026-11-22T17:00:00+01:00"),
    Field("venue", TEXT, "Where it would have been, or empty.", "Zita"),
)
FIELDS = (
    *values.common_fields(
        "showings", "/events/4711-nattlinjen/", word_of(Status, "moved", "withdrawn"), "scheduled"
    ),
    Field(
        "event",
        {"anyOf": [reference("Titled"), reference("Event")]},
        "What is shown; whole with `expand=event`.",
        parts.titled_example("events", 4711, "Nattlinjen"),
    ),
    Field(
        "film",
        parts.expandable("Titled", "Film"),
        "The event's film, or null; whole with `expand=film`.",
        parts.titled_example("films", 88, "Nattlinjen"),
    ),
    Field("titles", TEXTS, "Titles per language: its own, else the event's.", {"sv": "Nattlinjen"}),
    Field("notes", TEXTS, "What the provider adds, per language.", {}),
    Field("kind", word_of(ShowingKind), "What takes place.", "screening"),
    Field("starts_at", MOMENT, "Start, with the offset of `timezone`.", "2026-11-22T19:00:00+01:00"),
    Field("ends_at", MAYBE_MOMENT, "End, where known.", "2026-11-22T20:37:00+01:00"),
    Field("doors_at", MAYBE_MOMENT, "When doors open, where known.", None),
    Field("timezone", TEXT, "IANA name of the zone that the times are meant in.", "Europe/Stockholm"),
    Field(
        "precision",
        word_of(Precision),
        "How much of the times is meant. Unless `exact`, only the days count.",
        "exact",
    ),
    Field(
        "local_start_date",
        DATE,
        "First programme day. A programme day begins at 05:00 in `timezone`.",
        "2026-11-22",
    ),
    Field("local_end_date", DATE, "Last programme day.", "2026-11-22"),
    Field(
        "venues",
        several({"anyOf": [reference("VenueSummary"), reference("Venue")]}),
        "Where; the first is the main one. Whole with `expand=venue`.",
        [example_of(venues.SUMMARY)],
    ),
    Field("availability", word_of(Availability), "Tickets.", "few"),
    Field("seats_total", MAYBE_INTEGER, "Seats in all, where known.", 180),
    Field("seats_free", MAYBE_INTEGER, "Seats left, where known.", 7),
    Field("seats_at", MAYBE_MOMENT, "When tickets were last told of, in UTC.", "2026-11-21T20:00:00Z"),
    Field("sale_starts_at", MAYBE_MOMENT, "When tickets go on sale.", None),
    Field("buy_urls", LINKS, "Where tickets are sold, by label.", {"public": "https://tickets.example/1"}),
    Field("offers", several(reference("Offer")), "Prices and shops.", []),
    Field("is_free", MAYBE_TRUTH, "Whether the event is free; null for not known.", False),
    Field("tags", several(TEXT), "Words such as `face_to_face`.", ["face_to_face"]),
    Field("number", TEXT, "The provider's number for the programme, or empty.", "1704"),
    Field("moved_from", maybe(reference("Moved")), "What it was before it moved, or null.", None),
    images.IMAGES,
    images.PICTURES,
    Field("distance_km", MAYBE_NUMBER, "Kilometres from the place given as `near`; there only with it.", 1.2),
)


def write(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """Showings with venues and offers. Two queries."""
    ids = [row["id"] for row in rows]
    further = _further_venues(ids, wanted) if wanted.has("venues") else {}
    offers = parts.offers("showing_id", ids) if wanted.has("offers") else {}
    return wanted.cut([_showing(row, further.get(row["id"], []), offers.get(row["id"], [])) for row in rows])


def _showing(row: Row, further: Sequence[Json], offers: Sequence[Json]) -> Json:
    zone = values.zone_of(row["zone"])
    event = parts.titled(Kind.EVENT, row["event_id"], row["event__titles"])
    film = row["event__film_id"] is not None and row["event__film__hidden_at"] is None
    common = values.common(row, "showings", "", _status(row))
    common["url"] = event["url"]
    return {
        **common,
        "event": event,
        "film": parts.titled(Kind.FILM, row["event__film_id"], row["event__film__titles"]) if film else None,
        "titles": row["titles"] or row["event__titles"],
        "notes": row["notes"],
        "kind": row["showing_kind"],
        "starts_at": values.local(row["starts_at"], zone),
        "ends_at": values.local(row["ends_at"], zone),
        "doors_at": values.local(row["doors_at"], zone),
        "timezone": row["zone"],
        "precision": row["precision"],
        "local_start_date": row["local_start_date"].isoformat(),
        "local_end_date": row["local_end_date"].isoformat(),
        "venues": _venues(row, further),
        "availability": row["availability"],
        "seats_total": row["seats_total"],
        "seats_free": row["seats_free"],
        "seats_at": values.utc(row["seats_at"]),
        "sale_starts_at": values.local(row["sale_starts_at"], zone),
        "buy_urls": values.links(row["buy_urls"]),
        "offers": offers,
        "is_free": row["event__is_free"],
        "tags": row["tags"],
        "number": row["number"],
        "moved_from": _moved_from(row["moved_from"], zone) if row["moved_from"] else None,
        "images": images.lead(row, "event__"),
        **({"distance_km": _rounded(row["distance_km"])} if "distance_km" in row else {}),
    }


def _rounded(kilometres: float | None) -> float | None:
    return None if kilometres is None else round(kilometres, 3)


def _status(row: Row) -> str:
    """One word: withdrawn, cancelled, moved or scheduled, the first that holds."""
    if row["withdrawn_at"]:
        return "withdrawn"
    if Status.CANCELLED in (row["status"], row["event__status"]):
        return "cancelled"
    return "moved" if row["moved_from"] else "scheduled"


def _moved_from(moved: Mapping[str, Any], zone: ZoneInfo) -> Json:
    return {
        "starts_at": values.local(datetime.fromisoformat(moved["starts_at"]), zone),
        "venue": str(moved.get("venue_name") or ""),
    }


def _venues(row: Row, further: Sequence[Json]) -> list[Json]:
    if row["venue__id"] is None or row["venue__hidden_at"] is not None:
        return list(further)
    return [venues.summary(row, "venue__"), *further]


def _further_venues(ids: Sequence[int], wanted: Wanted) -> dict[int, list[Json]]:
    columns = ("showing_id", *(f"venue__{name}" for name in (*venues.SUMMARY_COLUMNS, "updated_at")))
    links = Showing.further_venues.through.objects.filter(showing__in=ids, venue__hidden_at=None)
    return parts.grouped(
        wanted.watch(links.order_by("id").values(*columns)),
        lambda row: row["showing_id"],
        lambda row: venues.summary(row, "venue__"),
    )
