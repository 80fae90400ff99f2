"""Calendars after RFC 5545. Pure: entries in, bytes out.

Events are written here and not by the icalendar package, which takes longer for four hundred of them than a whole
request may; the time zones, which are the difficult part, are the package's, and it reads every calendar in the tests.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone

_WIDTH = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
_CONTROLS = {code: None for code in range(32) if code not in (9, 10)} | {127: None}


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a calendar.

    *starts* and *ends* are aware instants, meant in *zone*, or days of which the last is included; *ends* None where
    nobody says. *stamp* is when anything of it last changed, *created* when it was first known; *sequence* never falls.
    """

    uid: str
    starts: datetime | date
    ends: datetime | date | None
    zone: str
    summary: str
    description: str
    location: str
    position: tuple[float, float] | None
    url: str
    category: str
    cancelled: bool
    created: datetime
    stamp: datetime
    sequence: int


def calendar(name: str, language: str, entries: Sequence[Entry]) -> bytes:
    """A calendar of *entries* called *name*, with every zone that it uses, for readers to fetch again each hour."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Marquee//Programme//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME;LANGUAGE={language}:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    body = [_folded(line) for line in lines]
    body += [_timezone(zone, first, last) for zone, first, last in _zones(entries)]
    for entry in entries:
        body += map(_folded, _event(entry, language))
    body.append("END:VCALENDAR\r\n")
    return "".join(body).encode()


def _event(entry: Entry, language: str) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_utc(entry.stamp)}"
    yield f"CREATED:{_utc(entry.created)}"
    yield f"LAST-MODIFIED:{_utc(entry.stamp)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield from _times(entry)
    yield f"SUMMARY;LANGUAGE={language}:{_text(entry.summary)}"
    if entry.description:
        yield f"DESCRIPTION;LANGUAGE={language}:{_text(entry.description)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location)}"
    if entry.position:
        yield f"GEO:{entry.position[0]:.6f};{entry.position[1]:.6f}"
    yield f"URL:{entry.url}"
    yield f"CATEGORIES:{_text(entry.category)}"
    yield "END:VEVENT"


def _times(entry: Entry) -> Iterable[str]:
    """Instants in their zone. Whole days do not keep anybody from anything, and their end is the day after."""
    if isinstance(entry.starts, datetime):
        yield f"DTSTART;TZID={entry.zone}:{_local(entry.starts, entry.zone)}"
        if isinstance(entry.ends, datetime) and entry.ends > entry.starts:
            yield f"DTEND;TZID={entry.zone}:{_local(entry.ends, entry.zone)}"
        return
    last = entry.ends if entry.ends is not None and not isinstance(entry.ends, datetime) else entry.starts
    yield f"DTSTART;VALUE=DATE:{entry.starts:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{max(last, entry.starts) + timedelta(days=1):%Y%m%d}"
    yield "TRANSP:TRANSPARENT"


def _zones(entries: Iterable[Entry]) -> list[tuple[str, int, int]]:
    """Each zone that instants are meant in, with the first and last year that are needed of it."""
    years: dict[str, list[int]] = {}
    for entry in entries:
        if isinstance(entry.starts, datetime):
            years.setdefault(entry.zone, []).append(entry.starts.year)
    return [(zone, min(used) - 1, max(used) + 2) for zone, used in sorted(years.items())]


@lru_cache(maxsize=64)
def _timezone(zone: str, first: int, last: int) -> str:
    component = Timezone.from_tzinfo(
        ZoneInfo(zone), tzid=zone, first_date=date(first, 1, 1), last_date=date(last, 1, 1)
    )
    return str(component.to_ical(), "utf-8")


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y%m%dT%H%M%S")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    return value.translate(_CONTROLS).translate(_ESCAPES)


def _folded(line: str) -> str:
    """*line* with its end, broken after at most 75 octets and never within a character."""
    if len(line) <= _WIDTH and (line.isascii() or len(line.encode()) <= _WIDTH):
        return line + "\r\n"
    parts: list[str] = []
    start, width = 0, 0
    for place, sign in enumerate(line):
        size = 1 if sign < "\x80" else len(sign.encode())
        if width + size > _WIDTH:
            parts.append(line[start:place])
            start, width = place, 1
        width += size
    parts.append(line[start:])
    return "\r\n ".join(parts) + "\r\n"
