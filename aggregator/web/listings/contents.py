"""All that a listing shows, in a number of queries that does not grow with its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from aggregator import languages
from aggregator.models import Image
from aggregator.search.criteria import Criteria
from aggregator.search.facets import facets
from aggregator.search.paging import Page, page_of
from aggregator.search.showings import not_placed
from aggregator.web import clock, origins, programme
from aggregator.web.cards import Card, by_day, cards, listed
from aggregator.web.listings import choices, posters
from aggregator.web.listings.days import month_of
from aggregator.web.listings.empty import ways_out
from aggregator.web.listings.facets import carried, groups
from aggregator.web.listings.places import places_of
from aggregator.web.listings.state import State, View
from aggregator.web.origins import Origin


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every view needs to know."""

    state: State
    effective: Criteria
    language: str
    now: datetime
    known: Mapping[str, Origin]

    def cards(self, rows: Any) -> tuple[Card, ...]:
        return cards(listed(rows), self.language, self.now, self.known)


def contents(state: State, now: datetime) -> dict[str, Any]:
    """The context of a listing's templates. Where what is asked for lies in one zone, today is today there."""
    with clock.reckoned_in(programme.zone_of(state.criteria)):
        return _contents(state, now)


def _contents(state: State, now: datetime) -> dict[str, Any]:
    effective = replace(programme.from_today(state.criteria, now), ordering="start")
    asked = _Asked(state, effective, languages.current(), now, origins.known(now))
    found = facets(effective, asked.language)
    shown = _VIEWS[state.view](asked)
    return {
        "now": now,
        "listing_path": reverse("web:events"),
        "state": state,
        "criteria": state.criteria,
        "view": str(state.view),
        "search": " ".join(state.criteria.texts),
        "total": found.total,
        "total_is_minimum": found.total_is_minimum,
        "numbers_exact": found.exact,
        "groups": groups(found),
        "carried": carried(state),
        "quick": choices.quick(state, now),
        "views": choices.views(state),
        "chips": choices.chips(state, choices.names_of(state)),
        "strip": _strip(asked) if state.view in (View.LIST, View.GRID) else (),
        "neighbours": choices.neighbours(state) if state.view in (View.LIST, View.GRID) else None,
        "ways_out": ways_out(state, effective, now) if not found.total else None,
        # The map says more of it.
        "not_placed": not_placed(effective)[0] if state.view != View.MAP else 0,
        "clear_query": State(view=state.view, home=state.home).query(),
        "origins": origins.told(asked.known),
        "lead": _lead(shown),
        **shown,
    }


def _lead(shown: Mapping[str, Any]) -> Image | None:
    """The first picture among what is shown: it stands for the listing where somebody shares it."""
    by_day = (card for day in shown.get("days", ()) for card in (*day.cards, *day.earlier))
    on_posters = (card for card, _ in shown.get("posters", ()))
    return next(
        (card.picture for card in (*by_day, *on_posters, *shown.get("runs", ())) if card.picture), None
    )


def _list(asked: _Asked) -> dict[str, Any]:
    page = _page(asked, programme.dated(asked.effective))
    shown = cards(page.rows, asked.language, asked.now, asked.known)
    return {"days": by_day(shown, asked.now), **_aside(asked), **_turns(asked, page)}


def _grid(asked: _Asked) -> dict[str, Any]:
    page = _page(asked, posters.firsts(asked.effective))
    shown = cards(page.rows, asked.language, asked.now, asked.known)
    numbers = posters.numbers(asked.effective, [row.event_id for row in page.rows])
    further = [numbers.get(row.event_id, 1) - 1 for row in page.rows]
    return {"posters": list(zip(shown, further, strict=True)), **_aside(asked), **_turns(asked, page)}


def _month(asked: _Asked) -> dict[str, Any]:
    return {"month": month_of(asked.state, asked.effective, asked.language, asked.now, asked.known)}


def _map(asked: _Asked) -> dict[str, Any]:
    return {"places": places_of(asked.state, asked.effective)}


def _ongoing(asked: _Asked) -> dict[str, Any]:
    page = _page(asked, programme.ongoing(asked.effective))
    shown = cards(page.rows, asked.language, asked.now, asked.known)
    return {"runs": shown, **_turns(asked, page)}


_VIEWS: Mapping[View, Callable[[_Asked], dict[str, Any]]] = {
    View.LIST: _list,
    View.GRID: _grid,
    View.MONTH: _month,
    View.MAP: _map,
    View.ONGOING: _ongoing,
}


def _page(asked: _Asked, rows: Any) -> Page:
    return page_of(listed(rows), programme.PAGE_SIZE, after=asked.state.after, before=asked.state.before)


def _aside(asked: _Asked) -> dict[str, Any]:
    """What is ongoing, on the first page alone: it would be the same on every one."""
    if asked.state.after or asked.state.before:
        return {"continued": True}
    rows = programme.ongoing(asked.effective).order_by("local_end_date", "id")
    return {
        "runs": asked.cards(rows[: programme.ONGOING]),
        "ongoing_query": asked.state.query(view=View.ONGOING),
    }


def _turns(asked: _Asked, page: Page) -> dict[str, Any]:
    """The neighbouring pages as queries, "" where there is none."""
    query = asked.state.query
    return {
        "previous": query(before=page.before) if page.before else "",
        "next": query(after=page.after) if page.after else "",
    }


def _strip(asked: _Asked) -> list[choices.DayLink]:
    today = clock.today(asked.now)
    last = today + timedelta(days=choices.STRIP_DAYS - 1)
    numbers = programme.numbers_by_day(replace(asked.effective, start=today, end=last))
    return choices.day_strip(asked.state, numbers, asked.now)
