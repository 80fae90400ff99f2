"""Stretches of a long list, by the row that they begin behind or end before.

What is asked for is a row, not a number: a row that comes or goes elsewhere makes nobody see one twice or miss one, and
a list has no last page that can be reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is ordered: by *place*, an expression that is never NULL, then by id; both *backwards* if so."""

    place: Any
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some rows of a list. *before* and *after* are the rows that its neighbours end before and begin behind."""

    rows: tuple[Any, ...]
    before: int | None
    after: int | None


def stretch(
    found: QuerySet[Any],
    order: Order,
    size: int,
    *,
    best: Sequence[int] = (),
    after: int | None = None,
    before: int | None = None,
) -> Stretch:
    """*size* rows of *found*, the *best* ids in their order first and then the rest in *order*: behind the row *after*,
    else up to the row *before*, else from the beginning. Two queries; ``LookupError`` for a row that *found* is
    without.
    """
    ranks = [When(pk=pk, then=Value(rank)) for rank, pk in enumerate(best)]
    rank = Case(*ranks, default=Value(len(best)), output_field=IntegerField()) if ranks else Value(0)
    found = found.annotate(rank=rank, place=order.place)
    sign = "-" if order.backwards else ""
    found = (
        found.order_by("rank", f"{sign}place", f"{sign}pk")
        if ranks
        else found.order_by(f"{sign}place", f"{sign}pk")
    )
    end = after if after is not None else before
    if end is None:
        rows = tuple(found[: size + 1])
        return Stretch(rows[:size], None, rows[size - 1].pk if len(rows) > size else None)
    beyond = _beyond(found, order, end, forwards=after is not None)
    if after is not None:
        rows = tuple(beyond[: size + 1])
        last = rows[size - 1].pk if len(rows) > size else None
        return Stretch(rows[:size], rows[0].pk if rows else end, last)
    rows = tuple(reversed(beyond.reverse()[: size + 1]))
    kept = rows[-size:]
    return Stretch(kept, kept[0].pk if len(rows) > size else None, kept[-1].pk if kept else None)


def _beyond(found: QuerySet[Any], order: Order, end: int, *, forwards: bool) -> QuerySet[Any]:
    """What of *found* stands on one side of the row *end*."""
    there = found.filter(pk=end).values_list("rank", "place").first()
    if there is None:
        raise LookupError(end)
    rank, place = there
    ranks = "gt" if forwards else "lt"
    side = ranks if not order.backwards else {"gt": "lt", "lt": "gt"}[ranks]
    beside = Q(**{f"place__{side}": place}) | Q(**{"place": place, f"pk__{side}": end})
    return found.filter(Q(**{f"rank__{ranks}": rank}) | Q(rank=rank) & beside)
