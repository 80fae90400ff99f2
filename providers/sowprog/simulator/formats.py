"""The two formats of the agenda, streamed record by record from the same values (contract, section 4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from xml.sax.saxutils import escape

from providers.simulation.documents import Row, with_bad_bytes
from providers.sowprog.routes import Route

MEDIA = {"json": "application/json", "xml": "application/xml"}

#: Lists that were bare objects when they had one member, in the days of the first plugins.
_ONCE_BARE = ("eventDescriptionSplitByDate", "eventScheduleDate", "eventPrice", "ticketStore", "artist")
_XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CARRIAGE_RETURN = {"\r": "&#13;"}


def chosen(accept: str) -> str | None:
    """``json`` or ``xml`` for an ``Accept`` header; XML where it does not care, None where it wants neither."""
    ranges = []
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((value[2:] for value in parameters if value.startswith("q=")), "1")
        if name and weight.strip("0.") != "":
            ranges.append((float(weight) if weight.replace(".", "", 1).isdigit() else 1.0, name))
    if not accept.strip():
        return "xml"
    for _, name in sorted(ranges, key=lambda item: -item[0]):
        for wire, media in MEDIA.items():
            if name == media:
                return wire
        if name in ("*/*", "application/*"):
            return "xml"
    return None


def written(route: Route, rows: Iterable[Row], wire: str, *, legacy: bool = False) -> Iterator[bytes]:
    """The answer of a service in pieces. *legacy* JSON: bare singletons, booleans as text, no key when empty."""
    pieces = _xml(route, rows) if wire == "xml" else (_old_json if legacy else _json)(route, rows)
    return map(with_bad_bytes, pieces)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _json(route: Route, rows: Iterable[Row]) -> Iterator[str]:
    opening = f'{{"{route.record}":['
    yield opening
    for at, row in enumerate(rows):
        yield f"{',' if at else ''}{_dumps(row)}"
    yield "]}"


def _old_json(route: Route, rows: Iterable[Row]) -> Iterator[str]:
    rows = iter(rows)
    head = list(islice(rows, 2))
    if not head:
        yield "{}"
    elif len(head) == 1 and route.record in _ONCE_BARE:
        yield _dumps({route.record: _old(head[0])})
    else:
        yield from _json(route, map(_old_row, chain(head, rows)))


def _old_row(row: Row) -> Row:
    return {name: _old(value, name) for name, value in row.items()}


def _old(value: object, name: str = "") -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _old_row(value)
    if isinstance(value, list):
        members = [_old(member) for member in value]
        return members[0] if len(members) == 1 and name in _ONCE_BARE else members
    return value


def _xml(route: Route, rows: Iterable[Row]) -> Iterator[str]:
    yield f"{_XML_HEAD}<{route.root}>"
    for row in rows:
        yield _element(route.record, row)
    yield f"</{route.root}>"


def _element(name: str, value: object) -> str:
    """One element; for a list one for each member, for null none at all."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "".join(_element(name, member) for member in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(part, inner) for part, inner in value.items())}</{name}>"
    if isinstance(value, bool):
        return f"<{name}>{'true' if value else 'false'}</{name}>"
    return f"<{name}>{escape(str(value), _CARRIAGE_RETURN)}</{name}>"
