"""Recording changes: one statement for any number of rows, in the transaction that changes them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, Func, Model, QuerySet, Value

from aggregator.models import (
    Category,
    Change,
    Event,
    Festival,
    Film,
    Organisation,
    Person,
    Section,
    Showing,
    Venue,
)
from aggregator.vocabulary import ChangeAction, Kind

#: Kinds that the API shows, by the word that they have there.
PLURALS: Mapping[Kind, str] = {
    Kind.EVENT: "events",
    Kind.SHOWING: "showings",
    Kind.FILM: "films",
    Kind.PERSON: "people",
    Kind.VENUE: "venues",
    Kind.FESTIVAL: "festivals",
    Kind.SECTION: "sections",
    Kind.ORGANISATION: "organisations",
    Kind.CATEGORY: "categories",
}
_MODELS: Mapping[Kind, type[Model]] = {
    Kind.EVENT: Event,
    Kind.SHOWING: Showing,
    Kind.FILM: Film,
    Kind.PERSON: Person,
    Kind.VENUE: Venue,
    Kind.FESTIVAL: Festival,
    Kind.SECTION: Section,
    Kind.ORGANISATION: Organisation,
    Kind.CATEGORY: Category,
}
# More ids than one statement of SQLite takes are handed over in pieces.
_MOST_IDS = 20_000


class _Transaction(Func):
    """The number of the writing transaction, the same however often it is asked for."""

    function = "PG_CURRENT_XACT_ID"
    template = "%(function)s()::text::bigint"
    output_field = BigIntegerField()


def visible(kind: Kind) -> QuerySet[Any]:
    """The rows of *kind* whose own columns let the API show them. Whether an event hides a showing is not asked."""
    rows: QuerySet[Any] = _MODELS[kind]._default_manager.filter(withdrawn_at=None, hidden_at=None)
    return rows.filter(public=True) if kind is Kind.PERSON else rows


def record(
    kind: Kind, ids: Iterable[int], action: ChangeAction, at: datetime, *, hidden_too: bool = False
) -> None:
    """Record *action* for the rows of *kind* with our *ids* that visitors may see as they now stand.

    *hidden_too* records it for whatever is there. Kinds that the API does not show are passed over. Call it in the
    transaction that writes the rows, after writing what makes them visible and before what hides them.
    """
    if kind not in PLURALS:
        return
    wanted = sorted(set(ids))
    rows = _MODELS[kind]._default_manager.all() if hidden_too else visible(kind)
    for start in range(0, len(wanted), _MOST_IDS):
        record_rows(kind, rows.filter(pk__in=wanted[start : start + _MOST_IDS]), action, at)


def record_rows(kind: Kind, rows: QuerySet[Any], action: ChangeAction, at: datetime) -> None:
    """Record *action* for all of *rows*, which are of *kind*: one statement, nothing is read into memory."""
    xid = _Transaction() if connection.vendor == "postgresql" else Value(0, BigIntegerField())
    words = (Value(str(word), CharField()) for word in (kind, action))
    named = dict(zip(("_kind", "_action"), words, strict=True))
    chosen = rows.order_by("pk").annotate(_xid=xid, **named, _at=Value(at, DateTimeField()))
    columns = chosen.values_list("_xid", "_kind", "pk", "provider", "_action", "_at")
    try:
        select, values = columns.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return
    table = connection.ops.quote_name(Change._meta.db_table)
    with connection.cursor() as cursor:
        insert = f'INSERT INTO {table} ("xid", "kind", "row", "provider", "action", "at")'
        cursor.execute(f"{insert} {select}", values)
