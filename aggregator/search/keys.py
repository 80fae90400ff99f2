"""Keys of entries: whole numbers of 63 bits that sort a kind's entries in their usual order.

Showings stand in programme order: programme day, start (to the second), id. Every other kind stands by id, below zero,
each kind in a range of its own. Since an index walks its rows by key, the first hits of a frequent word cost no more
than those of a rare one, and a range of days is a range of keys.
"""

from datetime import UTC, date, datetime, time, timedelta

from aggregator.vocabulary import Kind

_DAY_ZERO = date(1900, 1, 1)
_SECONDS_BITS, _ID_BITS = 18, 28
_DAY_BITS = 17
_MOST_SECONDS = (1 << _SECONDS_BITS) - 1
_ID_MASK = (1 << _ID_BITS) - 1
# A day begins at the earliest fourteen hours before its date does in UTC.
_LEAD = timedelta(days=1)
_RANGE_BITS = 44
_RANGES = {
    Kind.EVENT: 1,
    Kind.FILM: 2,
    Kind.PERSON: 3,
    Kind.VENUE: 4,
    Kind.FESTIVAL: 5,
    Kind.SECTION: 6,
    Kind.ORGANISATION: 7,
}
INDEXED = (Kind.SHOWING, *_RANGES)
# The keys of showings: from 0 up to, not including, this, which is as far as databases count.
END = (1 << (_DAY_BITS + _SECONDS_BITS + _ID_BITS)) - 1


def showing_key(day: date, start: datetime, pk: int) -> int:
    """The key of the showing with our id *pk*, below 2**28, that starts at *start* on the programme day *day*."""
    offset = start - datetime.combine(day, time(), UTC) + _LEAD
    seconds = min(max(offset // timedelta(seconds=1), 0), _MOST_SECONDS)
    return (_days(day) << _SECONDS_BITS | seconds) << _ID_BITS | (pk & _ID_MASK)


def day_key(day: date) -> int:
    """The first key that a showing on *day* can have."""
    return _days(day) << (_SECONDS_BITS + _ID_BITS)


def behind(day: date) -> int:
    """The first key that no showing on *day* or before can have."""
    return (_days(day) + 1) << (_SECONDS_BITS + _ID_BITS)


def row_key(kind: Kind, pk: int) -> int:
    """The key of a row that is no showing; ids go up to 2**43."""
    return range_of(kind)[0] + pk


def range_of(kind: Kind) -> tuple[int, int]:
    """The first key of *kind* and the first behind its last."""
    if kind is Kind.SHOWING:
        return 0, END
    start = -(_RANGES[kind] << _RANGE_BITS)
    return start, start + (1 << (_RANGE_BITS - 1))


def _days(day: date) -> int:
    return min(max((day - _DAY_ZERO).days, 0), (1 << _DAY_BITS) - 1)
