"""A recorded answer of the list of events, served as it is whatever the clock; the reference lists are told from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from providers.simulation.documents import Row
from providers.simulation.simulator import Impossible

_OF_AN_APPEARANCE = ("id", "artistId", "sequence", "billing", "artistRoleInEvent")


class Catalogue(Protocol):
    """What the service serves. *prunes*: whether past showings and entries leave its lists."""

    @property
    def prunes(self) -> bool: ...

    def entries(self, *, past: bool = False) -> Iterable[Row]: ...
    def locations(self) -> Iterable[Row]: ...
    def reference_artists(self) -> Iterable[Row]: ...
    def groups(self) -> Iterable[Row]: ...
    def types(self) -> Iterable[Row]: ...
    def styles(self) -> Iterable[Row]: ...


def read_recording(path: Path) -> list[Row]:
    """The entries of the file. Raises Impossible for a file that is no recorded list of events in JSON."""
    try:
        answer = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Impossible(f"cannot read the recording {path}: {error}") from None
    entries = answer.get("eventDescription") if isinstance(answer, dict) else None
    if not isinstance(entries, list) or not all(isinstance(e, dict) and "id" in e for e in entries):
        raise Impossible(f"{path} is not a recorded list of events (it needs eventDescription, a list)")
    return entries


class Recorded:
    """The entries of a recording and whatever they mention, each once, as it was mentioned first."""

    prunes = False

    def __init__(self, entries: list[Row]) -> None:
        self._entries = entries

    def entries(self, *, past: bool = False) -> Iterator[Row]:
        """All of them, in the order recorded."""
        yield from self._entries

    def locations(self) -> Iterator[Row]:
        yield from _distinct(_rows(entry.get("location") for entry in self._entries))

    def reference_artists(self) -> Iterator[Row]:
        for artist in _distinct(self._artists(), "artistId"):
            rest = {name: value for name, value in artist.items() if name not in _OF_AN_APPEARANCE}
            yield {"id": artist["artistId"], **rest}

    def _artists(self) -> Iterator[Row]:
        for entry in self._entries:
            listed = entry.get("artist")
            yield from _rows(listed if isinstance(listed, list) else [listed])

    def groups(self) -> Iterator[Row]:
        yield from _distinct(self._inside("eventGroup"))

    def types(self) -> Iterator[Row]:
        for kind in _distinct(self._inside("eventType")):
            together = (
                content.get("eventStyle")
                for content in _rows(entry.get("event") for entry in self._entries)
                if any(each.get("id") == kind["id"] for each in _rows([content.get("eventType")]))
            )
            yield {**kind, "eventStyle": list(_distinct(_rows(together)))}

    def styles(self) -> Iterator[Row]:
        yield from _distinct(self._inside("eventStyle"))

    def _inside(self, name: str) -> Iterator[Row]:
        contents = _rows(entry.get("event") for entry in self._entries)
        return _rows(content.get(name) for content in contents)


def _rows(values: Iterable[object]) -> Iterator[Row]:
    return (value for value in values if isinstance(value, dict))


def _distinct(rows: Iterable[Row], key: str = "id") -> Iterator[Row]:
    seen: set[object] = set()
    for row in rows:
        if row.get(key) is not None and row[key] not in seen:
            seen.add(row[key])
            yield row
