"""Days and times as the site shows them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aggregator.ingest.decide import programme_day

#: The zone in which the site as a whole says "today". A showing's own times are always in the showing's zone.
SITE_ZONE = "Europe/Stockholm"
_here: ContextVar[str] = ContextVar("zone", default=SITE_ZONE)
#: The hours at which an evening and a programme day begin.
EVENING, NEW_DAY = 17, 5
_NOMINATIVE = re.compile(r"\b(Jahre|Monate|Tage)\b")


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone *name*; the site's own where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo(SITE_ZONE)


@contextmanager
def reckoned_in(zone: str) -> Iterator[None]:
    """Within this, "today" and "tonight" are those of *zone*; of the site for ""."""
    before = _here.set(zone or SITE_ZONE)
    try:
        yield
    finally:
        _here.reset(before)


def here() -> str:
    """The zone in which the page at hand says "today"."""
    return _here.get()


def today(now: datetime, zone: str = "") -> date:
    """The programme day that *now* belongs to, here or in *zone*: until 05:00 it is still the day before."""
    return programme_day(now, zone or here())


def earliest_today(now: datetime) -> date:
    """The earliest programme day that *now* belongs to anywhere: whatever ended on a day before is over."""
    return programme_day(now, "Etc/GMT+12")


def is_evening(moment: datetime) -> bool:
    """Whether *moment* belongs to what people call tonight here: from 17:00 until the programme day ends."""
    hour = moment.astimezone(zone_named(here())).hour
    return hour >= EVENING or hour < NEW_DAY


def day_label(day: date, now: datetime) -> str:
    """A day in words; the year only where it is another one than now."""
    return f"{date_format(day, 'l')}{_comma()} {month_day(day, with_year=day.year != today(now).year)}"


def month_day(day: date, *, with_year: bool = False) -> str:
    """A day of the month in words, such as "22 November", with its year where that is asked for."""
    return date_format(day, f"j{_dot()} F Y" if with_year else f"j{_dot()} F")


def short_day(day: date) -> str:
    """A day in few letters, such as "Sun 22 Nov"."""
    return _short_day(day, get_language() or "")


@lru_cache(maxsize=2048)
def _short_day(day: date, language: str) -> str:
    """A list of hundreds asks for the same few days. *language*, which is the active one, is only for the cache."""
    return f"{date_format(day, 'D')}{_comma()} {date_format(day, f'j{_dot()} M')}"


def dated_day(day: date) -> str:
    """A day in few letters with its year, such as "Sun 22 Nov 2026"."""
    return f"{short_day(day)} {day.year}"


def day_range(first: date | None, last: date | None) -> str:
    """A stretch of days in words, such as "19 November – 30 November 2026"; what is not known is left out."""
    if first is None or last is None or first == last:
        day = first or last
        return month_day(day, with_year=True) if day else ""
    start = month_day(first, with_year=first.year != last.year)
    return f"{start} – {month_day(last, with_year=True)}"


def _dot() -> str:
    """German writes the day of the month as an ordinal number."""
    return "." if (get_language() or "").startswith("de") else ""


def _comma() -> str:
    return "," if _dot() else ""


def long_day(day: date) -> str:
    """A day with its year, such as "22 November 2026" or "22. November 2026"."""
    return month_day(day, with_year=True)


def span(first: date, last: date) -> str:
    """The days from *first* to *last* with what they share said once, such as "11–22 November 2026"."""
    if first.year != last.year:
        return f"{long_day(first)} – {long_day(last)}"
    if first.month != last.month:
        return f"{month_day(first)} – {long_day(last)}"
    return f"{first.day}{_dot()}–{long_day(last)}"


def nearness(day: date, now: datetime) -> str:
    """ "Today" or "Tomorrow", else ""."""
    return {0: _("Today"), 1: _("Tomorrow")}.get((day - today(now)).days, "")


def clock(moment: datetime, zone: str) -> str:
    """The time of day in *zone*, such as 18:30."""
    return moment.astimezone(zone_named(zone)).strftime("%H:%M")


def zone_label(name: str) -> str:
    """A zone in words, such as "Stockholm time"."""
    return _zone_label(name, get_language() or "")


@lru_cache(maxsize=512)
def _zone_label(name: str, language: str) -> str:
    return _("%(city)s time") % {"city": name.rpartition("/")[2].replace("_", " ")}


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago *moment* was, such as "4 minutes ago"; "" for None."""
    if moment is None:
        return ""
    if now - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(age)s ago") % {"age": _inflected(timesince(moment, now, depth=1))}


def until(moment: datetime | None, now: datetime) -> str:
    """How long it is until *moment*, such as "in 4 minutes"; "now" once it is past, "" for None."""
    if moment is None:
        return ""
    if moment - now < timedelta(minutes=1):
        return _("now")
    return _("in %(time)s") % {"time": _inflected(timesince(now, moment, depth=1))}


def _inflected(span: str) -> str:
    """A stretch of time as it stands behind "vor" and "in", which in German ask for another case."""
    return _NOMINATIVE.sub(r"\1n", span) if _dot() else span
