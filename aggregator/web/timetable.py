"""The showings of one thing, such as a film or a venue, as its page lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from aggregator.models import Event, Offer, Showing
from aggregator.search.criteria import Criteria
from aggregator.web import clock, filters, programme
from aggregator.web.cards import Card, Day, by_day, card, cards, is_over, listed
from aggregator.web.origins import Origin

MOST = 400
#: What machines are told of a place beside what cards show.
_PLACE = tuple(
    f"venue__{name}" for name in ("postal_code", "region", "country", "latitude", "longitude", "coordinates")
)
NEXT = 40


@dataclass(frozen=True, slots=True)
class Programme:
    """What comes next somewhere, by day, and what goes on there; *query* asks the programme for all of it, *more* says
    whether that is more than stands here.
    """

    days: tuple[Day, ...]
    runs: tuple[Card, ...]
    query: str
    more: bool

    def __bool__(self) -> bool:
        return bool(self.days or self.runs)


@dataclass(frozen=True, slots=True)
class Dates:
    """Coming and past showings for a template, and the *rows* of the coming ones; *more*: some are left out."""

    coming: tuple[Card, ...]
    past: tuple[Card, ...]
    rows: tuple[Showing, ...]
    more: bool


def coming_and_past(
    rows: QuerySet[Showing],
    language: str,
    now: datetime,
    known: Mapping[str, Origin],
    events: Mapping[int, Event] | None = None,
    most: int = MOST,
) -> Dates:
    """Coming showings, and past ones newest first. Withdrawn ones are shown as such, hidden ones not at all.

    At most *most* of each are listed. Two queries each. *events* by id are those that the showings belong to where
    the caller has loaded them; the rows then hold them.
    """
    shown = rows.filter(hidden_at=None, event__hidden_at=None)
    # Each showing is over in its own zone; here only those are parted off that are over everywhere.
    today = clock.earliest_today(now)
    later = shown.filter(local_end_date__gte=today).order_by("starts_at", "id")
    before = shown.filter(local_end_date__lt=today).order_by("-starts_at", "-id")
    coming: list[Card] = []
    over: list[Card] = []
    kept: list[Showing] = []
    ahead = list(listed(later, *_PLACE, pictures=False).prefetch_related("further_venues")[: most + 1])
    behind = list(listed(before, pictures=False).prefetch_related("further_venues")[: most + 1])
    for row in ahead[:most]:
        row.event = (events or {}).get(row.event_id, row.event)
        ended = is_over(row, now)
        (over if ended else coming).append(_card(row, language, now, known))
        if not ended:
            kept.append(row)
    past = [_card(row, language, now, known) for row in behind[:most]]
    more = max(len(ahead), len(behind)) > most
    return Dates(tuple(coming), (*reversed(over), *past), tuple(kept), more)


def offers_of(rows: Sequence[Showing]) -> Mapping[int, Sequence[Offer]]:
    """What it costs to get into each of *rows*, by their ids: its own offers, then those of its event. One query."""
    found: dict[tuple[str, int], list[Offer]] = {}
    wanted = Q(showing__in=[row.pk for row in rows]) | Q(event__in={row.event_id for row in rows})
    for offer in Offer.objects.filter(wanted).order_by("position"):
        key = ("showing", offer.showing_id) if offer.showing_id else ("event", offer.event_id or 0)
        found.setdefault(key, []).append(offer)
    return {
        row.pk: (*found.get(("showing", row.pk), ()), *found.get(("event", row.event_id), ())) for row in rows
    }


def _card(row: Showing, language: str, now: datetime, known: Mapping[str, Origin]) -> Card:
    return card(row, language, now, known, row.further_venues.all())


def coming(criteria: Criteria, language: str, now: datetime, known: Mapping[str, Origin]) -> Programme:
    """What matches *criteria* from today on: the next ``NEXT`` by day, and the first runs. Two queries."""
    wanted = programme.from_today(criteria, now)
    dated = cards(listed(programme.dated(wanted))[: NEXT + 1], language, now, known)
    ongoing = listed(programme.ongoing(wanted).order_by("local_end_date", "id"))
    runs = cards(ongoing[: programme.ONGOING + 1], language, now, known)
    return Programme(
        days=by_day(dated[:NEXT], now),
        runs=runs[: programme.ONGOING],
        query=filters.query(criteria),
        more=len(dated) > NEXT or len(runs) > programme.ONGOING,
    )
