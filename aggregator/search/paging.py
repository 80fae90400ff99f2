"""Paging through showings by where one stands, not by number, so that nothing is repeated or skipped.

A ``Place`` is a row's position in programme order. It stays good when rows before it come or go.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from aggregator.models import Showing
from aggregator.search.criteria import LARGEST_ID
from aggregator.search.keys import showing_key

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(\d{4}-\d{2}-\d{2})\.(-?\d{1,17})\.(\d{1,19})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Programme day, start and id of a showing. Written ``2026-11-22.<microseconds since 1970>.<id>``."""

    day: date
    start: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{(self.start - _EPOCH) // timedelta(microseconds=1)}.{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of showings; *before* and *after* are where its neighbours begin, None at an end."""

    rows: tuple[Showing, ...]
    before: Place | None
    after: Place | None


def read_place(value: str) -> Place:
    """The place that *value* is written for; raises ``ValueError`` for anything else."""
    form = _FORM.fullmatch(value)
    if form is None or int(form[3]) > LARGEST_ID:
        raise ValueError("not a place in the programme")
    try:
        return Place(date.fromisoformat(form[1]), _EPOCH + timedelta(microseconds=int(form[2])), int(form[3]))
    except OverflowError:
        raise ValueError("not a place in the programme") from None


def place_of(showing: Showing) -> Place:
    """Where *showing* stands."""
    return Place(showing.local_start_date, showing.starts_at, showing.pk)


def page_of(
    found: QuerySet[Showing], size: int, *, after: Place | None = None, before: Place | None = None
) -> Page:
    """*size* rows of *found* in programme order, behind *after* or else up to *before*. One query.

    *found* comes from ``find_showings`` or one of its like.
    """
    found = found.order_by(_key_of(found))
    if after is None and before is not None:
        return _page_up_to(found, size, before)
    rows = list((found if after is None else _beyond(found, after, "gt"))[: size + 1])
    shown = tuple(rows[:size])
    return Page(
        rows=shown,
        before=place_of(shown[0]) if shown and after is not None else None,
        after=place_of(shown[-1]) if len(rows) > size else None,
    )


def _page_up_to(found: QuerySet[Showing], size: int, before: Place) -> Page:
    rows = list(_beyond(found, before, "lt").reverse()[: size + 1])
    shown = tuple(reversed(rows[:size]))
    return Page(
        rows=shown,
        before=place_of(shown[0]) if len(rows) > size else None,
        after=place_of(shown[-1]) if shown else None,
    )


def _beyond(found: QuerySet[Showing], place: Place, side: str) -> QuerySet[Showing]:
    """Rows of *found* on one side of *place*."""
    key = showing_key(place.day, place.start, place.id)
    return found.filter(**{f"{_key_of(found)}__{side}": key})


def _key_of(found: QuerySet[Showing]) -> str:
    """The column that programme order follows: the words' own key where words are asked for, else the entry's."""
    order = next((str(one).lstrip("-") for one in found.query.order_by), "")
    return order if order.startswith("entry__") else "entry__key"
