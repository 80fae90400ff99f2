"""What a visitor can choose beside a listing, each as the query string that it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.models import Category, Festival, Section, Venue
from aggregator.search.criteria import BadValue
from aggregator.vocabulary import Availability
from aggregator.web import clock
from aggregator.web.listings.state import State, View
from aggregator.web.words import AVAILABILITY, KINDS

STRIP_DAYS = 14
FRIDAY, SUNDAY = 4, 6
PARAMETERS: Mapping[str, Any] = {
    "q": gettext_lazy("Search"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "city": gettext_lazy("City"),
    "country": gettext_lazy("Country"),
    "kind": gettext_lazy("Kind"),
    "category": gettext_lazy("Category"),
    "festival": gettext_lazy("Festival"),
    "section": gettext_lazy("Section"),
    "venue": gettext_lazy("Venue"),
    "language": gettext_lazy("Language"),
    "availability": gettext_lazy("Tickets"),
    "free": gettext_lazy("Price"),
    "provider": gettext_lazy("Source"),
    "near": gettext_lazy("Near"),
    "radius": gettext_lazy("Distance"),
    "ordering": gettext_lazy("Order"),
    "after": gettext_lazy("Page"),
    "before": gettext_lazy("Page"),
    "page": gettext_lazy("Page"),
    "view": gettext_lazy("View"),
    "month": gettext_lazy("Month"),
}
_VIEWS: Mapping[View, Any] = {
    View.LIST: gettext_lazy("List"),
    View.GRID: gettext_lazy("Posters"),
    View.MONTH: gettext_lazy("Month"),
    View.MAP: gettext_lazy("Map"),
}
_NAMED: Mapping[str, Any] = {"venue": Venue, "festival": Festival, "section": Section, "category": Category}


@dataclass(frozen=True, slots=True)
class Link:
    """A choice that is a link; following it when *chosen* takes the choice back where that makes sense."""

    label: Any
    query: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class DayLink:
    """One day in the strip above the programme."""

    day: date
    label: str
    nearness: str
    query: str
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The days around the one day that is shown, as queries."""

    before: Link
    after: Link


def notes(bad: Sequence[BadValue]) -> list[str]:
    """One friendly sentence for each value that was left out of account."""
    return [f"{PARAMETERS.get(one.parameter, one.parameter)}: {one.message}" for one in bad]


def views(state: State) -> list[Link]:
    """The ways to look at the same result."""
    shown = View.LIST if state.view == View.ONGOING else state.view
    return [Link(label, state.query(view=view, month=None), view == shown) for view, label in _VIEWS.items()]


def quick(state: State, now: datetime) -> list[Link]:
    """Today or tonight, tomorrow, this weekend, free, tickets left."""
    today = clock.today(now)
    tomorrow, (friday, sunday) = today + timedelta(days=1), weekend(today)
    tonight = _("Tonight") if clock.is_evening(now) else _("Today")
    return [
        _days(state, tonight, today, today),
        _days(state, _("Tomorrow"), tomorrow, tomorrow),
        _days(state, _("This weekend"), friday, sunday),
        _toggle(state, _("Free"), "free", ("true",)),
        _toggle(state, _("Tickets left"), "availability", (Availability.AVAILABLE, Availability.FEW)),
    ]


def between(first: date, last: date) -> dict[str, list[str]]:
    """The change for ``State.query`` that asks for the days from *first* to *last*."""
    return {"from": [first.isoformat()], "to": [last.isoformat()]}


def weekend(today: date) -> tuple[date, date]:
    """Friday to Sunday of this week, or what is left of them."""
    sunday = today + timedelta(days=SUNDAY - today.weekday())
    return max(today, sunday - timedelta(days=SUNDAY - FRIDAY)), sunday


def day_strip(state: State, numbers: Mapping[date, int], now: datetime) -> list[DayLink]:
    """Links to the next days that have anything, each keeping the rest of the search."""
    chosen = _only_day(state)
    today = clock.today(now)
    shown = [today + timedelta(days=ahead) for ahead in range(STRIP_DAYS)]
    return [
        DayLink(
            day=day,
            label=clock.short_day(day),
            nearness=clock.nearness(day, now),
            query=state.query(between(day, day), view=_by_day(state)),
            number=numbers[day],
            chosen=day == chosen,
        )
        for day in shown
        if numbers.get(day)
    ]


def neighbours(state: State) -> Neighbours | None:
    """The days before and after, where one day alone is asked for."""
    day = _only_day(state)
    if day is None or day in (date.min, date.max):
        return None
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    return Neighbours(
        Link(clock.short_day(before), state.query(between(before, before))),
        Link(clock.short_day(after), state.query(between(after, after))),
    )


def chips(state: State, names: Mapping[tuple[str, str], str]) -> list[Link]:
    """Everything that narrows the list, each leading to the list without it. *names* are those of ``names_of``."""
    found = []
    for name, values in state.values.items():
        for value in values:
            if name not in ("radius", "ordering"):
                label = label_of(state, name, value, names)
                found.append(Link(label, state.query(_without(state, name, value))))
    return found


def label_of(state: State, name: str, value: str, names: Mapping[tuple[str, str], str]) -> str:
    """One filter in words."""
    if name in ("from", "to"):
        return _date_label(state, name)
    if name == "near" and state.criteria.near:
        kilometres = state.criteria.near.radius_km
        radius = number_format(kilometres, decimal_pos=0 if kilometres.is_integer() else 1)
        return _("within %(radius)s km of the chosen place") % {"radius": radius}
    words = {
        "q": f"“{value}”",
        "kind": KINDS.get(value),
        "availability": AVAILABILITY.get(value),
        "free": _("Free") if True in state.criteria.free else _("Not free"),
        "provider": settings.PROVIDERS[value].provider.name if value in settings.PROVIDERS else value,
    }
    return str(words.get(name) or names.get((name, value)) or value)


def names_of(state: State) -> dict[tuple[str, str], str]:
    """What the ids in *state* stand for, by parameter and value. One query for each kind that is asked for."""
    found: dict[tuple[str, str], str] = {}
    for name, model in _NAMED.items():
        wanted = [int(value) for value in state.values.get(name, ())]
        if wanted:
            rows = model.objects.filter(pk__in=wanted, hidden_at=None)
            found |= {(name, str(row.pk)): str(row) for row in rows}
    return found


def _days(state: State, label: str, first: date, last: date) -> Link:
    chosen = (state.criteria.start, state.criteria.end) == (first, last)
    change: dict[str, list[str]] = {"from": [], "to": []} if chosen else between(first, last)
    return Link(label, state.query(change, view=_by_day(state)), chosen)


def _toggle(state: State, label: str, name: str, values: tuple[str, ...]) -> Link:
    chosen = set(state.values.get(name, ())) == set(values)
    return Link(label, state.query({name: () if chosen else values}), chosen)


def _by_day(state: State) -> View:
    """The view in which a day makes sense: what is ongoing has none."""
    return View.LIST if state.view == View.ONGOING else state.view


def _only_day(state: State) -> date | None:
    return state.criteria.start if state.criteria.start == state.criteria.end else None


def _without(state: State, name: str, value: str) -> dict[str, list[str]]:
    change = state.without_value(name, value)
    return {**change, "radius": [], "ordering": []} if name == "near" else change


def _date_label(state: State, name: str) -> str:
    day = state.criteria.start if name == "from" else state.criteria.end
    shown = clock.short_day(day) if day else ""
    return (_("from %(day)s") if name == "from" else _("until %(day)s")) % {"day": shown}
