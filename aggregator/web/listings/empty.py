"""What to do about an empty result: which filter to drop, with what that would find, and what may have been meant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.search.criteria import Criteria
from aggregator.search.facets import relaxations
from aggregator.search.showings import count, find_showings
from aggregator.search.suggest import did_you_mean
from aggregator.web import programme
from aggregator.web.listings import choices
from aggregator.web.listings.state import State

MOST = 5
_DAYS = ("from", "to")


@dataclass(frozen=True, slots=True)
class WayOut:
    """A filter to drop, and how many showings are found without it."""

    label: str
    query: str
    number: int
    is_minimum: bool


@dataclass(frozen=True, slots=True)
class WaysOut:
    """*meant* is another spelling of the words searched for, with its query; "" for none. *past* is how many showings
    there were where nothing is to come any more.
    """

    drop: tuple[WayOut, ...]
    meant: str
    meant_query: str
    past: int
    past_query: str


def ways_out(state: State, effective: Criteria, now: datetime) -> WaysOut:
    """The ways out of an empty result; a few queries, more of them the more filters there are."""
    meant = did_you_mean(effective) if state.criteria.texts else None
    past = _past(state, effective)
    return WaysOut(
        drop=_drop(state, effective, now),
        meant=meant or "",
        meant_query=state.query({"q": [meant]}) if meant else "",
        past=past,
        past_query=state.query({"to": [(effective.start - timedelta(days=1)).isoformat()]})
        if past and effective.start
        else "",
    )


def _past(state: State, effective: Criteria) -> int:
    """How many showings would fit if they were not over; nobody asked for certain days."""
    if effective.start is None or any(name in state.values for name in _DAYS):
        return 0
    return count(find_showings(replace(effective, start=None, end=effective.start - timedelta(days=1))))[0]


def _drop(state: State, effective: Criteria, now: datetime) -> tuple[WayOut, ...]:
    names = choices.names_of(state)
    found = []
    for one in relaxations(effective):
        # The days are dropped together, and what is left then begins today.
        if one.parameter in state.values and one.parameter not in _DAYS:
            values = [one.value] if one.value else state.values[one.parameter]
            labels = [choices.label_of(state, one.parameter, value, names) for value in values]
            query = state.query(_without(state, one.parameter, one.value))
            found.append(WayOut(", ".join(labels), query, one.number, one.is_minimum))
    found += _without_days(state, effective, now)
    return tuple(sorted(found, key=lambda one: -one.number)[:MOST])


def _without_days(state: State, effective: Criteria, now: datetime) -> Sequence[WayOut]:
    given = [name for name in _DAYS if name in state.values]
    if not given:
        return ()
    number, is_minimum = count(
        find_showings(programme.from_today(replace(effective, start=None, end=None), now))
    )
    labels = [choices.label_of(state, name, "", {}) for name in given]
    query = state.query(dict.fromkeys(_DAYS, ()))
    return (WayOut(", ".join(labels), query, number, is_minimum),) if number else ()


def _without(state: State, name: str, value: str) -> dict[str, Sequence[str]]:
    change: dict[str, Sequence[str]] = {**state.without_value(name, value)} if value else {name: ()}
    return {**change, "radius": (), "ordering": ()} if name == "near" else change
