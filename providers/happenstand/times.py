"""Upstream's times, which name no zone: wall times of the Bay Area (contract, section 4.1). Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aggregator.provider import Unmappable
from aggregator.vocabulary import Precision

#: Upstream's locale 1, the only one there is.
ZONE: Final = "America/Los_Angeles"
PACIFIC: Final = ZoneInfo(ZONE)

_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?")
_ZERO = re.compile(r"0000-00-00(?:[ T]00:00(?::00)?)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Span:
    """When something takes place. Instants are UTC; of whole days only the local day counts, the last included."""

    starts_at: datetime
    ends_at: datetime | None
    precision: Precision


def moment(text: str, path: str = "") -> datetime | None:
    """A wall time without a zone; None where there is none, which a database may spell as a zero date.

    Raises ``Unmappable``: ``timestamp_out_of_range`` for what no calendar of our days holds, else ``wrong_type``.
    """
    if not text or _ZERO.fullmatch(text):
        return None
    found = _MOMENT.fullmatch(text)
    if found is None:
        reason = "timestamp_out_of_range" if text.lstrip("-").isdigit() else "wrong_type"
        raise Unmappable(reason, path, "a date and time are expected")
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        read = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (it has no zone yet)
    except ValueError:
        read = datetime.min  # noqa: DTZ901
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise Unmappable("timestamp_out_of_range", path, "no date of our days")
    return read


def span(start: str, end: str, *, all_day: bool, exclusive: bool = True, path: str = "") -> Span | None:
    """When something takes place; None where the start is not given. Raises ``Unmappable`` as ``moment`` does.

    exclusive: the end of whole days is the midnight after the last. An end that equals the start is unknown.
    """
    begins, finishes = moment(start, f"{path}start"), moment(end, f"{path}end")
    if begins is None:
        return None
    if not all_day:
        known = finishes is not None and finishes > begins
        return Span(_instant(begins), _instant(finishes) if finishes and known else None, Precision.EXACT)
    first = begins.date()
    last = last_day(begins, finishes, exclusive=exclusive)
    if last == first:
        return Span(_midnight(first), None, Precision.ALL_DAY)
    return Span(_midnight(first), _midnight(last), Precision.RUN)


def last_day(begins: datetime, finishes: datetime | None, *, exclusive: bool = True) -> date:
    """The last day of whole days, which is the first where no end or an earlier one is given."""
    if finishes is None or finishes <= begins:
        return begins.date()
    if exclusive and finishes.time() == time():
        finishes -= timedelta(days=1)
    return max(begins.date(), finishes.date())


def end_day(start: str, end: str, *, all_day: bool, exclusive: bool = True) -> date | None:
    """The day on which something ends; None where upstream does not say, or says what cannot be read."""
    try:
        begins, finishes = moment(start), moment(end)
    except Unmappable:
        return None
    if begins is None or finishes is None or finishes < begins:
        return None
    return last_day(begins, finishes, exclusive=exclusive) if all_day else finishes.date()


def _instant(wall: datetime) -> datetime:
    return wall.replace(tzinfo=PACIFIC).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return _instant(datetime.combine(day, time()))
