"""Stockholm's calendar for the simulated world. All instants are Unix seconds, UTC."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = 86_400
HOUR = 3_600


@lru_cache(maxsize=16_384)
def stamp(day: date, minutes: int = 0) -> int:
    """The instant `minutes` after midnight, on the wall clock of Stockholm, of `day`.

    More than 1,440 minutes reach into the following days.
    """
    extra, rest = divmod(minutes, 1_440)
    if extra:
        day = day + timedelta(days=extra)
    wall = datetime(day.year, day.month, day.day, rest // 60, rest % 60, tzinfo=STOCKHOLM)
    return int(wall.timestamp())


def local(instant: int) -> datetime:
    """The wall clock of Stockholm at the instant."""
    return datetime.fromtimestamp(instant, STOCKHOLM)


@lru_cache(maxsize=16_384)
def wall_clock(instant: int) -> tuple[str, str]:
    """Date (YYYY-MM-DD) and time (HH:MM:SS) in Stockholm at the instant."""
    wall = local(instant)
    return f"{wall:%Y-%m-%d}", f"{wall:%H:%M:%S}"


def programme_day(now: datetime) -> date:
    """The day a visitor means by "tonight": it begins at five in the morning."""
    return (now.astimezone(STOCKHOLM) - timedelta(hours=5)).date()
