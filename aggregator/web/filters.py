"""The search form of the programme: its state is the query string, whole and shareable."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.search.criteria import BadValue, Criteria
from aggregator.search.paging import Place, read_place
from aggregator.vocabulary import Availability
from aggregator.web import clock
from aggregator.web.words import AVAILABILITY

STRIP_DAYS = 14
_FIELDS: Mapping[str, Any] = {
    "q": gettext_lazy("Search"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "city": gettext_lazy("City"),
    "provider": gettext_lazy("Source"),
    "availability": gettext_lazy("Tickets"),
    "free": gettext_lazy("Free"),
    "after": gettext_lazy("Page"),
    "before": gettext_lazy("Page"),
    "page": gettext_lazy("Page"),
    "view": gettext_lazy("View"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice in a list of the form."""

    value: str
    label: Any
    chosen: bool


@dataclass(frozen=True, slots=True)
class DayLink:
    """One day in the strip above the programme."""

    label: str
    nearness: str
    query: str
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Where in the programme the visitor stands, beside the criteria: a stretch, or the ongoing runs."""

    after: Place | None = None
    before: Place | None = None
    ongoing: bool = False


def read_asked(values: Mapping[str, Sequence[str]]) -> tuple[Asked, tuple[BadValue, ...]]:
    """The position asked for, and what of it made no sense."""
    bad: list[BadValue] = []
    places: dict[str, Place | None] = {}
    for name in ("after", "before"):
        given = [value for value in values.get(name, ()) if value]
        try:
            places[name] = read_place(given[-1]) if given else None
        except ValueError:
            places[name] = None
            bad.append(
                BadValue(name, _("This is no place in the programme; it is shown from its beginning."))
            )
    view = [value for value in values.get("view", ()) if value]
    if view and view[-1] != "ongoing":
        bad.append(BadValue("view", _("There is no such view.")))
    if "page" in values:
        bad.append(
            BadValue("page", _("Pages have no numbers here; the programme is shown from its beginning."))
        )
    return Asked(places["after"], places["before"], ongoing=view[-1:] == ["ongoing"]), tuple(bad)


def notes(bad: Iterable[BadValue]) -> list[str]:
    """One friendly sentence for each value that was left out of account."""
    return [f"{_FIELDS.get(one.parameter, one.parameter)}: {one.message}" for one in bad]


def query(criteria: Criteria, **changed: Any) -> str:
    """The query string that asks for *criteria* with some of its values replaced; None removes one, "" for
    nothing.
    """
    values: dict[str, Any] = {
        "q": criteria.texts,
        "provider": criteria.providers,
        "from": criteria.start,
        "to": criteria.end,
        "city": criteria.cities,
        "venue": criteria.venues,
        "festival": criteria.festivals,
        "kind": criteria.kinds,
        "availability": criteria.availability,
        "free": ["true" if free else "false" for free in criteria.free],
    }
    values |= changed
    given = {name: value for name, value in values.items() if value not in (None, (), [])}
    return f"?{encoded}" if (encoded := urlencode(given, doseq=True)) else "?"


def carried(criteria: Criteria) -> list[tuple[str, Any]]:
    """What the form has no field for, as hidden fields, so that a new search keeps it."""
    return [
        *(("venue", venue) for venue in criteria.venues),
        *(("festival", festival) for festival in criteria.festivals),
        *(("kind", kind) for kind in criteria.kinds),
    ]


def options(criteria: Criteria, cities: Collection[str]) -> dict[str, list[Option]]:
    """The choices of each list in the form."""
    asked = {city.casefold() for city in criteria.cities}
    known = {city.casefold() for city in cities}
    extra = [city for city in criteria.cities if city.casefold() not in known]
    tickets = (Availability.AVAILABLE, Availability.FEW, Availability.SOLDOUT, Availability.NOT_ON_SALE)
    return {
        "city": [Option(city, city, city.casefold() in asked) for city in (*cities, *extra)],
        "provider": [
            Option(slug, configured.provider.name, slug in criteria.providers)
            for slug, configured in settings.PROVIDERS.items()
        ],
        "availability": [Option(word, AVAILABILITY[word], word in criteria.availability) for word in tickets],
    }


def day_strip(criteria: Criteria, numbers: Mapping[date, int], now: datetime) -> list[DayLink]:
    """Links to the next days that have anything, each keeping the rest of the search."""
    chosen = criteria.start if criteria.start == criteria.end else None
    today = clock.today(now)
    shown = [today + timedelta(days=ahead) for ahead in range(STRIP_DAYS)]
    return [
        DayLink(
            clock.short_day(day),
            clock.nearness(day, now),
            query(criteria, **{"from": day, "to": day}),
            numbers[day],
            day == chosen,
        )
        for day in shown
        if numbers.get(day)
    ]


def is_narrowed(criteria: Criteria) -> bool:
    """Whether anything at all was asked for."""
    return query(criteria) != "?"
