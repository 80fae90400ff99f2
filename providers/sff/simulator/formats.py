"""The six formats of the festival API, streamed row by row.

JSON, XML and CSV are as the contract describes them, quirks included; the other three are well-formed.
A value is text, None, a number (after the switch for native numbers), or a list of rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from html.entities import codepoint2name

from providers.simulation.documents import Row, with_bad_bytes

CONTENT_TYPES: dict[str, str] = {
    "xml": "application/xml",
    "json": "application/json",
    "csv": "application/csv",
    "html": "text/html",
    "php": "text/plain",
    "serialize": "application/vnd.php.serialized",
}
DEFAULT_FORMAT = "xml"

_NATIVE = ("Id", "Timestamp", "Number", "Length", "Begin", "End", "Year")


@dataclass(frozen=True)
class Spelling:
    """The settings that change how values are written.

    native: ids and stamps as numbers. entities: XML with HTML's named entities (Q8). crlf: line ends of 2010.
    """

    native: bool = False
    entities: bool = False
    crlf: bool = False


def _native(row: Row) -> Row:
    return {
        name: int(value)
        if isinstance(value, str) and name.endswith(_NATIVE) and value.isascii() and value.isdigit()
        else value
        for name, value in row.items()
    }


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def _json(value: object) -> str:
    return _ENCODER.encode(value).replace("/", "\\/")


def _json_list(rows: Iterable[Row], spelling: Spelling) -> Iterator[str]:
    opening = "["
    for row in rows:
        yield opening + _json(row)
        opening = ","
    yield "[]" if opening == "[" else "]"


def _xml_text(text: str, entities: bool) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not entities or plain.isascii():
        return plain
    return "".join(
        f"&{codepoint2name[ord(sign)]};" if ord(sign) in codepoint2name and ord(sign) > 127 else sign
        for sign in plain
    )


def _xml(value: object, entities: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml(part, entities)}</{name}>" for name, part in value.items())
    if isinstance(value, list):
        return "".join(f"<item>{_xml(part, entities)}</item>" for part in value)
    return _xml_text(str(value), entities)


_XML_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<xml>'


def _xml_list(rows: Iterable[Row], spelling: Spelling) -> Iterator[str]:
    yield _XML_HEAD
    for row in rows:
        yield f"<item>{_xml(row, spelling.entities)}</item>"
    yield "</xml>\n"


def _csv_value(value: object) -> str:
    if isinstance(value, list | dict):
        return '"Array"'
    return f'"{"" if value is None else value}"'


def _csv_list(rows: Iterable[Row], spelling: Spelling) -> Iterator[str]:
    end = "\r\n" if spelling.crlf else "\n"
    names: list[str] = []
    for row in rows:
        if not names:
            names = list(row)
            yield ",".join(names) + end
        yield ",".join(_csv_value(row.get(name)) for name in names) + end


def _html_cells(row: Row, cell: str) -> str:
    return "".join(f"<{cell}>{escape('' if part is None else str(part))}</{cell}>" for part in row.values())


def _html_list(rows: Iterable[Row], spelling: Spelling) -> Iterator[str]:
    yield "<table>"
    head = True
    for row in rows:
        if head:
            yield "<tr>" + "".join(f"<th>{escape(name)}</th>" for name in row) + "</tr>"
            head = False
        yield f"<tr>{_html_cells(row, 'td')}</tr>"
    yield "</table>"


def _php(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, dict):
        return "array (" + ", ".join(f"{_php(name)} => {_php(part)}" for name, part in value.items()) + ")"
    if isinstance(value, list):
        return _php(dict(enumerate(value)))
    if isinstance(value, int | float):
        return str(value)
    quoted = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{quoted}'"


def _php_list(rows: Iterable[Row], spelling: Spelling) -> Iterator[str]:
    yield "array ("
    for position, row in enumerate(rows):
        yield f"{position} => {_php(row)}, "
    yield ")"


def _serialized(value: object) -> str:
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, dict):
        parts = "".join(f"{_serialized(name)}{_serialized(part)}" for name, part in value.items())
        return f"a:{len(value)}:{{{parts}}}"
    if isinstance(value, list):
        return _serialized(dict(enumerate(value)))
    text = str(value)
    return f's:{len(text.encode("utf-8", "surrogateescape"))}:"{text}";'


_LISTS: dict[str, Callable[[Iterable[Row], Spelling], Iterator[str]]] = {
    "json": _json_list,
    "xml": _xml_list,
    "csv": _csv_list,
    "html": _html_list,
    "php": _php_list,
    # The number of rows stands first, so this one format cannot be streamed.
    "serialize": lambda rows, spelling: iter((_serialized(list(rows)),)),
}

_RECORDS: dict[str, Callable[[Row, Spelling], str]] = {
    "json": lambda row, spelling: _json(row),
    "xml": lambda row, spelling: f"{_XML_HEAD}{_xml(row, spelling.entities)}</xml>\n",
    "csv": lambda row, spelling: "".join(_csv_list([row], spelling)),
    "html": lambda row, spelling: "".join(_html_list([row], spelling)),
    "php": lambda row, spelling: _php(row),
    "serialize": lambda row, spelling: _serialized(row),
}


def written_list(rows: Iterable[Row], name: str, spelling: Spelling) -> Iterator[bytes]:
    """The list in the named format, piece by piece."""
    if spelling.native:
        rows = map(_native, rows)
    return map(with_bad_bytes, _LISTS[name](rows, spelling))


def written_record(row: Row, name: str, spelling: Spelling) -> bytes:
    """One record (or error) in the named format."""
    return with_bad_bytes(_RECORDS[name](_native(row) if spelling.native else row, spelling))
