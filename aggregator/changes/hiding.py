"""Hiding rows by hand and showing them again, and what that does to rows that refer to them.

Ingest reports a row's own changes only. A hand is rarer and reaches further: a hidden event takes its showings out of
the lists, and a hidden venue leaves the showings that took place there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from aggregator.changes.recording import record, record_rows, visible
from aggregator.locks import alone
from aggregator.models import Image, Listing
from aggregator.models.image import OWNERS
from aggregator.search import writing
from aggregator.vocabulary import ChangeAction, Kind

CHUNK = 200

# Kind → what the lists show only together with its rows: the other kind, and how it names them.
_DEPENDENTS: Mapping[Kind, tuple[Kind, str]] = {
    Kind.EVENT: (Kind.SHOWING, "event"),
    Kind.FESTIVAL: (Kind.SECTION, "festival"),
}
# Kind → what shows its rows as a part: the other kind, and how it names them.
_REFERRERS: Mapping[Kind, Sequence[tuple[Kind, Sequence[str]]]] = {
    Kind.FILM: ((Kind.EVENT, ["film"]), (Kind.SHOWING, ["event__film"])),
    Kind.FESTIVAL: (
        (Kind.EVENT, ["festival"]),
        (Kind.FILM, ["selections__festival"]),
    ),
    Kind.SECTION: ((Kind.FILM, ["selections__section"]), (Kind.FESTIVAL, ["sections"])),
    Kind.ORGANISATION: ((Kind.EVENT, ["organisation"]), (Kind.PERSON, ["agency"])),
    Kind.VENUE: ((Kind.SHOWING, ["venue", "further_venues"]),),
    Kind.CATEGORY: ((Kind.EVENT, ["categories"]),),
    # An event names its film's people as well.
    Kind.PERSON: (
        (Kind.EVENT, ["credits__person", "film__credits__person"]),
        (Kind.FILM, ["credits__person"]),
    ),
}


def kind_of(model: type[Listing]) -> Kind:
    """The kind whose rows are *model*'s."""
    return Kind(str(model._meta.model_name))


def hide(rows: QuerySet[Any], reason: str, now: datetime) -> int:
    """Hide *rows* of one kind from visitors; gives how many were not hidden before."""
    kind = kind_of(rows.model)

    def work(ids: Sequence[int]) -> None:
        record(kind, ids, ChangeAction.HIDDEN, now)
        _record_around(kind, ids, ChangeAction.HIDDEN, now)
        _rows(rows.model, ids).update(hidden_at=now, hidden_reason=reason[:300])
        writing.shown_or_hidden(kind, ids)

    return _in_chunks(rows.filter(hidden_at=None), work)


def show(rows: QuerySet[Any], now: datetime) -> int:
    """Show hidden *rows* of one kind again; gives how many were hidden."""
    kind = kind_of(rows.model)

    def work(ids: Sequence[int]) -> None:
        _rows(rows.model, ids).update(hidden_at=None, hidden_reason="")
        writing.shown_or_hidden(kind, ids)
        record(kind, ids, ChangeAction.RESTORED, now)
        _record_around(kind, ids, ChangeAction.RESTORED, now)

    return _in_chunks(rows.exclude(hidden_at=None), work)


def record_referrers(kind: Kind, ids: Iterable[int], now: datetime) -> None:
    """Record as updated what refers to the rows of *kind* with these *ids*; call it while it still does."""
    wanted = list(ids)
    for other, names in _REFERRERS.get(kind, ()):
        condition = Q()
        for name in names:
            condition |= Q(**{f"{name}__in": wanted})
        found = visible(other).model._default_manager.filter(condition).values("pk")
        record_rows(other, visible(other).filter(pk__in=found), ChangeAction.UPDATED, now)


def _record_around(kind: Kind, ids: Sequence[int], action: ChangeAction, now: datetime) -> None:
    if kind in _DEPENDENTS:
        other, name = _DEPENDENTS[kind]
        record_rows(other, visible(other).filter(**{f"{name}__in": ids}), action, now)
    if kind is Kind.IMAGE:
        for owner in OWNERS:
            owners = Image.objects.filter(pk__in=ids).exclude(**{owner: None}).values(owner)
            record_rows(Kind(owner), visible(Kind(owner)).filter(pk__in=owners), ChangeAction.UPDATED, now)
    else:
        record_referrers(kind, ids, now)


def _rows(model: Any, ids: Sequence[int]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=ids)
    return rows


def _in_chunks(rows: QuerySet[Any], work: Callable[[Sequence[int]], None]) -> int:
    """Do *work* for the ids of *rows*, some a transaction; gives how many there were."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for part in _pieces(ids):
        with alone():
            # Somebody else may have been quicker.
            work(list(rows.filter(pk__in=part).values_list("pk", flat=True)))
    return len(ids)


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
