"""The envelope around a stretch of a list: by page number for people, by cursor for machines."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from aggregator.addresses import absolute
from aggregator.api.cursors import beyond, cursor_after
from aggregator.api.expansion import expand
from aggregator.api.fields import Json, Row, Wanted
from aggregator.api.problems import BadParameter, Problem
from aggregator.api.questions import MOST_PAGED, Question
from aggregator.api.resources import Resource
from aggregator.api.rows import fetched
from aggregator.search.showings import count


def page(path: str, given: QueryDict, resource: Resource, question: Question) -> Json:
    """The stretch that *question* asks for; *path* and *given* are what its neighbours' addresses are made of."""
    reader = by_number if question.stand is None else by_cursor
    return reader(path, given, resource, question)


def by_number(path: str, given: QueryDict, resource: Resource, question: Question) -> Json:
    """A page with a number. The count stops at a limit and then says that there are more.

    Behind the last page that has a number, ``next`` goes on with a cursor, where the order has one.
    """
    if question.offset >= MOST_PAGED:
        sentence = f"Page numbers reach the first {MOST_PAGED} rows. Go on with cursor, which has no end."
        raise BadParameter("page", sentence)
    found = resource.rows(question.criteria, question.order, question.since)
    rows = fetched(resource.read(found)[question.offset : question.offset + question.page_size + 1])
    if not rows and question.page > 1:
        raise Problem("no-such-page", parameter="page")
    number, capped = count(found)
    following: dict[str, Any] | None = None
    if len(rows) > question.page_size:
        following = {"page": question.page + 1}
        if question.page * question.page_size >= MOST_PAGED:
            following = _behind(question, rows) if question.order.keys else None
    previous = {"page": question.page - 1} if question.page > 1 else None
    return {
        "count": number,
        **({"count_is_minimum": True} if capped else {}),
        "next": following and _address(path, given, following),
        "previous": previous and _address(path, given, previous),
        "results": told(resource, rows[: question.page_size], question.wanted),
    }


def by_cursor(path: str, given: QueryDict, resource: Resource, question: Question) -> Json:
    """What follows a cursor: no count, and no way back."""
    found = resource.rows(question.criteria, question.order, question.since)
    if question.stand:
        found = found.filter(beyond(question.order, question.stand))
    rows = fetched(resource.read(found)[: question.page_size + 1])
    more = len(rows) > question.page_size
    return {
        "next": _address(path, given, _behind(question, rows)) if more else None,
        "previous": None,
        "results": told(resource, rows[: question.page_size], question.wanted),
    }


def told(resource: Resource, rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """*rows* written out, with what is to be expanded."""
    objects = resource.write(rows, wanted)
    if wanted.expand:
        expand(resource.name, objects, wanted)
    return objects


def _behind(question: Question, rows: Sequence[Row]) -> dict[str, Any]:
    last = rows[question.page_size - 1]
    return {"ordering": question.order.name, "cursor": cursor_after(question.order, last)}


def _address(path: str, given: QueryDict, changed: dict[str, Any]) -> str:
    names = ("page", "cursor", *changed)
    kept = {name: found for name, found in given.lists() if name not in names}
    return f"{absolute(path)}?{urlencode({**kept, **changed}, doseq=True)}"
