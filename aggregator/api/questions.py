"""Reading query strings: strict, since a slip that goes unnoticed gives a wrong answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime

from aggregator.api.cursors import START, Order, read_cursor
from aggregator.api.fields import Field, Wanted
from aggregator.api.problems import BadParameter, Problem, UnknownParameter
from aggregator.api.resources import Resource
from aggregator.search.criteria import Criteria, read_criteria, read_id
from aggregator.vocabulary import Availability, ShowingKind

PAGE_SIZE = 50
LARGEST_PAGE_SIZE = 200
MOST_PAGED = 10_000
#: How far ``modified_since`` reaches back behind the moment it is given: a change is stamped before it is committed.
OVERLAP = timedelta(minutes=5)
LIST_NAMES = ("modified_since", "ordering", "page", "cursor", "page_size", "fields", "expand", "format")
DETAIL_NAMES = ("fields", "expand", "format")
CLOSED: Mapping[str, Collection[str]] = {"kind": [*ShowingKind], "availability": [*Availability]}

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What a list is asked for: which rows in which order, which of them now, and what to say of each.

    stand: None for page numbers; else where a cursor stands in *order*, () at the beginning.
    since: rows whose content changed at or after this moment, the overlap included.
    """

    criteria: Criteria
    order: Order
    since: datetime | None
    page: int
    page_size: int
    stand: tuple[Any, ...] | None
    wanted: Wanted

    @property
    def offset(self) -> int:
        """How many rows lie before the page."""
        return (self.page - 1) * self.page_size


def names_of(resource: Resource, *, paged: bool = True) -> tuple[str, ...]:
    """The query names that a list of *resource* takes; one that is not *paged* is given whole."""
    left_out = () if paged else ("page", "cursor", "page_size")
    names = (name for name in LIST_NAMES if name not in left_out)
    return (*resource.filters, *(name for name in names if name != "expand" or resource.expands))


def detail_names_of(resource: Resource) -> tuple[str, ...]:
    """The query names that one object of *resource* takes."""
    return tuple(name for name in DETAIL_NAMES if name != "expand" or resource.expands)


def read_question(resource: Resource, values: Values, *, paged: bool = True) -> Question:
    """The question that a query string's values ask of a list.

    Raises ``Problem`` for the first name that is not known and the first value that cannot be read.
    """
    refuse_unknown(values, names_of(resource, paged=paged))
    cursor = single(values, "cursor")
    if cursor and single(values, "page"):
        raise BadParameter("cursor", "Give either page or cursor.")
    order = _read_order(resource, single(values, "ordering"), by_cursor=bool(cursor), paged=paged)
    return Question(
        criteria=read_filters(values),
        order=order,
        since=_read_since(single(values, "modified_since")),
        page=number(values, "page", 1, MOST_PAGED),
        page_size=number(values, "page_size", PAGE_SIZE, LARGEST_PAGE_SIZE),
        stand=_read_stand(cursor, order) if cursor else None,
        wanted=read_wanted(resource, values),
    )


def read_filters(values: Values) -> Criteria:
    """What narrows a list. Raises ``BadParameter`` for the first value that cannot be read."""
    criteria, bad = read_criteria(values, settings.PROVIDERS)
    if bad:
        name = bad[0].parameter
        known = tuple(settings.PROVIDERS) if name == "provider" else CLOSED.get(name, ())
        raise BadParameter(name, bad[0].message, [str(word) for word in known], _first(values, name))
    return criteria


def _read_order(resource: Resource, name: str, *, by_cursor: bool, paged: bool) -> Order:
    """The order asked for, else by id for a cursor, else the usual one."""
    known = [order.name for order in resource.orders if order.keys or (paged and not by_cursor)]
    name = name or ("id" if by_cursor else resource.orders[0].name)
    if name not in known:
        raise BadParameter("ordering", f"Known values here are: {', '.join(known)}.", known, name)
    return resource.order(name)


def _read_stand(cursor: str, order: Order) -> tuple[Any, ...]:
    try:
        return read_cursor(cursor, order)
    except ValueError:
        sentence = f"This is no cursor of a list in the order {order.name}. Start again with cursor={START}."
        raise Problem("bad-cursor", sentence, parameter="cursor") from None


def _read_since(value: str) -> datetime | None:
    if not value:
        return None
    try:
        moment = parse_datetime(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        # A plus sign that was not escaped arrives as a blank.
        sentence = "A moment is written like 2026-11-22T15:00:00Z, with Z or an offset; + is written %2B."
        raise BadParameter("modified_since", sentence)
    try:
        return moment.astimezone(UTC) - OVERLAP
    except OverflowError:
        raise BadParameter("modified_since", "This lies too far off.") from None


def read_wanted(resource: Resource, values: Values, *, further: bool = False) -> Wanted:
    """What ``fields`` and ``expand`` ask for; *further* adds the fields that only one object has."""
    fields = (*resource.fields, *(resource.further if further else ()))
    expand = _read_words(values, "expand", resource.expands)
    return Wanted(read_fields(fields, values).fields, expand)


def read_fields(fields: Sequence[Field], values: Values) -> Wanted:
    """What ``fields`` asks for of objects that have these *fields*."""
    return Wanted(_read_words(values, "fields", tuple(field.name for field in fields)))


def _read_words(values: Values, name: str, known: Sequence[str]) -> frozenset[str]:
    words = [word.strip() for value in values.get(name, ()) for word in value.split(",")]
    for word in words:
        if word not in known:
            raise BadParameter(name, f"Known values are: {', '.join(known)}.", known, word)
    return frozenset(words)


def refuse_unknown(values: Values, known: Sequence[str]) -> None:
    """Raise ``UnknownParameter`` for a name that is not among *known*, ``BadParameter`` for one without a value."""
    for name, given in values.items():
        if name not in known:
            raise UnknownParameter(name, known)
        if not all(value.strip() for value in given):
            raise BadParameter(name, "There is nothing in this. Leave it out, or give it a value.")


def single(values: Values, name: str) -> str:
    """The one value of *name*, "" for none; raises ``BadParameter`` for two."""
    given = [value.strip() for value in values.get(name, ())]
    if len(given) > 1:
        raise BadParameter(name, "This can be given only once.")
    return given[0] if given else ""


def _first(values: Values, name: str) -> str:
    return next(iter(values.get(name, ())), "")


def number(values: Values, name: str, usual: int, largest: int) -> int:
    """The whole number of *name* from 1 to *largest*, *usual* where none is given; raises ``BadParameter``."""
    given = single(values, name)
    if not given:
        return usual
    try:
        found = read_id(given)
    except ValueError as error:
        raise BadParameter(name, str(error)) from None
    if found > largest:
        raise BadParameter(name, f"This must be at most {largest}.")
    return found
