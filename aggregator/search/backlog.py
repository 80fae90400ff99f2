"""Writing many entries a few at a time: what was postponed, and whole kinds when the index is made anew.

What is left to do lies in the database, so that a process may die at any point and any other goes on. Two at once do
the same work twice and no harm: what is written is always what the rows say, since nobody writes rows meanwhile.
"""

import time
from collections.abc import Callable, Iterable, Sequence

from django.db import connection

from aggregator.locks import alone
from aggregator.models import SearchBacklog, SearchEntry
from aggregator.search import indexes, keys, writing
from aggregator.search.dependents import SPEAKING
from aggregator.search.other_documents import MODELS
from aggregator.vocabulary import Kind

# Rows per transaction, and how long everybody else gets in between to take SQLite's one write lock.
BATCH = 200
PAUSE = 0.020
# Stands for all rows of a kind.
ALL = 0

Progress = Callable[[Kind, int], None]


def work(seconds: float | None = None, progress: Progress = lambda kind, number: None) -> int:
    """Write postponed entries, for so many *seconds* or until none is left; gives how many rows were looked at.

    *progress* is called after each batch with its kind and the number of its rows.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    total = 0
    while (row := SearchBacklog.objects.order_by("id").first()) is not None:
        kind, number = _whole_kind(row) if row.row == ALL else _speaking(row)
        total += number
        progress(kind, number)
        if deadline is not None and time.monotonic() > deadline:
            break
        if connection.vendor == "sqlite":
            time.sleep(PAUSE)
    return total


def count_rows() -> None:
    """Have PostgreSQL look at how many rows there are: in a database just restored it does not know, and would read
    whole tables for every batch.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def postpone_all(kinds: Iterable[Kind] = keys.INDEXED) -> None:
    """Have all entries of *kinds* written anew from the beginning. Searching goes on with what is there."""
    writing.postpone((kind, ALL) for kind in kinds)


def _speaking(row: SearchBacklog) -> tuple[Kind, int]:
    """Some of the rows that speak of one row, a kind of them after the other."""
    stages = SPEAKING.get(Kind(row.kind), ())
    if row.stage >= len(stages):
        SearchBacklog.objects.filter(pk=row.pk, stage=row.stage).delete()
        return Kind(row.kind), 0
    other, speaking = stages[row.stage]
    rows = speaking([row.row]).filter(id__gt=row.after).order_by("id")
    with alone():
        ids = list(rows.values_list("id", flat=True)[:BATCH])
        writing.refresh({other: ids})
        if len(ids) == BATCH:
            _move(row, after=ids[-1])
        else:
            _move(row, stage=row.stage + 1, after=0)
    return other, len(ids)


def _whole_kind(row: SearchBacklog) -> tuple[Kind, int]:
    """Some of all rows of a kind; entries whose row is gone go with those whose ids lie around it."""
    kind = Kind(row.kind)
    rows = MODELS[kind]._default_manager.filter(pk__gt=row.after).order_by("pk")
    with alone():
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        is_last = len(ids) < BATCH
        around = SearchEntry.objects.filter(kind=kind, row__gt=row.after)
        around = around if is_last else around.filter(row__lte=ids[-1])
        _remove(kind, list(around.exclude(row__in=ids).values_list("key", flat=True)))
        writing.refresh({kind: ids})
        if is_last:
            SearchBacklog.objects.filter(pk=row.pk, after=row.after).delete()
        else:
            _move(row, after=ids[-1])
    return kind, len(ids)


def _remove(kind: Kind, gone: Sequence[int]) -> None:
    SearchEntry.objects.filter(key__in=gone).delete()
    indexes.remove(kind, gone)


def _move(row: SearchBacklog, **place: int) -> None:
    """Note how far the work on *row* has come, unless somebody began it anew meanwhile."""
    SearchBacklog.objects.filter(pk=row.pk, stage=row.stage, after=row.after).update(**place)
