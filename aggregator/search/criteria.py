"""What somebody is looking for, and how it is read from a query string.

Reading is pure: raw values in, ``Criteria`` and the list of what could not be read out. The site drops what
it could not read and says so, the API refuses the request.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from aggregator.admission import plain_text
from aggregator.vocabulary import Availability, ShowingKind

LONGEST_TEXT = 200
MOST_VALUES = 50
#: Each text is a search of its own, and the dearest thing that can be asked for.
MOST_TEXTS = 4
LARGEST_ID = 2**63 - 1
LARGEST_RADIUS_KM = 500.0
USUAL_RADIUS_KM = 10.0
NAMES = (
    *("q", "provider", "from", "to", "city", "country", "category", "venue", "festival", "section", "kind"),
    *("language", "availability", "free", "near", "radius", "ordering"),
)
# What is asked of kinds that have no days, places and tickets of their own.
PEOPLE_NAMES = ("q", "provider")
# Programme order forwards and backwards, by id, by how well the words fit, by distance.
ORDERINGS = ("start", "-start", "id", "-id", "relevance", "distance")

_COUNTRY = re.compile(r"[A-Za-z]{2}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}", re.ASCII)
_DEGREES = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?", re.ASCII)
_KILOMETRES = re.compile(r"\d{1,4}(?:\.\d{1,6})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,19}")
_TRUTH = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Near:
    """A place on earth in degrees (WGS 84) and how far around it to look, in kilometres (above 0, at most 500)."""

    latitude: float
    longitude: float
    radius_km: float = USUAL_RADIUS_KM


@dataclass(frozen=True, slots=True)
class Criteria:
    """What to look for. Every field narrows, several values of one field widen; an empty field asks nothing.

    texts: each is a search of its own; all of its words must be found. start, end: first and last programme
    day, inclusive, met by overlap. venues, festivals, sections, categories: our ids. cities are compared
    without regard to case. countries: ISO 3166-1 alpha-2 in capitals. languages: ISO 639 in small letters.
    ordering: one of ``ORDERINGS``; "" is the order that suits what is listed.
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
    countries: tuple[str, ...] = ()
    categories: tuple[int, ...] = ()
    sections: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    near: Near | None = None
    ordering: str = ""


# The parameter that each field is asked for with; ``texts``, ``start`` and ``end`` are no choice from a list.
PARAMETERS: Mapping[str, str] = {
    "texts": "q",
    "providers": "provider",
    "start": "from",
    "end": "to",
    "cities": "city",
    "countries": "country",
    "categories": "category",
    "venues": "venue",
    "festivals": "festival",
    "sections": "section",
    "kinds": "kind",
    "languages": "language",
    "availability": "availability",
    "free": "free",
    "near": "near",
}


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

    def many(name: str, read: Callable[[str], Any], most: int = MOST_VALUES) -> tuple[Any, ...]:
        try:
            return _read_many(values.get(name, ()), read, most)
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
        texts=many("q", _text, MOST_TEXTS),
        providers=many("provider", _word_of(tuple(providers))),
        start=start,
        end=end,
        cities=many("city", _text),
        venues=many("venue", read_id),
        festivals=many("festival", read_id),
        kinds=many("kind", _word_of(_words(ShowingKind))),
        availability=many("availability", _word_of(_words(Availability))),
        free=many("free", _truth),
        countries=many("country", _country),
        categories=many("category", read_id),
        sections=many("section", read_id),
        languages=many("language", _language),
        near=_near(one("near", _position), one("radius", _radius)),
        ordering=one("ordering", _word_of(ORDERINGS)) or "",
    )
    if criteria.ordering == "distance" and criteria.near is None:
        bad.append(BadValue("ordering", _("Ordering by distance needs a place to be near to.")))
        criteria = replace(criteria, ordering="")
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


def _read_many(raw: Sequence[str], read: Callable[[str], Any], most: int) -> tuple[Any, ...]:
    given = [value for value in raw if value.strip()]
    if len(given) > most:
        raise _Unreadable(_("At most %(most)d values can be given.") % {"most": most})
    return tuple(dict.fromkeys(read(value.strip()) for value in given))


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise _Unreadable(_("At most %(most)d characters can be searched for.") % {"most": LONGEST_TEXT})
    if not (text := plain_text(value, LONGEST_TEXT)):
        raise _Unreadable(_("There is nothing readable in this."))
    return text


def _country(value: str) -> str:
    if not _COUNTRY.fullmatch(value):
        raise _Unreadable(_("A country is written with two letters, like SE."))
    return value.upper()


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise _Unreadable(_("A language is written with two or three letters, like sv."))
    return value.lower()


def _position(value: str) -> tuple[float, float]:
    latitude, comma, longitude = value.partition(",")
    if comma and _DEGREES.fullmatch(latitude.strip()) and _DEGREES.fullmatch(longitude.strip()):
        degrees = float(latitude), float(longitude)
        if abs(degrees[0]) <= 90 and abs(degrees[1]) <= 180:
            return degrees
    raise _Unreadable(_("A place is written as latitude and longitude, like 59.33,18.07."))


def _radius(value: str) -> float:
    if _KILOMETRES.fullmatch(value) and 0 < float(value) <= LARGEST_RADIUS_KM:
        return float(value)
    raise _Unreadable(
        _("A radius is a number of kilometres above 0 and at most %(most)d.") % {"most": LARGEST_RADIUS_KM}
    )


def _near(position: tuple[float, float] | None, radius: float | None) -> Near | None:
    """A radius without a place asks nothing."""
    return None if position is None else Near(*position, radius or USUAL_RADIUS_KM)


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
