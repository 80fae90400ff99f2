"""When a showing starts and ends: days and hours on the wall clock of Paris. Pure; contract, section 5.4."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aggregator.vocabulary import Precision
from providers.sowprog.schema import ScheduleDate

ZONE: Final = "Europe/Paris"
PARIS: Final = ZoneInfo(ZONE)

_MIDNIGHT: Final = time(0, 0)
_DAY: Final = timedelta(days=1)


def start_of(showing: ScheduleDate) -> tuple[datetime, Precision]:
    """The instant it starts; without an hour the beginning of its day, of which then only the day is meant."""
    if showing.startHour is None:
        return _instant(showing.date, _MIDNIGHT), Precision.DATE
    return _instant(showing.date, showing.startHour), Precision.EXACT


def end_of(showing: ScheduleDate) -> datetime | None:
    """The instant it ends, None where nobody knows.

    Unknown: no hour; the hour of the start within a day of it; ``00:00`` unless the next day is named with it.
    An hour before that of the start on the same day, or without a day, is the next day's. Without a start hour the
    last day is given, if there is one after the first.
    """
    first, last = showing.date, showing.endDate
    if showing.startHour is None:
        return _instant(last, _MIDNIGHT) if last is not None and last > first else None
    end = showing.endHour
    if end is None or (end == _MIDNIGHT and (last is None or last <= first)):
        return None
    if last is None or last <= first:
        last = first + _DAY if end < showing.startHour else first
    if end == showing.startHour and last - first <= _DAY:
        return None
    return _instant(last, end)


def day_of(instant: datetime | None) -> date | None:
    """The day in Paris that a local midnight stands for; an hour of grace, should it be one of UTC after all."""
    return None if instant is None else (instant + timedelta(hours=1)).astimezone(PARIS).date()


def _instant(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, PARIS).astimezone(UTC)
