"""The programme by day: one page of it, what is ongoing beside it, and the calendar of a month."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aggregator.search.criteria import Criteria
from aggregator.web import clock, programme
from aggregator.web.cards import Card, cards, listed
from aggregator.web.listings.state import State, View
from aggregator.web.origins import Origin

PER_DAY = 3
#: The years that an address can ask for, too.
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a month: its number of showings and the first of them. *query* leads to its list, "" for none."""

    day: date
    label: str
    inside: bool
    today: bool
    number: int
    cards: tuple[Card, ...]
    query: str

    @property
    def further(self) -> int:
        """How many showings are not named."""
        return self.number - len(self.cards)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday to Sunday, with the queries of its neighbours."""

    first: date
    weekdays: tuple[date, ...]
    weeks: tuple[tuple[Cell, ...], ...]
    number: int
    before: str
    after: str


def month_of(
    state: State, effective: Criteria, language: str, now: datetime, known: Mapping[str, Origin]
) -> Month:
    """The month that *state* asks for, else that of its first day, with what meets *effective*. Two queries."""
    first = state.month or _first_month(effective, clock.today(now))
    last = first.replace(day=monthrange(first.year, first.month)[1])
    inside = replace(effective, start=_later(first, effective.start), end=_earlier(last, effective.end))
    empty = inside.start is not None and inside.end is not None and inside.start > inside.end
    numbers = {} if empty else programme.numbers_by_day(inside)
    rows = [] if empty else listed(programme.first_of_days(inside, PER_DAY))
    shown: dict[date, list[Card]] = {}
    for card in cards(rows, language, now, known):
        shown.setdefault(card.day, []).append(card)
    weeks = tuple(
        tuple(_cell(state, day, first, numbers, shown.get(day, ()), now) for day in week)
        for week in _weeks(first, last)
    )
    return Month(
        first=first,
        weekdays=tuple(cell.day for cell in weeks[0]),
        weeks=weeks,
        number=sum(numbers.values()),
        before=state.query(view=View.MONTH, month=f"{first - timedelta(days=1):%Y-%m}"),
        after=state.query(view=View.MONTH, month=f"{last + timedelta(days=1):%Y-%m}"),
    )


def _cell(
    state: State,
    day: date,
    first: date,
    numbers: Mapping[date, int],
    shown: Sequence[Card],
    now: datetime,
) -> Cell:
    number, written = numbers.get(day, 0), day.isoformat()
    return Cell(
        day=day,
        label=clock.day_label(day, now),
        inside=day.month == first.month,
        today=day == clock.today(now),
        number=number,
        cards=tuple(shown),
        query=state.query({"from": [written], "to": [written]}, view=View.LIST, month=None) if number else "",
    )


def _weeks(first: date, last: date) -> list[list[date]]:
    start = first - timedelta(days=first.weekday())
    number = (last - start).days // 7 + 1
    return [[start + timedelta(days=7 * week + day) for day in range(7)] for week in range(number)]


def _first_month(criteria: Criteria, today: date) -> date:
    """The month of the first day asked for, where that is a day that calendars have."""
    day = criteria.start or min(today, criteria.end or today)
    return (day if FIRST_YEAR <= day.year <= LAST_YEAR else today).replace(day=1)


def _later(day: date, other: date | None) -> date:
    return max(day, other) if other else day


def _earlier(day: date, other: date | None) -> date:
    return min(day, other) if other else day
