"""What somebody is looking for, and how it is read from a query string.

Reading is pure: raw values in, ``Criteria`` and the list of what could not be read out. The site drops what
it could not read and says so, the API refuses the request.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from aggregator.admission import plain_text
from aggregator.vocabulary import Availability, ShowingKind

LONGEST_TEXT = 200
MOST_VALUES = 50
LARGEST_ID = 2**63 - 1
NAMES = ("q", "provider", "from", "to", "city", "venue", "festival", "kind", "availability", "free")
PEOPLE_NAMES = ("q", "provider")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,19}")
_TRUTH = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Criteria:
    """What to look for. Every field narrows, several values of one field widen; an empty field asks nothing.

    texts: each is a search of its own; all of its words must be found. start, end: first and last programme
    day, inclusive, met by overlap. venues, festivals: our ids. cities are compared without regard to case.
    """

    texts: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    cities: tuple[str, ...] = ()
    venues: tuple[int, ...] = ()
    festivals: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    availability: tuple[str, ...] = ()
    free: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class BadValue:
    """A parameter that could not be read, and one sentence why; the sentence does not repeat the value."""

    parameter: str
    message: str


class _Unreadable(ValueError):
    """Carries the sentence of a ``BadValue`` out of the function that reads one value."""


def read_criteria(
    values: Mapping[str, Sequence[str]], providers: Collection[str]
) -> tuple[Criteria, tuple[BadValue, ...]]:
    """Criteria from a query string's values by name, with what could not be read. Other names are not
    looked at.

    *providers* are the slugs that may be asked for. Empty values count as not given.
    """
    bad: list[BadValue] = []

    def many(name: str, read: Callable[[str], Any]) -> tuple[Any, ...]:
        try:
            return _read_many(values.get(name, ()), read)
        except _Unreadable as error:
            bad.append(BadValue(name, str(error)))
            return ()

    def one(name: str, read: Callable[[str], Any]) -> Any:
        found = many(name, read)
        if len(found) > 1:
            bad.append(BadValue(name, _("This can be given only once.")))
            return None
        return found[0] if found else None

    start, end = one("from", read_day), one("to", read_day)
    if start and end and end < start:
        bad.append(BadValue("to", _("The last day lies before the first.")))
        end = None
    criteria = Criteria(
        texts=many("q", _text),
        providers=many("provider", _word_of(tuple(providers))),
        start=start,
        end=end,
        cities=many("city", _text),
        venues=many("venue", read_id),
        festivals=many("festival", read_id),
        kinds=many("kind", _word_of(_words(ShowingKind))),
        availability=many("availability", _word_of(_words(Availability))),
        free=many("free", _truth),
    )
    return criteria, tuple(bad)


def read_day(value: str) -> date:
    """A day written YYYY-MM-DD; raises ``ValueError`` with a sentence."""
    if _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _Unreadable(_("A day is written like 2026-11-22."))


def read_id(value: str) -> int:
    """A positive whole number that fits an id; raises ``ValueError`` with a sentence."""
    if _NUMBER.fullmatch(value) and 0 < int(value) <= LARGEST_ID:
        return int(value)
    raise _Unreadable(_("This must be a positive whole number."))


def _read_many(raw: Sequence[str], read: Callable[[str], Any]) -> tuple[Any, ...]:
    given = [value for value in raw if value.strip()]
    if len(given) > MOST_VALUES:
        raise _Unreadable(_("At most %(most)d values can be given.") % {"most": MOST_VALUES})
    return tuple(dict.fromkeys(read(value.strip()) for value in given))


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise _Unreadable(_("At most %(most)d characters can be searched for.") % {"most": LONGEST_TEXT})
    if not (text := plain_text(value, LONGEST_TEXT)):
        raise _Unreadable(_("There is nothing readable in this."))
    return text


def _truth(value: str) -> bool:
    try:
        return _TRUTH[value.lower()]
    except KeyError:
        raise _Unreadable(_("This is either true or false.")) from None


def _word_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise _Unreadable(_("Known values are: %(words)s.") % {"words": ", ".join(words)})
        return value

    return read


def _words(vocabulary: type[StrEnum]) -> tuple[str, ...]:
    return tuple(str(word) for word in vocabulary)
