"""Which invented evenings are on sale: they begin every week, for ever, and each follows from its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from providers.simulation.world import World
from providers.simulation.world.calendar import DAY, HOUR, stamp
from providers.simulation.world.dice import Dice
from providers.simulation.world.evenings import Evening, evening
from providers.simulation.world.towns import TOWNS, Organiser, organiser

FIRST_MONDAY = date(2015, 1, 5)
_FIRST_ID = 1_000
_LONGEST_WEEKS = 6
_FARTHEST_WEEKS = 11
# About this many showings are listed for each event that begins in a week; the nightly run has some 30 more.
_LISTED_PER_WEEKLY = 27
_NIGHTLY = 30

_EVENINGS = (17 * 60, 18 * 60, 18 * 60 + 30, 19 * 60, 19 * 60, 19 * 60, 19 * 60 + 30, 20 * 60)
_MATINEES = (11 * 60, 13 * 60, 15 * 60)


@dataclass(frozen=True)
class Showing:
    """One showing. `hall` is a hall's number, times are Unix seconds; `dice_key` makes its sales."""

    date_id: int
    hall: int
    start: int
    opens: int | None
    date_only: bool
    dice_key: tuple[object, ...]


@dataclass(frozen=True)
class Happening:
    """One event that is on sale, or will be. `revised`: its text has got a note since it was published."""

    event_id: int
    organiser: Organiser
    evening: Evening
    release: int
    showings: tuple[Showing, ...]
    revised: bool
    images: tuple[str, ...]
    trailers: tuple[str, ...]
    price: tuple[int, int] | None


class Agenda:
    """Every event of the invented ticket shop."""

    def __init__(self, world: World, scale: int) -> None:
        self._world = world
        self.weekly = max(1, round((scale - _NIGHTLY) / _LISTED_PER_WEEKLY))
        self._stride: int = 10 ** len(str(max(9, self.weekly - 1)))
        self._halls = max(4, self.weekly // 2)
        self._organisers = max(3, self.weekly // 4)

    def week(self) -> int:
        """The number of the present week."""
        days: int = (self._world.day() - FIRST_MONDAY).days
        return days // 7

    def identity(self, week: int, index: int) -> int:
        """The id of the event number `index` of those that begin in the week."""
        return _FIRST_ID + week * self._stride + index

    def listed(self) -> Iterator[Happening]:
        """Everything published and not over, in order of id."""
        now, this = self._world.instant(), self.week()
        for week in range(this - _LONGEST_WEEKS, this + _FARTHEST_WEEKS):
            for index in range(self.weekly):
                found = self._happening(week, index, now)
                if found is not None:
                    yield found

    def find(self, event_id: int) -> Happening | None:
        """The event with this id, None when it is not listed (any more, or yet)."""
        week, index = divmod(event_id - _FIRST_ID, self._stride)
        this = self.week()
        if index >= self.weekly or not this - _LONGEST_WEEKS <= week < this + _FARTHEST_WEEKS:
            return None
        return self._happening(week, index, self._world.instant())

    def _happening(self, week: int, index: int, now: int) -> Happening | None:
        dice = Dice(self._world.seed, "happening", week, index)
        monday = FIRST_MONDAY + timedelta(weeks=week)
        lead = 21 if index == 0 else dice.between(25, 70)
        published = stamp(monday) - lead * DAY
        if published > now:
            return None
        event_id = self.identity(week, index)
        town = 0 if index == 0 or dice.chance(0.35) else dice.below(len(TOWNS))
        showings = self._showings(event_id, index, monday, town, dice)
        if showings[-1].start + 3 * HOUR < now and not (
            showings[-1].date_only and showings[-1].start + DAY > now
        ):
            return None
        first = showings[0].start
        if dice.chance(0.06) and now > first - 6 * DAY:
            last = showings[-1]
            extra = Showing(
                last.date_id + 1, last.hall, last.start + 2 * DAY, None, False, (event_id, "extra")
            )
            showings = (*showings, extra)
        revised = dice.chance(0.05) and now > first - 10 * DAY
        number = town + len(TOWNS) * dice.below(self._organisers)
        return Happening(
            event_id=event_id,
            organiser=organiser(self._world.seed, number),
            evening=evening(Dice(self._world.seed, "evening", week, index)),
            release=first - 4 * DAY - 9 * HOUR if dice.chance(0.08) else published + 2 * DAY,
            showings=showings,
            revised=revised,
            images=_files(dice, dice.pick((0, 1, 1, 1, 1, 2, 3, 1, 1, 1, 1, 1))),
            trailers=tuple(
                f"https://www.youtube.com/embed/{dice.letters('abcdefghijkLMNOPQRSTU0123456789-_', 11)}?rel=0"
                for _ in range(dice.pick((0, 0, 0, 1, 2)))
            ),
            price=_price(dice),
        )

    def _showings(
        self, event_id: int, index: int, monday: date, town: int, dice: Dice
    ) -> tuple[Showing, ...]:
        """The showings of an event, in order of time: one evening, a pair, a run, a tour, or days only."""

        def hall(of_town: int) -> int:
            return of_town + len(TOWNS) * dice.below(self._halls)

        kind, minutes = dice.fraction(), dice.pick(_EVENINGS)
        day, home, day_only = dice.below(7), hall(town), False
        if index == 0:
            slots = [(offset, 20 * 60, home) for offset in range(7)]
        elif kind < 0.45:
            slots = [(day, minutes, home)]
        elif kind < 0.60:
            slots = [(5, dice.pick(_MATINEES), home), (5, minutes, home)]
        elif kind < 0.80:
            weeks, second = dice.between(2, 4), hall(town) if dice.chance(0.25) else home
            slots = [
                (7 * week + weekday, minutes, second if weekday == 5 else home)
                for week in range(weeks)
                for weekday in (3, 4, 5)
            ]
        elif kind < 0.92:
            stops = dice.between(3, 6)
            slots = [(day + 4 * stop, minutes, hall(dice.below(len(TOWNS)))) for stop in range(stops)]
        else:
            day_only = True
            slots = [
                (day + offset, 0 if dice.chance(0.5) else 12 * 60, home)
                for offset in range(dice.between(1, 3))
            ]
        doors = None if dice.chance(0.06) else 60 * dice.pick((0, 30, 30, 60, 60, 90))
        return tuple(
            self._showing(event_id, at, stamp(monday + timedelta(days=days), minute), place, doors, day_only)
            for at, (days, minute, place) in enumerate(slots)
        )

    def _showing(
        self, event_id: int, at: int, start: int, hall: int, doors: int | None, date_only: bool
    ) -> Showing:
        # Showings are numbered so that two events far apart share numbers: only both ids together are a key.
        date_id = 8_000 + event_id % 61 * 20 + at
        opens = None if doors is None else start - (0 if date_only else doors)
        return Showing(date_id, hall, start, opens, date_only, (event_id, at))


def _files(dice: Dice, count: int) -> tuple[str, ...]:
    return tuple(dice.letters("0123456789abcdef", 20) for _ in range(count))


def _price(dice: Dice) -> tuple[int, int] | None:
    throw = dice.below(20)
    if throw == 0:
        return None
    if throw == 1:
        return 0, 0
    low = dice.between(6, 45) * 10
    return low, low + dice.pick((0, 0, 40, 110))
