"""The samples of the festival's provider, as documents and as records."""

import io
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from aggregator.admission import admit
from aggregator.http import Response
from aggregator.provider import Document
from aggregator.records import Record, is_empty
from providers.sff import PROVIDER, SffConfig

FOLDER = Path(__file__).parents[3] / "providers" / "sff" / "samples"
FESTIVAL = "38"
SCOPE = f"festival:{FESTIVAL}"
CONFIG = SffConfig()

_ID = {
    "festival": "festivalId",
    "section": "sectionId",
    "venue": "venueId",
    "event": "eventId",
    "film": "filmId",
}
_OF_A_FESTIVAL = {"section", "event", "film"}

RecordT = TypeVar("RecordT", bound=Record)


def sample(name: str) -> Any:
    return json.loads((FOLDER / name).read_bytes())


def document(kind: str, item: Any, festival: str = FESTIVAL) -> Document:
    """The item as the client hands it over."""
    key = str(item.get(_ID[kind], "1")) if isinstance(item, dict) else "1"
    prefix = f"{festival}:" if kind in ("section", "film") else ""
    scope = f"festival:{festival}" if kind in _OF_A_FESTIVAL else ""
    return Document(kind, prefix + key, json.dumps(item, ensure_ascii=False).encode(), scope=scope)


def mapped(kind: str, item: Any, festival: str = FESTIVAL) -> list[Record]:
    """The item's records as the border admits them."""
    return [admit(record) for record in unadmitted(kind, item, festival)]


def unadmitted(kind: str, item: Any, festival: str = FESTIVAL) -> list[Record]:
    """The item's records as the mapping makes them."""
    return list(PROVIDER.map(document(kind, item, festival), CONFIG))


def only(kind: type[RecordT], records: list[Record]) -> RecordT:
    (found,) = [record for record in records if isinstance(record, kind)]
    return found


def response(content: bytes, status: int = 200) -> Response:
    return Response(status, {}, "http://sff.test/v1/events/festival_list/", io.BytesIO(content))


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
