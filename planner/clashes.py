"""Whether one person can be at all of it: overlaps, ways too long to walk, free time, other showings that would fit.

Pure: data in, data out. Minutes are whole and rounded up, since a film does not wait.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import asin, ceil, cos, radians, sin, sqrt

#: A walker's metres in a minute, and how much longer streets are than the straight line.
PACE, DETOUR = 75.0, 1.3
#: Minutes to get out of one house and into another, and where nobody knows how far they are apart.
DOORS, UNKNOWN_WAY = 5, 20
#: Farther than this nobody walks between two films; the way is then taken at a tram's pace.
LONGEST_WALK = 45
FREE = timedelta(minutes=45)
_EARTH = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is. *key* tells whether two are the same; "" is nowhere known. Degrees are WGS 84 or None."""

    key: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A showing as a stretch of one's time. *work* is the same for two showings of one film; *key* is the caller's."""

    key: int
    work: str
    start: datetime
    end: datetime
    place: Place


class Kind(StrEnum):
    """OVERLAP: both at once. WAY: the second begins before one can be there."""

    OVERLAP = "overlap"
    WAY = "way"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two slots that cannot both be sat through. *minutes* is by how much: common time, or time lacking for the way."""

    first: Slot
    second: Slot
    kind: Kind
    minutes: int


def walk(start: Place, end: Place) -> int:
    """Minutes from seat to seat between two places; 0 within one house."""
    if start.key and start.key == end.key:
        return 0
    distance = _metres(start, end)
    if distance is None:
        return UNKNOWN_WAY
    return DOORS + min(ceil(distance * DETOUR / PACE), LONGEST_WALK)


def clash(one: Slot, other: Slot) -> Clash | None:
    """What is wrong between two slots, the earlier first; None where nothing is."""
    first, second = sorted((one, other), key=lambda slot: (slot.start, slot.end, slot.key))
    if second.start < first.end:
        return Clash(first, second, Kind.OVERLAP, _minutes(min(first.end, second.end) - second.start))
    lacking = first.end + timedelta(minutes=walk(first.place, second.place)) - second.start
    return Clash(first, second, Kind.WAY, _minutes(lacking)) if lacking > timedelta() else None


def clashes(slots: Iterable[Slot]) -> Sequence[Clash]:
    """Every clash among *slots*, in order of time. Only neighbours in time are looked at."""
    ordered = sorted(slots, key=lambda slot: (slot.start, slot.end, slot.key))
    reach = timedelta(minutes=DOORS + LONGEST_WALK)
    found = []
    for at, one in enumerate(ordered):
        for other in ordered[at + 1 :]:
            if other.start > one.end + reach:
                break
            if (problem := clash(one, other)) is not None:
                found.append(problem)
    return found


def fitting(candidates: Iterable[Slot], plan: Sequence[Slot], instead_of: Slot) -> Sequence[tuple[Slot, int]]:
    """Other showings of the same work with how many of *plan* each would clash with; best and soonest first."""
    rest = [slot for slot in plan if slot.key != instead_of.key]
    same = [one for one in candidates if one.work == instead_of.work and one.start != instead_of.start]
    judged = [(one, sum(clash(one, slot) is not None for slot in rest)) for one in same]
    return sorted(judged, key=lambda pair: (pair[1], pair[0].start, pair[0].key))


def gaps(slots: Iterable[Slot], at_least: timedelta = FREE) -> Sequence[tuple[datetime, datetime]]:
    """The free stretches between *slots* of one day, ways not yet taken off."""
    free = []
    until: datetime | None = None
    for slot in sorted(slots, key=lambda one: one.start):
        if until is not None and slot.start - until >= at_least:
            free.append((until, slot.start))
        until = slot.end if until is None else max(until, slot.end)
    return free


def _minutes(length: timedelta) -> int:
    return ceil(length.total_seconds() / 60)


def _metres(start: Place, end: Place) -> float | None:
    """Along the surface; None where a place is not known."""
    if None in (start.latitude, start.longitude, end.latitude, end.longitude):
        return None
    north, south = radians(start.latitude or 0.0), radians(end.latitude or 0.0)
    across = radians((end.longitude or 0.0) - (start.longitude or 0.0))
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(across / 2) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))
