"""A whole plan, looked at: what clashes, what stands in the way of each entry, and how it stands with the festival.

``load`` reads, in a number of queries that does not grow with the plan; everything else is pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from aggregator.ingest.decide import programme_day
from aggregator.models import Showing
from aggregator.vocabulary import Availability, Precision
from planner import outbox
from planner.clashes import Clash, Kind, Place, Slot, clashes
from planner.copies import FESTIVAL_PROVIDER
from planner.models import Entry, Link, OutboxRow, Ticket
from planner.models.entry import Copied
from planner.plan import HELD
from planner.vocabulary import Intent, LinkState, Obstacle, ShowingState

#: How long something lasts where nobody says.
USUAL_LENGTH = timedelta(hours=2)


class Standing(StrEnum):
    """How an entry stands with the festival: LOCAL is known here alone, GONE is not in its programme any more."""

    LOCAL = "local"
    IN_STEP = "in_step"
    WAITING = "waiting"
    FAILED = "failed"
    ASKED = "asked"
    GONE = "gone"


@dataclass(frozen=True)
class Situation:
    """A plan with all that is needed to tell how it is. *leaving* are removals that the festival does not know yet."""

    entries: Sequence[Entry]
    leaving: Sequence[Entry] = ()
    calls: Mapping[int, Sequence[OutboxRow]] = field(default_factory=dict)
    tickets: Sequence[Ticket] = ()
    link: Link | None = None

    def ticket_of(self, entry: Entry) -> Ticket | None:
        """A live ticket for the entry's showing."""
        if entry.provider != FESTIVAL_PROVIDER:
            return None
        return next((one for one in self.tickets if one.external_id == entry.external_id), None)

    def unplanned(self) -> Sequence[Ticket]:
        """Live tickets whose showing is not in the plan."""
        planned = {one.external_id for one in self.entries if one.provider == FESTIVAL_PROVIDER}
        return [one for one in self.tickets if one.external_id not in planned]

    def standing(self, entry: Entry) -> Standing:
        """How *entry* stands with the festival."""
        if not outbox.is_synced(entry) or self.link is None:
            return Standing.LOCAL
        if hasattr(entry, "question"):
            return Standing.ASKED
        if entry.gone_at is not None:
            return Standing.GONE
        calls = self.calls.get(entry.pk, ())
        if any(call.reason for call in calls):
            return Standing.FAILED
        waiting = bool(calls) or not entry.base or self.link.state != LinkState.LINKED
        return Standing.WAITING if waiting else Standing.IN_STEP

    def reason(self, entry: Entry) -> str:
        """Why the entry's call failed, or why nothing goes at the moment; "" for no reason."""
        calls = self.calls.get(entry.pk, ())
        return next((call.reason for call in calls if call.reason), "")


def load(user: int) -> Situation:
    """The plan of *user*. Five queries."""
    rows = Entry.objects.filter(user=user).select_related("question", "showing__event")
    found = list(rows.order_by("starts_at", "pk"))
    calls: defaultdict[int, list[OutboxRow]] = defaultdict(list)
    for call in OutboxRow.objects.filter(entry__user=user).order_by("position"):
        calls[call.entry_id].append(call)
    return Situation(
        entries=[one for one in found if one.removed_at is None or hasattr(one, "question")],
        leaving=[one for one in found if one.removed_at is not None and not hasattr(one, "question")],
        calls=calls,
        tickets=list(
            Ticket.objects.filter(user=user, gone_at=None)
            .select_related("card", "showing__event", "showing__venue")
            .order_by("starts_at", "pk")
        ),
        link=Link.objects.filter(user=user).first(),
    )


def slot_of(entry: Entry) -> Slot | None:
    """The entry as a stretch of time; None where it has no time of day, or will not take place."""
    if entry.starts_at is None or entry.precision != Precision.EXACT or is_off(entry):
        return None
    place = Place(entry.venue_key and f"{entry.provider}:{entry.venue_key}", entry.latitude, entry.longitude)
    return Slot(entry.pk, f"{entry.provider}:{entry.work_key}", entry.starts_at, ends_at(entry), place)


def slot_of_showing(showing: Showing, length: timedelta) -> Slot:
    """A showing that may be planned instead; loaded with its event and venue."""
    venue = showing.venue
    key = f"{showing.provider}:{venue.external_id}" if venue else ""
    place = Place(key, venue.latitude if venue else None, venue.longitude if venue else None)
    end = showing.ends_at or showing.starts_at + length
    return Slot(showing.pk, f"{showing.provider}:{showing.event.external_id}", showing.starts_at, end, place)


def ends_at(copy: Copied) -> datetime:
    """When it ends, or should where nobody says."""
    assert copy.starts_at is not None
    return copy.ends_at or copy.starts_at + USUAL_LENGTH


def is_off(entry: Entry) -> bool:
    """Whether the showing will not take place, as far as anybody knows."""
    return entry.state in (ShowingState.CANCELLED, ShowingState.WITHDRAWN) or entry.gone_at is not None


def day_of(copy: Copied) -> date | None:
    """The programme day."""
    if copy.starts_at is None:
        return None
    return programme_day(copy.starts_at, copy.zone, Precision(copy.precision))


def local(moment: datetime, zone: str) -> datetime:
    """*moment* on the clock of its place."""
    return moment.astimezone(ZoneInfo(zone))


def clashes_of(entries: Iterable[Entry]) -> Mapping[int, Sequence[Clash]]:
    """Entry key → its clashes."""
    found: defaultdict[int, list[Clash]] = defaultdict(list)
    for one in clashes(slot for entry in entries if (slot := slot_of(entry)) is not None):
        found[one.first.key].append(one)
        found[one.second.key].append(one)
    return found


def obstacles(entry: Entry, problems: Sequence[Clash], plan: Sequence[Entry]) -> Sequence[Obstacle]:
    """Everything that stands in the way of *entry* among the entries of *plan*."""
    found = []
    if is_off(entry):
        found.append(Obstacle.CANCELLED)
    elif entry.state == ShowingState.MOVED:
        found.append(Obstacle.MOVED)
    if any(one.kind is Kind.OVERLAP for one in problems):
        found.append(Obstacle.CLASH)
    if any(one.kind is Kind.WAY for one in problems):
        found.append(Obstacle.NO_TRAVEL_TIME)
    sold_out = entry.showing is not None and entry.showing.availability == Availability.SOLDOUT
    if sold_out and entry.ticket not in HELD:
        found.append(Obstacle.UNAVAILABLE)
    if not _is_settled(entry) and any(_is_settled(one) and _same_work(one, entry) for one in plan):
        found.append(Obstacle.GOING_ELSEWHERE)
    return found


def _is_settled(entry: Entry) -> bool:
    return not is_off(entry) and (entry.intent == Intent.GOING or entry.ticket in HELD)


def _same_work(one: Entry, other: Entry) -> bool:
    same = (one.provider, one.work_key) == (other.provider, other.work_key)
    return same and bool(one.work_key) and one.external_id != other.external_id
