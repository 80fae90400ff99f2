"""A day's showings on a grid of venues and time: where each stands, as names of style classes. Pure.

Our pages carry no inline style, so a position is put together from a few classes of ``grid.css``: the hour and the
five minutes at which a showing begins, counted from the first hour of the day's axis, how long it lasts in the same
terms, and its lane in tens and units. A venue has as many lanes as it has showings at one time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from aggregator.web.cards import Card

MINUTES = 5
#: Shorter ones are drawn this long, so that their time can be read and touched; longer ones are cut.
SHORTEST = 45
LONGEST = 12 * 60
MOST_LANES = 200
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Timed:
    """A card and the minutes, since midnight of its programme day, between which it takes place."""

    card: Card
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A showing in the grid. *place* are its style classes."""

    card: Card
    place: str


@dataclass(frozen=True, slots=True)
class Row:
    """A venue at the grid's side. *place* are the style classes of its first lane and of how many it has."""

    venue: str
    place: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A full hour on the axis; *place* is its style class."""

    label: str
    place: str


@dataclass(frozen=True, slots=True)
class DayGrid:
    """One programme day. *hours* and *lanes* are the size of its grid; *cells* stand in order of time; *untimed* are
    the showings of the day without a time of day.
    """

    day: date
    label: str
    nearness: str
    hours: int
    lanes: int
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    untimed: tuple[Card, ...]

    @property
    def number(self) -> int:
        """How many showings the day has."""
        return len(self.cells) + len(self.untimed)


def lay_out(day: date, label: str, nearness: str, timed: Sequence[Timed], untimed: Iterable[Card]) -> DayGrid:
    """The grid of one day; *timed* in order of time."""
    first = min((one.start for one in timed), default=0) // 60
    last = max((min(one.end, one.start + LONGEST) for one in timed), default=0)
    hours = max(-(-last // 60) - first, 1) if timed else 0
    rows: list[Row] = []
    places: dict[int, str] = {}
    lane = 0
    for venue in sorted({one.card.venue for one in timed}, key=lambda name: (not name, name.casefold())):
        lanes = _lanes([one for one in timed if one.card.venue == venue])
        for offset, group in enumerate(lanes):
            row = min(lane + offset, MOST_LANES - 1)
            places |= {one.card.id: f"{_position(one, first)} {_lane(row)}" for one in group}
        rows.append(Row(venue, f"{_lane(min(lane, MOST_LANES - 1))} ls{min(len(lanes), 9)}"))
        lane += len(lanes)
    return DayGrid(
        day=day,
        label=label,
        nearness=nearness,
        hours=hours,
        lanes=min(lane, MOST_LANES),
        ticks=tuple(Tick(f"{(first + hour) % 24:02d}", f"h{hour}") for hour in range(hours)),
        rows=tuple(rows),
        cells=tuple(Cell(one.card, places[one.card.id]) for one in timed),
        untimed=tuple(untimed),
    )


def _lanes(showings: Sequence[Timed]) -> list[list[Timed]]:
    """*showings* of one venue, in order of time, in as few lanes as keep those of one lane from overlapping."""
    lanes: list[list[Timed]] = []
    for one in showings:
        free = next((lane for lane in lanes if _drawn_end(lane[-1]) <= one.start), None)
        if free is None:
            lanes.append([one])
        else:
            free.append(one)
    return lanes


def _drawn_end(one: Timed) -> int:
    return max(min(one.end, one.start + LONGEST), one.start + SHORTEST)


def _position(one: Timed, first: int) -> str:
    start = (one.start - first * 60) // MINUTES * MINUTES
    length = max((_drawn_end(one) - one.start) // MINUTES * MINUTES, SHORTEST)
    return f"h{start // 60} m{start % 60} dh{length // 60} dm{length % 60}"


def _lane(number: int) -> str:
    return f"lt{number // 10} lu{number % 10}"
