"""The days of a plan: which there are, the one that is shown on its time axis, and what comes next today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.utils.translation import gettext as _

from aggregator.models import Festival
from aggregator.vocabulary import Precision
from aggregator.web import clock, grid
from aggregator.web.cards import Card
from planner import clashes, situation
from planner.copies import FESTIVAL_PROVIDER
from planner.models import Entry
from planner.situation import Situation
from planner.web.entries import Shown

#: Days that the strip names at most.
MOST_DAYS = 40


@dataclass(frozen=True, slots=True)
class DayLink:
    """A day that can be looked at, with how many entries it has."""

    day: date
    label: str
    number: int
    current: bool


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: the entry, how it is to be reached, and whether it goes on already."""

    entry: Shown
    starts: str
    way: str
    running: bool


def festivals(now: datetime, planned: set[str]) -> Sequence[Festival]:
    """The festivals to choose from: current and coming ones, and those with something planned."""
    rows = Festival.objects.public().exclude(starts_on=None).order_by("-starts_on", "pk")
    near = [row for row in rows[:60] if row.ends_on is not None and row.ends_on >= now.date()]
    ours = [row for row in rows[:200] if row.provider == FESTIVAL_PROVIDER and row.external_id in planned]
    return list(dict.fromkeys([*near, *ours]))


def days(entries: Sequence[Entry], now: datetime, chosen: date) -> Sequence[DayLink]:
    """The days with something in them, today among them."""
    numbers: dict[date, int] = {clock.today(now): 0, chosen: 0}
    for entry in entries:
        day = situation.day_of(entry)
        if day is not None:
            numbers[day] = numbers.get(day, 0) + 1
    listed = sorted(numbers)
    at = listed.index(chosen)
    around = listed[max(0, at - MOST_DAYS // 2) : at + MOST_DAYS // 2]
    return [DayLink(day, clock.short_day(day), numbers[day], day == chosen) for day in around]


def chosen_day(asked: str, entries: Sequence[Entry], now: datetime) -> date:
    """The day that was *asked* for; else today if there is something today, else the next day with something."""
    try:
        return date.fromisoformat(asked)
    except ValueError:
        pass
    today = clock.today(now)
    planned = sorted(day for one in entries if (day := situation.day_of(one)) is not None)
    return next((day for day in planned if day >= today), planned[-1] if planned else today)


def laid_out(day: date, entries: Sequence[Entry], shown: Sequence[Shown], now: datetime) -> grid.DayGrid:
    """The day on the axis of time and venues."""
    timed, untimed = [], []
    for entry, one in zip(entries, shown, strict=True):
        if entry.starts_at is None or entry.precision != Precision.EXACT:
            untimed.append(cast(Card, one))
            continue
        start = _minutes(entry.starts_at, day, entry.zone)
        timed.append(grid.Timed(cast(Card, one), start, start + _length(entry)))
    return grid.lay_out(day, clock.day_label(day, now), clock.nearness(day, now), timed, untimed)


def gaps(entries: Sequence[Entry]) -> Sequence[str]:
    """The free stretches of a day, as times."""
    slots = [slot for one in entries if (slot := situation.slot_of(one)) is not None]
    zone = entries[0].zone if entries else clock.SITE_ZONE
    return [
        f"{situation.local(start, zone):%H:%M}–{situation.local(end, zone):%H:%M}"
        for start, end in clashes.gaps(slots)
    ]


def next_up(whole: Situation, shown: dict[int, Shown], now: datetime) -> Next | None:
    """What to go to now, from where the one before it takes place."""
    coming = [
        (slot, shown[one.pk])
        for one in whole.entries
        if one.pk in shown and (slot := situation.slot_of(one)) is not None and slot.end > now
    ]
    if not coming:
        return None
    coming.sort(key=lambda pair: pair[0].start)
    slot, entry = coming[0]
    before = [
        one
        for other in whole.entries
        if (one := situation.slot_of(other)) is not None and one.end <= slot.start
    ]
    last = max(before, key=lambda one: one.end, default=None)
    way = ""
    if last is not None and slot.start - last.end < timedelta(hours=4) and last.place.key != slot.place.key:
        way = _("%(minutes)d minutes from the one before") % {"minutes": clashes.walk(last.place, slot.place)}
    elif last is not None and last.place.key == slot.place.key and slot.start - last.end < timedelta(hours=4):
        way = _("in the same house as the one before")
    return Next(entry, clock.until(slot.start, now), way, slot.start <= now)


def _minutes(moment: datetime, day: date, zone: str) -> int:
    here = situation.local(moment, zone)
    return (here.date() - day).days * 24 * 60 + here.hour * 60 + here.minute


def _length(entry: Entry) -> int:
    assert entry.starts_at is not None
    return max(5, int((situation.ends_at(entry) - entry.starts_at).total_seconds() // 60))
