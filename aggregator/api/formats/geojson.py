"""Lists as GeoJSON (RFC 7946): a feature per object, a point where its place is known, all else as properties."""

import json
from collections.abc import Iterator
from typing import Any

from aggregator.api.fields import Json
from aggregator.api.questions import Question
from aggregator.api.resources import Resource


def write(resource: Resource, question: Question, chunks: Iterator[list[Json]]) -> Iterator[bytes]:
    """The collection piece by piece."""
    yield b'{"type":"FeatureCollection","features":['
    between = ""
    for rows in chunks:
        features = (json.dumps(_feature(row), ensure_ascii=False, separators=(",", ":")) for row in rows)
        yield (between + ",\n".join(features)).encode("utf-8", "replace")
        between = ",\n"
    yield b"]}\n"


def _feature(row: Json) -> Json:
    return {"type": "Feature", "id": row["id"], "geometry": _point(row), "properties": row}


def _point(row: Json) -> dict[str, Any] | None:
    """The object's own position, else that of its first venue that has one."""
    for place in (row, *row.get("venues", ())):
        if place.get("latitude") is not None and place.get("longitude") is not None:
            return {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
    return None
