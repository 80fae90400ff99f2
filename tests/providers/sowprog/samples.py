"""Sowprog's samples, as documents and as records."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from aggregator.admission import admit
from aggregator.provider import Document
from aggregator.records import Record, is_empty
from providers.sowprog import PROVIDER, SowprogConfig

FOLDER = Path(__file__).parents[3] / "providers" / "sowprog" / "samples"
CONFIG = SowprogConfig()

RecordT = TypeVar("RecordT", bound=Record)


def names() -> list[str]:
    """Every sample of a single document."""
    return sorted(path.name.removesuffix(".records.json") for path in FOLDER.glob("*.records.json"))


def sample(name: str) -> dict[str, Any]:
    """The sample's body."""
    body: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return body


def document(kind: str, body: Any) -> Document:
    """A body as the client hands it over."""
    return Document(kind, str(body["id"]), json.dumps(body, ensure_ascii=False).encode())


def mapped(kind: str, body: Any) -> list[Record]:
    """The records of a body as the border admits them."""
    return [admit(record) for record in PROVIDER.map(document(kind, body), CONFIG)]


def records(name: str) -> list[Record]:
    """The records of a sample."""
    return mapped(name.partition("-")[0], sample(name))


def every(kind: type[RecordT], found: list[Record]) -> list[RecordT]:
    """Those of one kind, in their order."""
    return [record for record in found if isinstance(record, kind)]


def only(kind: type[RecordT], found: list[Record]) -> RecordT:
    """The one of its kind."""
    (record,) = every(kind, found)
    return record


def readable(part: Any) -> Any:
    """A record as JSON without its empty fields, for comparing with the golden files."""
    if isinstance(part, Record):
        return {"kind": str(part.kind)} | _fields(part)
    if isinstance(part, Mapping):
        return {key: readable(value) for key, value in part.items()}
    if isinstance(part, tuple):
        return [readable(value) for value in part]
    if isinstance(part, datetime | date):
        return part.isoformat()
    if isinstance(part, Decimal):
        return str(part)
    return _fields(part) if hasattr(part, "__dataclass_fields__") else part


def _fields(part: Any) -> dict[str, Any]:
    found = ((item.name, getattr(part, item.name)) for item in fields(part))
    return {name: readable(value) for name, value in found if not is_empty(value)}
