"""What is on: exhibitions and evenings that follow from the seed, the clock and a number.

The shop window moves with the clock, in weeks: what begins this week was there, as something to come, twelve weeks
ago, and will be there, as something past, for twelve more. All times are wall times of the Bay Area.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from providers.happenstand.simulator import words
from providers.simulation.world import World
from providers.simulation.world.dice import Dice

PACIFIC = ZoneInfo("America/Los_Angeles")
FIRST_MONDAY = date(2009, 1, 5)
WEEKS_BEHIND, WEEKS_AHEAD = 12, 12
FIRST_EVENT, FIRST_PERSON, FIRST_PLACE = 1_000, 1_100, 70
_SPECIALS = 5_000_000
_SHOWINGS_PER_EVENT = 1.6
_YEARLY = 100
_ODD = 12


@dataclass(frozen=True, slots=True)
class Special:
    """Something within an event; `kind` is one of opening, talk, party, other."""

    special_id: int
    kind: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. Times are naive wall times; for whole days `end` is the midnight after the last.

    `people` and `places` are numbers, the first person is featured. `odd`: which of the awkward cases it is.
    """

    event_id: int
    start: datetime
    end: datetime
    all_day: bool
    ap_pick: bool
    pickpocket: bool
    people: tuple[int, ...]
    places: tuple[int, ...]
    specials: tuple[Special, ...]
    pictures: int
    odd: int = -1
    name: str = ""

    @property
    def last_day(self) -> date:
        """The last day on which it can be visited."""
        if self.all_day and self.end > self.start:
            return (self.end - timedelta(days=1)).date()
        return self.end.date()


@dataclass(frozen=True)
class Catalogue:
    """Everything there is. `weekly`: how many events begin in a week."""

    world: World
    weekly: int

    @classmethod
    def of_scale(cls, world: World, showings: int) -> Catalogue:
        """A catalogue with about so many showings."""
        weeks = WEEKS_BEHIND + WEEKS_AHEAD
        return cls(world, max(2, round(showings / weeks / _SHOWINGS_PER_EVENT)))

    @property
    def persons(self) -> int:
        """How many people there are; the last has past events only."""
        return max(40, self.weekly * 24)

    @property
    def venues(self) -> int:
        """How many places there are; the first has no events."""
        return max(14, self.weekly * 5)

    def now(self) -> datetime:
        """The wall clock of the Bay Area."""
        return self.world.now().astimezone(PACIFIC).replace(tzinfo=None)

    def week(self) -> int:
        """The present week's number."""
        return (self.now().date() - FIRST_MONDAY).days // 7

    def happenings(self) -> Iterator[Happening]:
        """In order of id."""
        year = self.now().year
        for at in range(year - 1, year + 2):
            yield from self._yearly(at)
        week = self.week()
        for number in range((week - WEEKS_BEHIND) * self.weekly, (week + WEEKS_AHEAD) * self.weekly):
            yield self._happening(number)

    def _happening(self, number: int) -> Happening:
        dice = self.world.dice("happenstand", number)
        week, _ = divmod(number, self.weekly)
        monday = FIRST_MONDAY + timedelta(weeks=week)
        throw, odd = dice.fraction(), number % _ODD
        if throw < 0.5:
            start, end, all_day = _exhibition(dice, monday)
        elif throw < 0.9:
            start, end, all_day = _evening(dice, monday)
        else:
            start = _day(monday + timedelta(days=dice.between(0, 6)))
            end, all_day = start + timedelta(days=1), True
        count = 2 if odd in (3, 7) else dice.pick((1, 1, 1, 2, 3))
        people = tuple(dict.fromkeys(dice.below(self.persons - 1) for _ in range(count)))
        if odd == 3:
            people = (5, 2)
        return Happening(
            event_id=FIRST_EVENT + number,
            start=start,
            end=end,
            all_day=all_day,
            ap_pick=dice.chance(0.2),
            pickpocket=dice.chance(0.1),
            people=people,
            places=tuple(dict.fromkeys(1 + dice.below(self.venues - 1) for _ in range(2 if odd == 8 else 1))),
            specials=self._specials(dice, number, start, end) if throw < 0.5 else (),
            pictures=0 if odd == 4 else dice.between(1, 3),
            odd=odd,
        )

    def _specials(self, dice: Dice, number: int, start: datetime, end: datetime) -> tuple[Special, ...]:
        days = (end - start).days
        wanted = [("opening", 0, 18)] if dice.chance(0.9) else []
        if dice.chance(0.5):
            wanted.append(("talk", dice.between(3, days - 3), 14))
        if dice.chance(0.2):
            wanted.append((dice.pick(("party", "other")), days - 1, 19))
        found = []
        for at, (kind, day, hour) in enumerate(wanted):
            # The first one's id is the id of an event of two weeks ago: another number space.
            special = FIRST_EVENT + number - 2 * self.weekly if at == 0 else _SPECIALS + 4 * number + at
            begins = start + timedelta(days=day, hours=hour, minutes=30 * dice.below(2))
            found.append(
                Special(special, kind, begins, begins + timedelta(minutes=dice.pick((60, 90, 120, 180))))
            )
        return tuple(found)

    def _yearly(self, year: int) -> Iterator[Happening]:
        """Two exhibitions that last across a change of the clocks; the first years' person shows nowhere else."""
        changes = (_nth_sunday(year, 3, 2), _nth_sunday(year, 11, 1))
        for at, change in enumerate(changes):
            start, end = _day(change - timedelta(days=16)), _day(change + timedelta(days=22))
            talk = _day(change) + timedelta(hours=1, minutes=30)
            special = Special(_SPECIALS - 2 * (year - 2009) - at, "talk", talk, talk + timedelta(hours=2))
            past = year < self.now().year and at == 0
            person = self.persons - 1 if past else 3
            event_id = _YEARLY + 2 * (year - 2009) + at
            yield Happening(
                event_id,
                start,
                end,
                True,
                True,
                False,
                (person,),
                (1,),
                (special,),
                1,
                name=_YEARLY_NAMES[at],
            )


_YEARLY_NAMES = ("Spring Forward: Work for a Short Night", "Fall Back: The Hour That Comes Twice")


def _day(day: date) -> datetime:
    return datetime.combine(day, time())


def _nth_sunday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))


def _exhibition(dice: Dice, monday: date) -> tuple[datetime, datetime, bool]:
    start = _day(monday + timedelta(days=dice.pick((2, 3, 4, 4, 5))))
    return start, start + timedelta(days=dice.between(15, 60)), True


def _evening(dice: Dice, monday: date) -> tuple[datetime, datetime, bool]:
    start = _day(monday + timedelta(days=dice.between(0, 6)))
    start += timedelta(hours=dice.between(12, 20), minutes=30 * dice.below(2))
    length = 0 if dice.chance(0.06) else dice.pick((60, 90, 120, 150, 180, 300))
    return start, start + timedelta(minutes=length), False


@dataclass(frozen=True, slots=True)
class Place:
    """A venue with WGS 84 coordinates."""

    number: int
    name: str
    address: str
    city: str
    state: str
    zip_code: str
    latitude: float
    longitude: float


def place(seed: int, number: int) -> Place:
    """The place with this number."""
    dice = Dice(seed, "happenstand place", number)
    city, state, zip_code, latitude, longitude, streets = words.CITIES[number % len(words.CITIES)]
    first = words.FIRST_OF_A_PLACE[number % len(words.FIRST_OF_A_PLACE)]
    return Place(
        number,
        f"{first} {dice.pick(words.LAST_OF_A_PLACE)}",
        f"{dice.between(12, 1890)} {dice.pick(streets.split(','))}",
        city,
        state,
        zip_code,
        round(float(latitude) + (dice.fraction() - 0.5) / 60, 6),
        round(float(longitude) + (dice.fraction() - 0.5) / 60, 6),
    )


def person_name(seed: int, number: int) -> str:
    """What the person or group with this number is called. One in seventeen has a comma in the name."""
    dice = Dice(seed, "happenstand person", number)
    if number % 13 == 2:
        return words.GROUPS[number // 13 % len(words.GROUPS)]
    name = f"{dice.pick(words.GIVEN)} {dice.pick(words.FAMILY)}"
    return f"{name}, Jr." if number % 17 == 5 else name
