"""Keeping entries in step with rows, inside the transaction that changes the rows.

``store`` tells what it wrote, the admin what a person hid, forgetting what is gone. Nothing is compared: whoever calls
knows what changed. The number of statements depends on the kinds that are touched, never on how many rows are.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery

from aggregator.models import SearchBacklog, SearchEntry, Showing
from aggregator.search import dependents, indexes, vocabulary
from aggregator.search.documents import Entry
from aggregator.search.other_documents import BUILDERS
from aggregator.vocabulary import Kind

Ids = Mapping[Kind, Iterable[int]]

# So many entries are written anew at once for the sake of rows that they speak of; what is more waits its turn.
MOST_AT_ONCE = 200
_COLUMNS = tuple(field.attname for field in SearchEntry._meta.concrete_fields)
_NAMES = {field.attname: str(field.column) for field in SearchEntry._meta.concrete_fields}
_USUAL: Mapping[str, Any] = {
    field.attname: None if field.null else "" for field in SearchEntry._meta.concrete_fields
}


def written(fresh: Ids, changed: Ids) -> None:
    """Write the entries of rows that were stored, and of the rows that speak of them.

    *fresh* rows are new, so nobody outside the same transaction speaks of them yet; *changed* rows were there.
    """
    wanted = {kind: {*fresh.get(kind, ()), *changed.get(kind, ())} for kind in Kind}
    speaking, waiting = dependents.of({kind: set(ids) for kind, ids in changed.items()}, MOST_AT_ONCE)
    for kind, ids in speaking.items():
        wanted[kind] |= ids
    # An event's entry names the places of its showings.
    showings = [*fresh.get(Kind.SHOWING, ()), *changed.get(Kind.SHOWING, ())]
    if showings:
        wanted[Kind.EVENT] |= dependents.events_of(showings)
    refresh(wanted)
    postpone(waiting)


def seats(showings: Sequence[int]) -> None:
    """Take over a changed availability of *showings*; touches no word."""
    if showings:
        said = Showing.objects.filter(pk=OuterRef("showing")).values("availability")[:1]
        SearchEntry.objects.filter(showing__in=showings).update(availability=Subquery(said))


def shown_or_hidden(kind: Kind, ids: Sequence[int]) -> None:
    """Rows were hidden, shown again, withdrawn or deleted: bring their entries and those that speak of them in step.

    Whatever shall not be seen goes at once. Where very many entries speak of a row, the rest is left to ``backlog``.
    """
    if kind is Kind.EVENT:
        _remove_showings_of_hidden(ids)
    written({}, {kind: ids})


def _remove_showings_of_hidden(events: Sequence[int]) -> None:
    unseen = SearchEntry.objects.filter(kind=Kind.SHOWING, event__in=events, event__hidden_at__isnull=False)
    keys = list(unseen.values_list("key", flat=True))
    SearchEntry.objects.filter(key__in=keys).delete()
    indexes.remove(Kind.SHOWING, keys)


def refresh(wanted: Ids) -> None:
    """Write the entries of the rows *wanted* anew, and remove those of rows that visitors may not see (any more)."""
    words: set[str] = set()
    for kind, build in BUILDERS.items():
        if ids := sorted(wanted.get(kind, ())):
            entries = build(ids)
            _replace(kind, ids, entries)
            words.update(word for entry in entries for word in entry.vocabulary)
    # Once and last: two ingests that took shared words in several rounds could wait for each other.
    vocabulary.learn(words)


def postpone(rows: Iterable[tuple[Kind, int]]) -> None:
    """Note rows whose entries and those that speak of them are to be written by the backlog."""
    noted = [SearchBacklog(kind=kind, row=row) for kind, row in sorted(set(rows))]
    if noted:
        SearchBacklog.objects.bulk_create(
            noted, update_conflicts=True, unique_fields=["kind", "row"], update_fields=["stage", "after"]
        )


def _replace(kind: Kind, ids: Sequence[int], entries: Sequence[Entry]) -> None:
    present = dict(SearchEntry.objects.filter(kind=kind, row__in=ids).values_list("row", "key"))
    kept = {entry.document.key for entry in entries}
    stale = [key for key in present.values() if key not in kept]
    if stale:
        SearchEntry.objects.filter(key__in=stale).delete()
        indexes.remove(kind, stale)
    if entries:
        _write(entries)
        indexes.write(kind, [entry.document for entry in entries])


def _write(entries: Sequence[Entry]) -> None:
    """One statement, or a few where the database takes no more values at once."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(_NAMES[name]) for name in _COLUMNS)
    setting = ", ".join(
        f"{quote(_NAMES[name])} = EXCLUDED.{quote(_NAMES[name])}" for name in _COLUMNS if name != "key"
    )
    most = (connection.features.max_query_params or 60_000) // len(_COLUMNS)
    one = f"({', '.join(['%s'] * len(_COLUMNS))})"
    adapt = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        for start in range(0, len(entries), most):
            part = entries[start : start + most]
            values: list[Any] = []
            for entry in part:
                row = {
                    **_USUAL,
                    **entry.columns,
                    "key": entry.document.key,
                    "kind": entry.kind.value,
                    "row": entry.row,
                }
                row["day"], row["last_day"] = adapt(row["day"]), adapt(row["last_day"])
                values += [row[name] for name in _COLUMNS]
            cursor.execute(
                f"INSERT INTO {quote(SearchEntry._meta.db_table)} ({names}) "  # noqa: S608 (names from the model)
                f"VALUES {', '.join([one] * len(part))} ON CONFLICT (key) DO UPDATE SET {setting}",
                values,
            )
