"""The query string of a listing: read, with what made no sense in it, and written again with something changed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from aggregator.search.criteria import NAMES, BadValue, Criteria, read_criteria
from aggregator.search.paging import Place, read_place

_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", re.ASCII)


class View(StrEnum):
    """Ways to look at one and the same result."""

    LIST = "list"
    GRID = "grid"
    MONTH = "month"
    MAP = "map"
    ONGOING = "ongoing"


@dataclass(frozen=True, slots=True)
class State:
    """What a listing is asked to show. *values* are the criteria as they were written, by parameter, the unreadable
    left out; *month* is the first day of the calendar's month; *after* and *before* are where a page begins or ends.
    *home* is the city that the bare address would lead this visitor to.
    """

    criteria: Criteria = field(default_factory=Criteria)
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    view: View = View.LIST
    month: date | None = None
    after: Place | None = None
    before: Place | None = None
    home: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything at all is asked for."""
        return bool(self.values)

    def query(self, changed: Mapping[str, Iterable[str]] | None = None, **own: object) -> str:
        """The query string, "?" and all, with the values of some parameters replaced.

        *own* replaces ``view``, ``month``, ``after`` and ``before``; the last two are left out unless given, for
        whatever else changes makes another list that begins at its beginning. "?" alone asks for everything; of a
        visitor with a home city "?city=" does.
        """
        values = {**self.values, **{name: tuple(many) for name, many in (changed or {}).items()}}
        # The month belongs to its view; a list has none.
        mine: dict[str, object] = {"view": self.view, "month": self.month and f"{self.month:%Y-%m}", **own}
        if mine["view"] == View.LIST:
            mine["view"] = None
        pairs = [(name, value) for name in _order(values) for value in values[name]]
        pairs += [(name, str(value)) for name, value in mine.items() if value]
        return f"?{urlencode(pairs)}" if pairs or not self.home else "?city="

    def with_value(self, name: str, value: str) -> dict[str, list[str]]:
        """The values of *name* with *value* added: a change for ``query``."""
        return {name: [*self.values.get(name, ()), value]}

    def without_value(self, name: str, value: str) -> dict[str, list[str]]:
        """The values of *name* without *value*, which is compared without regard to case."""
        kept = [one for one in self.values.get(name, ()) if one.casefold() != value.casefold()]
        return {name: kept}


def read_state(
    values: Mapping[str, Sequence[str]], providers: Collection[str]
) -> tuple[State, tuple[BadValue, ...]]:
    """The state that a query string's *values* ask for, and what of it could not be read.

    *providers* are the slugs that may be asked for. Names that nobody knows are passed over.
    """
    criteria, bad = read_criteria(values, providers)
    unread = {one.parameter for one in bad} | {"ordering"}
    given = {
        name: kept
        for name in NAMES
        if name not in unread and (kept := tuple(one.strip() for one in values.get(name, ()) if one.strip()))
    }
    astray: list[BadValue] = []
    view = _view(_last(values, "view"), astray)
    state = State(
        criteria=criteria,
        values=given,
        view=view,
        month=_month(_last(values, "month"), astray) if view == View.MONTH else None,
        after=_place("after", _last(values, "after"), astray),
        before=_place("before", _last(values, "before"), astray),
    )
    if criteria.ordering not in ("", "start"):
        astray.append(BadValue("ordering", _("The programme stands in order of time here.")))
    if "page" in values:
        sentence = _("Pages have no numbers here; the programme is shown from its beginning.")
        astray.append(BadValue("page", sentence))
    return state, (*bad, *astray)


def _order(values: Mapping[str, object]) -> list[str]:
    return [name for name in NAMES if name in values] + [name for name in values if name not in NAMES]


def _last(values: Mapping[str, Sequence[str]], name: str) -> str:
    return next((one for one in reversed(values.get(name, ())) if one), "")


def _view(word: str, bad: list[BadValue]) -> View:
    if word and word not in {*View}:
        bad.append(BadValue("view", _("There is no such view.")))
        return View.LIST
    return View(word or View.LIST)


def _month(word: str, bad: list[BadValue]) -> date | None:
    if word and not _MONTH.fullmatch(word):
        bad.append(BadValue("month", _("A month is written like 2026-11.")))
        return None
    return date.fromisoformat(f"{word}-01") if word else None


def _place(name: str, word: str, bad: list[BadValue]) -> Place | None:
    try:
        return read_place(word) if word else None
    except ValueError:
        sentence = _("This is no place in the programme; it is shown from its beginning.")
        bad.append(BadValue(name, sentence))
        return None
