"""The copy of a showing that an entry or ticket keeps: what is copied, from where, and what has changed since."""

from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from typing import Any

from django.db.models import QuerySet

from aggregator.models import Showing
from aggregator.vocabulary import Precision, Status
from planner.models.entry import Copied
from planner.upstream.rows import EventRow
from planner.vocabulary import ShowingState

FESTIVAL_PROVIDER = "sff"
FESTIVAL_ZONE = "Europe/Stockholm"
#: Everything that ``copied`` reads, in one query.
RELATED = ("event", "event__film", "event__festival", "venue")

Columns = dict[str, Any]


def visible() -> QuerySet[Any]:
    """The showings that anybody may plan: hidden neither themselves nor with their event."""
    return Showing.objects.filter(hidden_at=None, event__hidden_at=None)


def is_visible(showing: Showing | None) -> bool:
    """Whether *showing*, loaded with its event, is one of ``visible``."""
    return showing is not None and showing.hidden_at is None and showing.event.hidden_at is None


def copied(showing: Showing) -> Columns:
    """The columns of a copy of *showing*, which was loaded with ``RELATED``."""
    event, venue = showing.event, showing.venue
    ends_at = showing.ends_at
    if ends_at is None and showing.precision == Precision.EXACT and event.film and event.film.length:
        ends_at = showing.starts_at + timedelta(minutes=event.film.length)
    return {
        "provider": showing.provider,
        "external_id": showing.external_id,
        "showing_id": showing.pk,
        "titles": showing.titles or event.titles,
        "starts_at": showing.starts_at,
        "ends_at": ends_at,
        "zone": showing.zone,
        "precision": showing.precision,
        "venue_key": venue.external_id if venue else "",
        "venue_name": venue.name if venue else "",
        "latitude": venue.latitude if venue else None,
        "longitude": venue.longitude if venue else None,
    }


def more(showing: Showing) -> Columns:
    """What an entry keeps beside the copy itself."""
    event = showing.event
    return {
        "festival_key": event.festival.external_id if event.festival else "",
        "work_key": event.external_id,
        "state": state_of(showing),
        "was": dict(showing.moved_from) if state_of(showing) == ShowingState.MOVED else {},
        "copied_at": showing.updated_at,
    }


def place_of(row: Showing | Copied) -> Columns:
    """When and where *row* is, as JSON-ready values; a showing is loaded with its venue."""
    if isinstance(row, Showing):
        key, name = (row.venue.external_id, row.venue.name) if row.venue else ("", "")
    else:
        key, name = row.venue_key, row.venue_name
    moment = row.starts_at.astimezone(UTC).isoformat() if row.starts_at else ""
    return {"starts_at": moment, "venue": key, "venue_name": name}


def is_elsewhere(before: Mapping[str, Any], now_is: Mapping[str, Any]) -> bool:
    """Whether two places of ``place_of`` differ. A house under another name or another id is the same house."""
    other_house = all(before.get(name) != now_is.get(name) for name in ("venue", "venue_name"))
    return other_house or before.get("starts_at") != now_is.get("starts_at")


def state_of(showing: Showing) -> ShowingState:
    """What became of *showing*: withdrawn, cancelled, moved or scheduled, the first that holds."""
    if showing.withdrawn_at is not None:
        return ShowingState.WITHDRAWN
    if Status.CANCELLED in (showing.status, showing.event.status):
        return ShowingState.CANCELLED
    return ShowingState.MOVED if showing.moved_from else ShowingState.SCHEDULED


def written(event: EventRow) -> Columns:
    """The copy of a showing that only the festival's own answer tells of."""
    return {
        "provider": FESTIVAL_PROVIDER,
        "external_id": event.id,
        "showing_id": None,
        "titles": dict(event.titles),
        "starts_at": event.starts_at,
        "ends_at": None,
        "zone": FESTIVAL_ZONE,
        "precision": Precision.EXACT,
        "venue_key": event.venue,
        "venue_name": event.venue_name,
        "latitude": None,
        "longitude": None,
    }


def of_festival(external_ids: Iterable[str]) -> Mapping[str, Showing]:
    """The festival's showings of these ids that we list, by id; one query. Hidden ones are not there."""
    rows = visible().filter(provider=FESTIVAL_PROVIDER, external_id__in=list(external_ids))
    return {row.external_id: row for row in rows.select_related(*RELATED)}


def shown(copy: Copied) -> Columns:
    """A copy as JSON-ready values, for notices and for undoing."""
    return {
        "titles": copy.titles,
        "starts_at": copy.starts_at.isoformat() if copy.starts_at else None,
        "zone": copy.zone,
        "venue": copy.venue_name,
    }
