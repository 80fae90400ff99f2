"""Large tables of our own as one parameter of a statement: databases count parameters, and SQLite not very far."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import BooleanField, Expression, F, FloatField
from django.db.models.sql.compiler import SQLCompiler


class _OfTable(Expression):
    """Something that a table says about an id in *column*."""

    def __init__(self, column: str, table: Any, output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.column: Any = F(column)
        self.table = table

    def get_source_expressions(self) -> list[Any]:
        """The column alone; the table is a parameter."""
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        """Take the column as it stands in its query."""
        (self.column,) = exprs


class Among(_OfTable):
    """Whether the id in *column* is one of *ids*; false for none."""

    conditional = True

    def __init__(self, column: str, ids: Iterable[int]) -> None:
        super().__init__(column, sorted(ids), BooleanField())

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """On SQLite an array in JSON, which it reads once."""
        column, params = compiler.compile(self.column)
        if connection.vendor == "postgresql":
            return f"({column} = ANY(%s::bigint[]))", [*params, self.table]
        held = f"({column} IN (SELECT value FROM json_each(%s)))"  # noqa: S608  the column is the compiler's
        return held, [*params, json.dumps(self.table)]


class Told(_OfTable):
    """The number that *table* holds for the id in *column*; NULL where it holds none."""

    def __init__(self, column: str, table: Mapping[int, float]) -> None:
        super().__init__(column, dict(table), FloatField())

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """On both databases an object in JSON with the ids as its names."""
        column, params = compiler.compile(self.column)
        table = json.dumps(self.table)
        if connection.vendor == "postgresql":
            return f"(%s::jsonb ->> ({column})::text)::float8", [table, *params]
        return f"json_extract(%s, '$.\"' || {column} || '\"')", [table, *params]
