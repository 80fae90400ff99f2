"""Rows of a ``values()`` query, read as fast as they can be.

Django decodes every value of a column with a chain of general functions, which for a list of fifty takes longer than
the database does. Here the two kinds of column that fill our rows, JSON and moments, are decoded by one function each,
a column at a time; all else is left to Django's own. A test holds the outcome to what Django gives.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import DateTimeField, JSONField, QuerySet

from aggregator.api.fields import Row

Decode = Callable[[Any], Any]


def fetched(found: QuerySet[Any, Row]) -> list[Row]:
    """The rows of *found*, as ``list(found)`` would give them. One query, or none where there can be no row."""
    connection = connections[found.db]
    compiler: Any = found.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        columns = list(zip(*cursor.fetchall(), strict=True))
    expressions = [selected[0] for selected in compiler.select[: compiler.col_count]]
    usual = compiler.get_converters(expressions)
    for place, (converters, expression) in usual.items():
        decode = _quick(expression) or _chain(converters, expression, connection)
        if columns:
            columns[place] = tuple(map(decode, columns[place]))
    names = list(found.query.selected or found.query.values_select)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns[: len(names)], strict=True)]


def _quick(expression: Any) -> Decode | None:
    """Our own way with a column of this expression; None where Django's is to be gone."""
    field = expression.output_field
    if type(field) is JSONField and field.decoder is None:
        return _json
    return _moment if type(field) is DateTimeField else None


def _json(value: Any) -> Any:
    if type(value) is not str:  # null, or decoded by the driver
        return value
    if value == "{}":
        return {}
    return [] if value == "[]" else json.loads(value)


def _moment(value: Any) -> Any:
    """SQLite keeps moments in UTC and without a zone."""
    if type(value) is str:
        value = datetime.fromisoformat(value)
    return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def _chain(converters: Any, expression: Any, connection: Any) -> Decode:
    def decode(value: Any) -> Any:
        for convert in converters:
            value = convert(value, expression, connection)
        return value

    return decode
