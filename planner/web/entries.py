"""Plan entries as a page shows them: plain values out of a situation. Only ``others`` asks the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.addresses import event_path
from aggregator.models import Showing
from aggregator.vocabulary import Precision
from aggregator.web import clock
from aggregator.web.texts import Text, pick
from planner import badges, clashes, copies, situation
from planner.clashes import Clash, Kind
from planner.models import Entry, Ticket
from planner.models.entry import Copied
from planner.situation import Situation, Standing
from planner.vocabulary import Intent, Obstacle, ShowingState, Side, TicketMark
from planner.web import words

#: Other showings that are offered for one entry.
MOST_OTHERS = 4
_ANSWERABLE = (Obstacle.CLASH, Obstacle.NO_TRAVEL_TIME, Obstacle.UNAVAILABLE, Obstacle.CANCELLED)


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with its look."""

    label: Any
    look: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another showing of the same, and how it would fit."""

    showing: int
    when: str
    venue: str
    fits: str
    good: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry for a template. *id* is what its forms name it by; *venue* and *id* are also what the grid goes by."""

    id: int
    title: Text
    path: str
    day: date | None
    when: str
    until: str
    machine_time: str
    zone_note: str
    venue: str
    intent: str
    ticket: str
    card: str
    badge: Badge
    problems: tuple[str, ...]
    was: str
    standing: str
    reason: str
    over: bool
    off: bool
    asked: tuple[Any, Any] | None
    group: str
    others: tuple[Other, ...]


def shown(whole: Situation, some: Iterable[Entry], language: str, now: datetime) -> Sequence[Shown]:
    """*some* entries of the plan, in order of time."""
    problems = situation.clashes_of(whole.entries)
    titles = {one.pk: str(pick(one.titles, language)) for one in whole.entries}
    found = [(one, situation.obstacles(one, problems.get(one.pk, ()), whole.entries)) for one in some]
    offered = _others(whole, [one for one, kinds in found if set(kinds) & set(_ANSWERABLE)], now)
    return [
        _shown(
            whole, entry, kinds, problems.get(entry.pk, ()), titles, offered.get(entry.pk, ()), language, now
        )
        for entry, kinds in found
    ]


def _shown(
    whole: Situation,
    entry: Entry,
    kinds: Sequence[Obstacle],
    problems: Sequence[Clash],
    titles: Mapping[int, str],
    others: Sequence[Other],
    language: str,
    now: datetime,
) -> Shown:
    standing = whole.standing(entry)
    held = whole.ticket_of(entry)
    word = badges.badge(Intent(entry.intent), TicketMark(entry.ticket), kinds, standing is Standing.ASKED)
    question = getattr(entry, "question", None)
    reason = whole.reason(entry)
    return Shown(
        id=entry.pk,
        title=pick(entry.titles, language) or Text(_("Untitled")),
        path=path_of(entry),
        day=situation.day_of(entry),
        **_times(entry),
        venue=entry.venue_name,
        intent=entry.intent,
        ticket=entry.ticket,
        card=held.card.tail if held else "",
        badge=Badge(words.BADGES[word], words.LOOKS.get(word, "tag")),
        problems=tuple(_problem(entry, one, titles) for one in problems),
        was=_was(entry),
        standing=standing,
        reason=words.reason(reason) if reason else "",
        over=entry.starts_at is not None and situation.ends_at(entry) < now,
        off=situation.is_off(entry),
        group=question.group if question else "",
        asked=(words.SIDES[entry.local], words.SIDES[Side(question.remote)]) if question else None,
        others=tuple(others),
    )


def path_of(copy: Copied) -> str:
    """The page of the showing's event; "" where our listing does not have it."""
    if copy.showing is None or not copies.is_visible(copy.showing):
        return ""
    return event_path(copy.showing.event_id, copy.showing.event.titles)


def when(copy: Copied) -> str:
    """Day and time in few letters."""
    if copy.starts_at is None:
        return _("Time not known")
    here = situation.local(copy.starts_at, copy.zone)
    day = clock.short_day(here.date())
    return f"{day} {here:%H:%M}" if copy.precision == Precision.EXACT else day


def ticket_lines(tickets: Iterable[Ticket], language: str) -> Sequence[dict[str, Any]]:
    """Tickets for a list: title, when, where, card, page, our showing."""
    return [
        {
            "title": pick(one.titles, language) or Text(_("Untitled")),
            "when": when(one),
            "venue": one.venue_name,
            "card": one.card.tail,
            "path": path_of(one),
            "showing": one.showing_id if copies.is_visible(one.showing) else None,
            "trouble": _trouble(one),
        }
        for one in tickets
    ]


def _trouble(ticket: Ticket) -> Any:
    """What became of a ticket's showing, if it is bad news."""
    showing = ticket.showing
    if showing is not None and copies.state_of(showing) in (ShowingState.CANCELLED, ShowingState.WITHDRAWN):
        return _("This will not take place!")
    stands = copies.place_of(showing or ticket)
    has_moved = bool(ticket.first) and copies.is_elsewhere(ticket.first, stands)
    if not stands["starts_at"] or not (has_moved or (showing is not None and showing.moved_from)):
        return ""
    return _("Moved! Now %(when)s") % {"when": _place(stands, ticket.zone)}


def _place(place: Mapping[str, Any], zone: str) -> str:
    """Day, time and house of one of ``copies.place_of``."""
    here = situation.local(datetime.fromisoformat(place["starts_at"]), zone)
    return ", ".join(filter(None, (f"{clock.short_day(here.date())} {here:%H:%M}", place.get("venue_name"))))


def _times(entry: Entry) -> dict[str, Any]:
    if entry.starts_at is None or entry.precision != Precision.EXACT:
        return {"when": _("No time set"), "until": "", "machine_time": "", "zone_note": ""}
    here = situation.local(entry.starts_at, entry.zone)
    return {
        "when": f"{here:%H:%M}",
        "until": f"{situation.local(entry.ends_at, entry.zone):%H:%M}" if entry.ends_at else "",
        "machine_time": here.isoformat(timespec="minutes"),
        "zone_note": clock.zone_label(entry.zone) if entry.zone != clock.SITE_ZONE else "",
    }


def _problem(entry: Entry, one: Clash, titles: Mapping[int, str]) -> str:
    other = titles.get(one.second.key if one.first.key == entry.pk else one.first.key, "")
    if one.kind is Kind.OVERLAP:
        text = ngettext(
            "At the same time as %(other)s for %(minutes)d minute",
            "At the same time as %(other)s for %(minutes)d minutes",
            one.minutes,
        )
    else:
        text = ngettext(
            "%(minutes)d minute is lacking for the way between this and %(other)s",
            "%(minutes)d minutes are lacking for the way between this and %(other)s",
            one.minutes,
        )
    return text % {"other": other, "minutes": one.minutes}


def _was(entry: Entry) -> str:
    try:
        return _("was %(what)s") % {"what": _place(entry.was, entry.zone)}
    except (KeyError, ValueError):
        return ""


def _others(whole: Situation, troubled: Sequence[Entry], now: datetime) -> Mapping[int, Sequence[Other]]:
    """Entry → other showings of the same, best first. One query for all of them."""
    works = {one.work_key for one in troubled if one.work_key}
    if not works:
        return {}
    rows = Showing.objects.public().filter(
        event__hidden_at=None,
        event__external_id__in=works,
        provider__in={one.provider for one in troubled},
        starts_at__gt=now,
        precision=Precision.EXACT,
        status="scheduled",
        event__status="scheduled",
    )
    candidates = {
        row.pk: row for row in rows.select_related("event", "venue").order_by("starts_at", "pk")[:200]
    }
    planned = {(one.provider, one.external_id) for one in whole.entries}
    slots = [slot for one in whole.entries if (slot := situation.slot_of(one)) is not None]
    offered = {}
    for entry in troubled:
        length = situation.ends_at(entry) - entry.starts_at if entry.starts_at else timedelta(hours=2)
        own = situation.slot_of(entry) or clashes.Slot(
            entry.pk, f"{entry.provider}:{entry.work_key}", entry.starts_at or now, now, clashes.Place("")
        )
        free = [
            situation.slot_of_showing(row, length)
            for row in candidates.values()
            if (row.provider, row.external_id) not in planned
        ]
        fitting = clashes.fitting(free, slots, own)[:MOST_OTHERS]
        offered[entry.pk] = [_other(candidates[slot.key], number) for slot, number in fitting]
    return offered


def _other(showing: Showing, bumped: int) -> Other:
    here = situation.local(showing.starts_at, showing.zone)
    fits = ngettext("would clash with %(number)d entry", "would clash with %(number)d entries", bumped)
    sold_out = showing.availability == "soldout"
    return Other(
        showing=showing.pk,
        when=f"{clock.short_day(here.date())} {here:%H:%M}",
        venue=showing.venue.name if showing.venue else "",
        fits=_("sold out") if sold_out else fits % {"number": bumped} if bumped else _("fits your plan"),
        good=not bumped and not sold_out,
    )
