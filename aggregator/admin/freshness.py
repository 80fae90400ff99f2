"""A picture of a provider's last seven days: how old its data was at its worst in each stretch, and what failed.

Pure: ends of runs in, numbers of an SVG out. Colours and sizes are a stylesheet's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SPAN = timedelta(days=7)
BIN = timedelta(hours=2)
BINS = SPAN // BIN
BIN_WIDTH = 4
WIDTH = BINS * BIN_WIDTH
HEIGHT = 56
# What the name of a day takes up.
NAME_WIDTH = 30
# A scale that is never finer than this, so that a healthy provider looks calm.
LEAST_TOP = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Ending:
    """When a run ended, and whether well."""

    at: datetime
    good: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch in which runs failed: where, how many, and when it began."""

    x: int
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Chart:
    """*area* is the path of the worst age per stretch. *days* are (x, midnight UTC, whether there is room for its
    name). *worst* None: never read.
    """

    area: str
    failures: tuple[Mark, ...]
    days: tuple[tuple[int, datetime, bool], ...]
    good: int
    failed: int
    worst: timedelta | None
    top: timedelta
    width: int = WIDTH
    height: int = HEIGHT


def draw(endings: Iterable[Ending], before: datetime | None, now: datetime) -> Chart:
    """The chart of the runs that ended within ``SPAN`` of *now*; *before* is the last good end ahead of that."""
    start = now - SPAN
    ends = sorted((one for one in endings if start <= one.at <= now), key=lambda one: one.at)
    ages = _worst_ages([one.at for one in ends if one.good], before, start)
    known = [age for age in ages if age is not None]
    worst = max(known, default=None)
    top = max(LEAST_TOP, worst or LEAST_TOP)
    return Chart(
        area=_area(ages, top),
        failures=_failures([one.at for one in ends if not one.good], start),
        days=_midnights(start, now),
        good=sum(one.good for one in ends),
        failed=sum(not one.good for one in ends),
        worst=worst,
        top=top,
    )


def _worst_ages(good: Sequence[datetime], before: datetime | None, start: datetime) -> list[timedelta | None]:
    """The greatest age that the data reached in each stretch; None while nothing had ever been read."""
    ages: list[timedelta | None] = []
    last, left = before, list(good)
    for number in range(BINS):
        ends = start + (number + 1) * BIN
        worst: timedelta | None = None
        while left and left[0] <= ends:
            moment = left.pop(0)
            worst = _greater(worst, None if last is None else moment - last)
            last = moment
        ages.append(_greater(worst, None if last is None else ends - last))
    return ages


def _greater(one: timedelta | None, other: timedelta | None) -> timedelta | None:
    return max((age for age in (one, other) if age is not None), default=None)


def _area(ages: Sequence[timedelta | None], top: timedelta) -> str:
    """Steps from the base line and back to it, one for each stretch of known ages."""
    steps = []
    for number, age in enumerate(ages):
        if age is not None:
            height = max(1, round(HEIGHT * age / top))
            steps.append(f"M{number * BIN_WIDTH} {HEIGHT}v-{height}h{BIN_WIDTH}v{height}z")
    return "".join(steps)


def _failures(failed: Iterable[datetime], start: datetime) -> tuple[Mark, ...]:
    numbers: dict[int, int] = {}
    for at in failed:
        place = min((at - start) // BIN, BINS - 1)
        numbers[place] = numbers.get(place, 0) + 1
    return tuple(
        Mark(place * BIN_WIDTH, number, start + place * BIN) for place, number in sorted(numbers.items())
    )


def _midnights(start: datetime, now: datetime) -> tuple[tuple[int, datetime, bool], ...]:
    day = (start + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while day < now:
        x = round((day - start) / BIN * BIN_WIDTH)
        found.append((x, day, x <= WIDTH - NAME_WIDTH))
        day += timedelta(days=1)
    return tuple(found)
