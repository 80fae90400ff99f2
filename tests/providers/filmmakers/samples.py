"""The samples of Filmmakers' provider, as documents and as records."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr

from aggregator.admission import admit
from aggregator.provider import Document
from aggregator.records import Record, is_empty
from providers.filmmakers import PROVIDER, FilmmakersConfig

FOLDER = Path(__file__).parents[3] / "providers" / "filmmakers" / "samples"
CONFIG = FilmmakersConfig(api_key=SecretStr("sim-api-key-0001"), publish="public")

RecordT = TypeVar("RecordT", bound=Record)


def sample(name: str) -> Any:
    return json.loads((FOLDER / name).read_bytes())


def document(kind: str, item: Any) -> Document:
    """The item as the client hands it over."""
    body = item if isinstance(item, bytes) else json.dumps(item, ensure_ascii=False).encode()
    return Document(kind, "1", body)


def mapped(kind: str, item: Any, publish: Any = "public") -> list[Record]:
    """The item's records as the border admits them."""
    config = CONFIG.model_copy(update={"publish": publish})
    return [admit(record) for record in PROVIDER.map(document(kind, item), config)]


def only(kind: type[RecordT], records: list[Record]) -> RecordT:
    (found,) = [record for record in records if isinstance(record, kind)]
    return found


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
    return _fields(part) if hasattr(part, "__dataclass_fields__") else part


def _fields(part: Any) -> dict[str, Any]:
    found = ((item.name, getattr(part, item.name)) for item in fields(part))
    return {name: readable(value) for name, value in found if not is_empty(value)}
