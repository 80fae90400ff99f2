"""Which festivals are read often, which once. Pure: rows and the time in, editions out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from providers.sff import schema

#: Event data exist from this year on (contract, section 5).
FIRST_YEAR: Final = 2007
AHEAD: Final = timedelta(days=365)
#: How long a festival whose end nobody named is thought to last.
ASSUMED_LENGTH: Final = timedelta(days=30)

_STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Edition:
    """A festival as far as reading needs it; *older* ones are read once."""

    id: str
    begin: date | None
    end: date | None
    current: bool
    older: bool = False


def editions_to_read(rows: Iterable[Mapping[str, Any]], now: datetime) -> Sequence[Edition]:
    """Festivals of interest, the earliest first, then the older ones since 2007, the newest first.

    Of interest is what upstream calls current, what has not ended, and what begins within a year; if nothing
    is, the newest. What begins later than that is not read yet. Unreadable dates count as not given.
    """
    today = now.astimezone(_STOCKHOLM).date()
    known = {edition.id: edition for row in rows if (edition := _edition(row)).id}
    begun = [one for one in known.values() if one.begin is None or one.begin <= today + AHEAD]
    begun.sort(key=_age)
    chosen = [one for one in begun if one.current or _is_ahead(one, today)] or begun[-1:]
    older = [
        Edition(one.id, one.begin, one.end, one.current, older=True)
        for one in reversed(begun)
        if one not in chosen and (one.begin is None or one.begin.year >= FIRST_YEAR)
    ]
    return [*chosen, *older]


def _age(edition: Edition) -> tuple[date, int, str]:
    return edition.begin or date.min, len(edition.id), edition.id


def _is_ahead(edition: Edition, today: date) -> bool:
    last = edition.end or (edition.begin and edition.begin + ASSUMED_LENGTH)
    return last is not None and last >= today


def _edition(row: Mapping[str, Any]) -> Edition:
    return Edition(
        id=_text(row, "festivalId"),
        begin=_day(_text(row, "festivalBegin")),
        end=_day(_text(row, "festivalEnd")),
        current=schema.flag(_text(row, "festivalIsCurrent")),
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    try:
        return schema.scalar(row.get(name))
    except ValueError:
        return ""


def _day(text: str) -> date | None:
    try:
        stamp = schema.seconds(text)
    except (ValueError, OverflowError):
        return None
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC).astimezone(_STOCKHOLM).date()
