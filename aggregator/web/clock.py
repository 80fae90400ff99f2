"""Days and times as the site shows them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from aggregator.ingest.decide import programme_day

#: The zone in which the site as a whole says "today". A showing's own times are always in the showing's zone.
SITE_ZONE = "Europe/Stockholm"


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone *name*; the site's own where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return ZoneInfo(SITE_ZONE)


def today(now: datetime) -> date:
    """The programme day that *now* belongs to: until 05:00 it is still the day before."""
    return programme_day(now, SITE_ZONE)


def day_label(day: date, now: datetime) -> str:
    """A day in words; the year only where it is another one than now."""
    return date_format(day, "l j F" if day.year == today(now).year else "l j F Y")


def short_day(day: date) -> str:
    """A day in few letters, such as "Sun 22 Nov"."""
    return date_format(day, "D j M")


def nearness(day: date, now: datetime) -> str:
    """ "Today" or "Tomorrow", else ""."""
    return {0: _("Today"), 1: _("Tomorrow")}.get((day - today(now)).days, "")


def clock(moment: datetime, zone: str) -> str:
    """The time of day in *zone*, such as 18:30."""
    return moment.astimezone(zone_named(zone)).strftime("%H:%M")


def zone_label(name: str) -> str:
    """A zone in words, such as "Stockholm time"."""
    return _("%(city)s time") % {"city": name.rpartition("/")[2].replace("_", " ")}


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago *moment* was, such as "4 minutes ago"; "" for None."""
    if moment is None:
        return ""
    if now - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(age)s ago") % {"age": timesince(moment, now, depth=1)}


def until(moment: datetime | None, now: datetime) -> str:
    """How long it is until *moment*, such as "in 4 minutes"; "now" once it is past, "" for None."""
    if moment is None:
        return ""
    if moment - now < timedelta(minutes=1):
        return _("now")
    return _("in %(time)s") % {"time": timesince(now, moment, depth=1)}
