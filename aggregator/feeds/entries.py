"""Showings as entries of a calendar: rows in, ``Entry`` out. Asks the database one thing: the rows."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aggregator.addresses import absolute, event_path
from aggregator.feeds.asked import site_host
from aggregator.feeds.calendars import Entry
from aggregator.models import Showing
from aggregator.vocabulary import CoordinatePrecision, Precision, Status
from aggregator.web import cards, clock
from aggregator.web.origins import provider_name
from aggregator.web.texts import pick
from aggregator.web.words import KINDS

_COLUMNS = (
    *("starts_at", "ends_at", "zone", "local_start_date", "local_end_date", "precision", "showing_kind"),
    *("titles", "status", "moved_from", "notes", "provider", "first_seen_at", "updated_at", "number"),
    *("withdrawn_at", "event__titles", "event__status", "event__withdrawn_at"),
    *("event__film__length", "event__film__hidden_at"),
    *(f"venue__{name}" for name in ("name", "house", "street", "postal_code", "city", "hidden_at")),
    *(f"venue__{name}" for name in ("latitude", "longitude", "coordinates")),
)


def entries(rows: QuerySet[Showing], language: str) -> list[Entry]:
    """An entry for each of *rows*, which carry ``stamp``, in their order. One query."""
    host = site_host()
    found = rows.select_related("event", "event__film", "venue").only(*_COLUMNS)
    return [_entry(row, language, host) for row in found]


def _entry(row: Any, language: str, host: str) -> Entry:
    event, film, venue = row.event, row.event.film, row.venue
    if film is not None and film.hidden_at is not None:
        film = None
    exact = row.precision == Precision.EXACT
    zone = clock.zone_named(row.zone).key
    if venue is not None and venue.hidden_at is not None:
        venue = None
    cancelled = Status.CANCELLED in (row.status, event.status)
    withdrawn = row.withdrawn_at is not None or event.withdrawn_at is not None
    title = pick(row.titles, language).value or pick(event.titles, language).value or _("Untitled")
    return Entry(
        uid=f"showing-{row.pk}@{host}",
        starts=row.starts_at if exact else row.local_start_date,
        ends=_end(row, film.length if film else None) if exact else row.local_end_date,
        zone=zone,
        summary=": ".join((*_fate(cancelled, withdrawn), title)),
        description=_description(row, language),
        location=_location(venue),
        position=(venue.latitude, venue.longitude)
        if venue and venue.latitude is not None and venue.coordinates == CoordinatePrecision.EXACT
        else None,
        url=absolute(event_path(event.pk, event.titles)),
        category=str(KINDS[row.showing_kind]),
        # Of what is no longer listed nobody knows more than that one must not go there.
        cancelled=cancelled or withdrawn,
        created=row.first_seen_at,
        stamp=row.stamp,
        # Nobody counts changes; the seconds until the last one grow with each, and never fall.
        sequence=max(int((row.stamp - row.first_seen_at).total_seconds()), 0),
    )


def _fate(cancelled: bool, withdrawn: bool) -> tuple[str, ...]:
    """What befell a showing in a word, or nothing."""
    return (_("Cancelled"),) if cancelled else (_("Withdrawn"),) if withdrawn else ()


def _end(row: Any, length: int | None) -> datetime | None:
    """When a showing ends: as its source says, else with its film, else nobody knows."""
    if row.ends_at is not None:
        return row.ends_at  # type: ignore[no-any-return]
    return row.starts_at + timedelta(minutes=length) if length else None


def _location(venue: Any) -> str:
    if venue is None:
        return ""
    city = " ".join(filter(None, (venue.postal_code, venue.city)))
    return ", ".join(dict.fromkeys(filter(None, (cards.venue_name(venue), venue.street, city))))


def _description(row: Any, language: str) -> str:
    """What a visitor must know beside when and where. Nothing of tickets: they change all day."""
    said = [
        cards.before(row) if row.moved_from else "",
        pick(row.notes, language).value,
        _("No. %(number)s") % {"number": row.number} if row.number else "",
        _("Source: %(name)s") % {"name": provider_name(row.provider)},
    ]
    return "\n".join(filter(None, said))
