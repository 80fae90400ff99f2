"""What a field of an object is: its name, its JSON Schema, one sentence about it, and an example.

One table of these per kind is the only description there is: the OpenAPI schema, the reference page, ``fields=`` and
the tests read it. An answer with a field that no table names fails a test.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
Schema = Mapping[str, Any]
Row = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
INTEGER: Schema = {"type": "integer"}
ID: Schema = {"type": "integer", "format": "int64"}
MAYBE_INTEGER: Schema = {"type": ["integer", "null"]}
NUMBER: Schema = {"type": "number"}
MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
TRUTH: Schema = {"type": "boolean"}
MAYBE_TRUTH: Schema = {"type": ["boolean", "null"]}
DATE: Schema = {"type": "string", "format": "date"}
MAYBE_DATE: Schema = {"type": ["string", "null"], "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
LINK: Schema = {"type": "string", "format": "uri"}
MAYBE_LINK: Schema = {"type": ["string", "null"], "format": "uri"}
MAYBE_MONEY: Schema = {"type": ["string", "null"], "pattern": r"^[0-9]+\.[0-9]{2}$"}


def reference(component: str) -> Schema:
    """A schema that stands under *component* among the schema's components."""
    return {"$ref": f"#/components/schemas/{component}"}


def maybe(schema: Schema) -> Schema:
    """*schema*, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def several(schema: Schema) -> Schema:
    """A list of *schema*."""
    return {"type": "array", "items": schema}


def word_of(vocabulary: type[StrEnum], *further: str) -> Schema:
    """One word of a closed list."""
    return {"type": "string", "enum": [*(str(word) for word in vocabulary), *further]}


# Columns that tell when a row last changed, its own or one that was read along with it.
_STAMPS = ("updated_at", "withdrawn_at", "hidden_at", "seats_at", "changed_at")
TEXTS = reference("Texts")
LINKS = reference("Links")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object. *example* is what the documentation shows, and it conforms to *schema*."""

    name: str
    schema: Schema
    meaning: str
    example: Any


def object_schema(fields: Sequence[Field], description: str, required: Sequence[str] = ()) -> Json:
    """The JSON Schema of an object made of *fields*.

    It does not close the object: a field that comes later must not break who validates.
    """
    return {
        "type": "object",
        "description": description,
        **({"required": list(required)} if required else {}),
        "properties": {field.name: _described(field) for field in fields},
    }


def _described(field: Field) -> Json:
    return {**field.schema, "description": field.meaning}


def example_of(fields: Sequence[Field]) -> Json:
    """The object that the documentation shows."""
    return {field.name: field.example for field in fields}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question wants to see of each object: *fields* is empty for all of them.

    stamps: where it is a list, the moments at which anything that was read last changed are gathered in it.
    """

    fields: frozenset[str] = frozenset()
    expand: frozenset[str] = frozenset()
    stamps: list[datetime] | None = None

    def has(self, name: str) -> bool:
        """Whether field *name* is wanted, so that what costs a query can be left alone."""
        return not self.fields or name in self.fields

    def expands(self, name: str) -> bool:
        """Whether *name* is to be written whole where it would be a reference."""
        return name in self.expand

    def watch(self, rows: Iterable[Row]) -> Iterable[Row]:
        """*rows* as they are, their stamps noted where anybody asked for them."""
        if self.stamps is None:
            return rows
        found = list(rows)
        for row in found:
            self.stamps.extend(row[name] for name in row if name.endswith(_STAMPS) and row[name] is not None)
        return found

    def cut(self, rows: list[Json]) -> list[Json]:
        """*rows* with the wanted fields alone; ``id`` always stays."""
        if not self.fields:
            return rows
        return [{name: row[name] for name in row if name in self.fields or name == "id"} for row in rows]


ALL = Wanted()
