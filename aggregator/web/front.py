"""What the first page shows, in a number of queries that does not grow with its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aggregator import languages
from aggregator.addresses import path_of
from aggregator.search.criteria import Criteria
from aggregator.vocabulary import Kind
from aggregator.web import clock, origins, programme
from aggregator.web.cards import SHEETS, Card, Day, by_day, cards, listed
from aggregator.web.listings import choices
from aggregator.web.listings.state import State


@dataclass(frozen=True, slots=True)
class FestivalTile:
    """A festival that is on or near. *sheet* picks its colours, which are its own wherever it is named."""

    name: str
    path: str
    days: str
    sheet: int


def contents(city: str, now: datetime) -> dict[str, Any]:
    """The context of the first page for somebody whose home is *city* ("" for nowhere in particular), who means the
    city's own today.
    """
    with clock.reckoned_in(programme.zone_of(Criteria(cities=(city,) if city else ()))):
        return _contents(city, now)


def _contents(city: str, now: datetime) -> dict[str, Any]:
    today, known, language = clock.today(now), origins.known(now), languages.current()
    state = State(Criteria(cities=(city,)), {"city": (city,)}) if city else State()
    criteria = state.criteria
    running = programme.ongoing(replace(criteria, start=today, end=today)).order_by("local_end_date", "id")
    tonight = cards(listed(programme.tonight(criteria, now))[: programme.TONIGHT], language, now, known)
    return {
        "now": now,
        "today": clock.day_label(today, now),
        "home": city,
        "cities": programme.cities(now, city),
        "home_query": state.query(),
        "ongoing_query": state.query(view="ongoing"),
        "quick": choices.quick(state, now),
        "is_tonight": is_tonight(tonight, now),
        "tonight": tonight,
        "days": _days(state, cards(listed(programme.days_ahead(criteria, now)), language, now, known), now),
        "ongoing": cards(listed(running)[: programme.ONGOING], language, now, known),
        "festivals": _festivals(now),
        "freshness": [one for one in known.values() if one.configured],
        "origins": origins.told(known),
    }


def is_tonight(shown: Sequence[Card], now: datetime) -> bool:
    """Whether "Tonight" may stand over *shown*: nothing of it takes place before the evening. Else it is "Today"."""
    if clock.is_evening(now):
        return True
    evening = f"{clock.EVENING}:00"
    return bool(shown) and all(one.exact and (one.after_midnight or one.when >= evening) for one in shown)


def _days(state: State, shown: Sequence[Card], now: datetime) -> list[tuple[Day, str]]:
    """The days ahead, each with the query of its whole list."""
    found = by_day(shown, now)
    return [(one, state.query(choices.between(one.day, one.day))) for one in found]


def _festivals(now: datetime) -> list[FestivalTile]:
    return [
        FestivalTile(
            name=str(one),
            path=path_of(Kind.FESTIVAL, one.pk, str(one)),
            days=clock.day_range(one.starts_on, one.ends_on),
            sheet=one.pk % SHEETS,
        )
        for one in programme.festivals_now(now)
    ]
