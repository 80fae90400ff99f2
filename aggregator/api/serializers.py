"""Rows as the API writes them: plain functions from the database's columns to dicts.

Rows are read with ``values()``: a list of fifty builds no model instance. Every function here asks the
database a number of times that does not depend on how many rows it is given. What is unknown is null or
empty, never left out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from aggregator.addresses import absolute, api_path, event_path, web_link
from aggregator.admission import text_of_html
from aggregator.models import Credit, Event, Offer, Showing

Json = dict[str, Any]

_VENUE = (
    "id",
    "name",
    "house",
    "street",
    "postal_code",
    "city",
    "country",
    "latitude",
    "longitude",
    "hidden_at",
)
_COMMON = ("id", "provider", "external_id", "url", "updated_at", "withdrawn_at", "status")
_SHOWING = (
    *_COMMON,
    *("event_id", "event__titles", "event__status", "event__is_free", "titles", "notes", "showing_kind"),
    *("starts_at", "ends_at", "doors_at", "zone", "precision", "local_start_date", "local_end_date"),
    *("availability", "seats_total", "seats_free", "seats_at", "sale_starts_at", "buy_urls"),
    *("tags", "number", "moved_from"),
    *(f"venue__{name}" for name in _VENUE),
)
_EVENT = (
    *_COMMON,
    *("event_kind", "titles", "summaries", "descriptions", "status_note", "trailers", "links", "buy_url"),
    *("price_min", "price_max", "currency", "is_free", "free_condition", "sale_starts_at"),
    *("film_id", "film__titles", "film__original_title", "film__countries", "film__year", "film__length"),
    *("film__languages", "film__subtitles", "film__imdb_id", "film__hidden_at"),
    *("festival_id", "festival__name", "festival__starts_on", "festival__ends_on", "festival__hidden_at"),
    *("organisation_id", "organisation__name", "organisation__website", "organisation__hidden_at"),
)


def showings(rows: QuerySet[Showing]) -> list[Json]:
    """The showings in *rows*, in that order. Three queries."""
    found = list(rows.values(*_SHOWING))
    ids = [row["id"] for row in found]
    further = _further_venues(ids)
    offers = _offers("showing_id", ids)
    return [_showing(row, further[row["id"]], offers[row["id"]]) for row in found]


def events(rows: QuerySet[Event]) -> list[Json]:
    """The events in *rows*, in that order, without their showings. Four queries."""
    found = list(rows.values(*_EVENT))
    ids = [row["id"] for row in found]
    films = [row["film_id"] for row in found if row["film_id"]]
    categories, offers, credits = _categories(ids), _offers("event_id", ids), _credits(ids, films)
    return [
        _event(
            row,
            categories[row["id"]],
            offers[row["id"]],
            credits["film", row["film_id"]] + credits["event", row["id"]],
        )
        for row in found
    ]


def common(row: Mapping[str, Any], kind: str, status: str, page: str) -> Json:
    """What every row of every kind says: *page* is the path of its page on the site."""
    return {
        "id": row["id"],
        "url": absolute(page),
        "api_url": absolute(api_path(kind, row["id"])),
        "provider": row["provider"],
        "external_id": row["external_id"],
        "source_url": web_link(row["url"]) or None,
        "attribution": _attribution(row["provider"]),
        "updated_at": _utc(row["updated_at"]),
        "status": status,
    }


def _attribution(provider: str) -> str:
    configured = settings.PROVIDERS.get(provider)
    return text_of_html(configured.provider.attribution) if configured else provider


def _showing(row: Mapping[str, Any], further: Sequence[Json], offers: Sequence[Json]) -> Json:
    zone = _zone(row["zone"])
    path = event_path(row["event_id"], row["event__titles"])
    moved = row["moved_from"]
    return {
        **common(row, "showings", _status(row), path),
        "event": {
            "id": row["event_id"],
            "url": absolute(path),
            "api_url": absolute(api_path("events", row["event_id"])),
            "titles": row["event__titles"],
        },
        "titles": row["titles"] or row["event__titles"],
        "notes": row["notes"],
        "kind": row["showing_kind"],
        "starts_at": _local(row["starts_at"], zone),
        "ends_at": _local(row["ends_at"], zone),
        "doors_at": _local(row["doors_at"], zone),
        "timezone": row["zone"],
        "precision": row["precision"],
        "local_start_date": row["local_start_date"].isoformat(),
        "local_end_date": row["local_end_date"].isoformat(),
        "venues": _venues(row, further),
        "availability": row["availability"],
        "seats_total": row["seats_total"],
        "seats_free": row["seats_free"],
        "seats_at": _utc(row["seats_at"]),
        "sale_starts_at": _local(row["sale_starts_at"], zone),
        "buy_urls": {label: url for label, url in row["buy_urls"].items() if web_link(url)},
        "offers": list(offers),
        "is_free": row["event__is_free"],
        "tags": row["tags"],
        "number": row["number"],
        "moved_from": _moved_from(moved, zone) if moved else None,
    }


def _event(
    row: Mapping[str, Any], categories: Sequence[Json], offers: Sequence[Json], credits: Sequence[Json]
) -> Json:
    status = "withdrawn" if row["withdrawn_at"] else row["status"]
    return {
        **common(row, "events", status, event_path(row["id"], row["titles"])),
        "kind": row["event_kind"],
        "titles": row["titles"],
        "summaries": row["summaries"],
        "descriptions": row["descriptions"],
        "status_note": row["status_note"],
        "film": _part(row, "film", _FILM),
        "festival": _part(row, "festival", _FESTIVAL),
        "organisation": _part(row, "organisation", _ORGANISATION),
        "categories": list(categories),
        "credits": list(credits),
        "trailers": [one for one in row["trailers"] if web_link(one.get("url"))],
        "links": {label: url for label, url in row["links"].items() if web_link(url)},
        "price_min": _money(row["price_min"]),
        "price_max": _money(row["price_max"]),
        "currency": row["currency"],
        "is_free": row["is_free"],
        "free_condition": row["free_condition"],
        "sale_starts_at": _utc(row["sale_starts_at"]),
        "buy_url": web_link(row["buy_url"]) or None,
        "offers": list(offers),
    }


_FILM = ("titles", "original_title", "countries", "year", "length", "languages", "subtitles", "imdb_id")
_FESTIVAL = ("name", "starts_on", "ends_on")
_ORGANISATION = ("name", "website")


def _part(row: Mapping[str, Any], part: str, names: Iterable[str]) -> Json | None:
    """A row that an event refers to; null for none and for one hidden by hand."""
    if row[f"{part}_id"] is None or row[f"{part}__hidden_at"] is not None:
        return None
    return {"id": row[f"{part}_id"], **{name: row[f"{part}__{name}"] for name in names}}


def _status(row: Mapping[str, Any]) -> str:
    """A showing's one word: withdrawn, cancelled, moved or scheduled, the first that holds."""
    if row["withdrawn_at"]:
        return "withdrawn"
    if "cancelled" in (row["status"], row["event__status"]):
        return "cancelled"
    return "moved" if row["moved_from"] else "scheduled"


def _moved_from(moved: Mapping[str, Any], zone: ZoneInfo) -> Json:
    return {
        "starts_at": _local(datetime.fromisoformat(moved["starts_at"]), zone),
        "venue": str(moved.get("venue_name") or ""),
    }


def _venues(row: Mapping[str, Any], further: Sequence[Json]) -> list[Json]:
    if row["venue__id"] is None or row["venue__hidden_at"] is not None:
        return list(further)
    return [_venue({name: row[f"venue__{name}"] for name in _VENUE}), *further]


def _venue(row: Mapping[str, Any]) -> Json:
    return {name: row[name] for name in _VENUE if name != "hidden_at"}


def _further_venues(ids: Sequence[int]) -> Mapping[int, list[Json]]:
    columns = ("showing_id", *(f"venue__{name}" for name in _VENUE))
    links = Showing.further_venues.through.objects.filter(showing__in=ids, venue__hidden_at=None)
    return _grouped(
        links.order_by("id").values(*columns),
        lambda row: row["showing_id"],
        lambda row: _venue({name: row[f"venue__{name}"] for name in _VENUE}),
    )


def _offers(owner: str, ids: Sequence[int]) -> Mapping[int, list[Json]]:
    rows = Offer.objects.filter(**{f"{owner}__in": ids}).order_by("position")
    return _grouped(
        rows.values(owner, "price", "currency", "label", "url"),
        lambda row: row[owner],
        lambda row: {
            "price": _money(row["price"]),
            "currency": row["currency"],
            "label": row["label"],
            "url": web_link(row["url"]) or None,
        },
    )


def _categories(ids: Sequence[int]) -> Mapping[int, list[Json]]:
    links = Event.categories.through.objects.filter(event__in=ids, category__hidden_at=None)
    return _grouped(
        links.order_by("id").values("event_id", "category_id", "category__scheme", "category__names"),
        lambda row: row["event_id"],
        lambda row: {
            "id": row["category_id"],
            "scheme": row["category__scheme"],
            "names": row["category__names"],
        },
    )


def _credits(events: Sequence[int], films: Sequence[int]) -> Mapping[Any, list[Json]]:
    """Credits by ``("film", id)`` and ``("event", id)``."""
    rows = Credit.objects.filter(Q(event__in=events) | Q(film__in=films)).order_by("position")
    return _grouped(
        rows.values("film_id", "event_id", "role", "name", "character"),
        lambda row: ("film", row["film_id"]) if row["film_id"] else ("event", row["event_id"]),
        lambda row: {name: row[name] for name in ("role", "name", "character")},
    )


def _grouped(
    rows: Iterable[Mapping[str, Any]], key: Callable[[Any], Any], write: Callable[[Any], Json]
) -> Mapping[Any, list[Json]]:
    groups: defaultdict[Any, list[Json]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(write(row))
    return groups


def _money(amount: Any) -> str | None:
    return None if amount is None else str(amount)


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _local(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")
