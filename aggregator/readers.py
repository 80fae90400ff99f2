"""Streaming readers for what providers send: JSON, XML and CSV, with flat memory.

Plain functions over a seekable binary stream (the `body` of a `Response`). They yield what they can read and
raise `ReadError` where a document ends or breaks, so that the good documents before a break are not lost.
They judge the outer shape only; fields and types are the provider's schema.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, BinaryIO, Literal, cast
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, iterparse

import ijson
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from aggregator.transport import faults
from aggregator.transport.faults import ReadError
from aggregator.transport.tables import csv_rows
from aggregator.transport.text import INVALID, TextStream

__all__ = [
    "INVALID",
    "JsonRoot",
    "ReadError",
    "csv_rows",
    "json_document",
    "json_items",
    "json_members",
    "json_root",
    "xml_document",
    "xml_elements",
]

JsonRoot = Literal["array", "object", "string", "number", "literal", "html", "empty", "other"]

_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|br|b|p|div|h1)\b", re.I | re.S
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
#: Declared name → what is read. Those who say ISO 8859-1 mean Windows-1252, as browsers have it.
_XML_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
}
#: expat: no element found, unclosed token, partial character, unclosed CDATA section.
_XML_CUT = frozenset({3, 5, 6, 20})
_BOM = b"\xef\xbb\xbf"
_MAX_DEPTH = 100


def json_root(stream: BinaryIO) -> JsonRoot:
    """What the JSON text in `stream` is, by its first significant character. Leaves the position alone."""
    head = _head(stream)
    first = head[:1]
    if not first:
        return "empty"
    if _HTML.match(head):
        return "html"
    if first in b"-0123456789":
        return "number"
    kinds: dict[bytes, JsonRoot] = {b"[": "array", b"{": "object", b'"': "string"}
    return kinds.get(first) or ("literal" if re.match(rb"true|false|null", head) else "other")


def json_items(stream: BinaryIO, prefix: str = "item") -> Iterator[object]:
    """The members of a list, one by one: of the outermost, or of the one at an ijson `prefix` (`data.item`).

    Numbers are int or float; a number too large for a float, and what is nested deeper than 100 levels, comes
    as text that no schema accepts. Raises `wrong_root` where there is no list at that place.
    """
    _expect_json(stream, "array" if prefix.split(".")[0] == "item" else "object")
    place = (prefix.removesuffix(".item"), "start_array") if prefix.endswith(".item") else None
    yield from _found(stream, lambda text: ijson.items(text, prefix), place)


def json_members(stream: BinaryIO, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Key and value of each member of an object that is used as a list; `prefix` and values as above.

    Raises `wrong_root` where there is no object at that place.
    """
    _expect_json(stream, "array" if prefix.split(".")[0] == "item" else "object")
    place = (prefix, "start_map") if prefix else None
    for key, value in _found(stream, lambda text: ijson.kvitems(text, prefix), place):
        yield key, _plain(value)


def json_document(stream: BinaryIO) -> object:
    """The whole document at once. For small answers: it is all in memory."""
    _expect_json(stream, None)
    text = _json_text(stream)
    values = list(_parsed(ijson.items(text, ""), text))
    return values[0]


def _head(stream: BinaryIO) -> bytes:
    position = stream.tell()
    head = stream.read(4096)
    stream.seek(position)
    return head.removeprefix(_BOM).lstrip()


def _json_text(stream: BinaryIO) -> TextStream:
    return TextStream(stream, cut_digits=True)


def _expect_json(stream: BinaryIO, wanted: JsonRoot | None) -> None:
    root = json_root(stream)
    if root == "empty":
        raise ReadError(faults.EMPTY_BODY)
    if root == "html":
        raise ReadError(faults.HTML_INSTEAD_OF_DATA)
    if root == "other":
        raise ReadError(faults.MALFORMED_DOCUMENT)
    if wanted is not None and root != wanted:
        raise ReadError(faults.WRONG_ROOT, detail=f"{root} in place of {wanted}")


def _found(
    stream: BinaryIO, parse: Callable[[TextStream], Iterator[Any]], place: tuple[str, str] | None
) -> Iterator[Any]:
    """Parsed values; where none came, a second look whether there was a container at `place` at all."""
    start = stream.tell()
    nothing = True
    text = _json_text(stream)
    for value in _parsed(parse(text), text):
        nothing = False
        yield value
    if nothing and place is not None:
        stream.seek(start)
        text = _json_text(stream)
        events = _parsed(ijson.parse(text), text)
        if not any((path, event) == place for path, event, _ in events):
            raise ReadError(faults.WRONG_ROOT, detail=f"nothing at {place[0]}")


def _parsed(values: Iterator[Any], text: TextStream) -> Iterator[Any]:
    """`values` of `text` with plain numbers, and with the parser's exceptions (which quote the document) translated.

    What the parser finds wrong only once it knows that nothing follows was cut: within a word or a number it says
    something else than at any other place.
    """
    while True:
        try:
            value = next(values)
        except StopIteration:
            return
        except ijson.JSONError as error:
            cut = text.is_at_end or "premature EOF" in str(error) or "Incomplete JSON" in str(error)
            reason = faults.TRUNCATED_DOCUMENT if cut else faults.MALFORMED_DOCUMENT
        except (ValueError, ArithmeticError):
            reason = faults.MALFORMED_DOCUMENT
        else:
            yield _plain(value)
            continue
        raise ReadError(reason)


def _plain(value: Any, depth: int = 0) -> Any:
    """Decimal to float, in place. ijson's own float mode stops a whole list at one integer above 64 bits."""
    kind = type(value)
    if kind is Decimal:
        number = float(value)
        return number if math.isfinite(number) else str(value)
    if kind is dict or kind is list:
        if depth >= _MAX_DEPTH:
            return INVALID
        for key, member in value.items() if kind is dict else enumerate(value):
            if type(member) in (dict, list, Decimal):
                value[key] = _plain(member, depth + 1)
    return value


def xml_elements(
    stream: BinaryIO, tag: str | None = None, *, root: str | None = None, named_entities: bool = False
) -> Iterator[Element]:
    """Each outermost element named `tag` (None: each child of the root), dropped from memory after its turn.

    An element of that name inside another comes as its descendant, not by itself. `root` is the name the
    outermost element must have. Declarations of types or entities are refused; `named_entities` understands
    the HTML ones (`&auml;`) without a declaration. Names are compared without their namespace.
    """
    open_elements: list[Element] = []
    inside = 0
    for event, element in _xml_events(stream, named_entities):
        if event == "start":
            open_elements.append(element)
            level = len(open_elements)
            if level == 1:
                _check_root(element, root)
            elif not inside and (tag is None or _local(element) == tag):
                inside = level
            if level > _MAX_DEPTH:
                raise ReadError(faults.MALFORMED_DOCUMENT, detail="nested too deep")
            continue
        open_elements.pop()
        if inside == len(open_elements) + 1:
            inside = 0
            yield element
        if not inside and open_elements:
            del open_elements[-1][:]


def xml_document(stream: BinaryIO, *, root: str | None = None, named_entities: bool = False) -> Element:
    """The whole document, as its outermost element. For small answers; refuses what `xml_elements` does."""
    top: Element | None = None
    level = 0
    for event, element in _xml_events(stream, named_entities):
        level += 1 if event == "start" else -1
        if top is None:
            top = element
            _check_root(element, root)
        if level > _MAX_DEPTH:
            raise ReadError(faults.MALFORMED_DOCUMENT, detail="nested too deep")
    if top is None:
        raise ReadError(faults.TRUNCATED_DOCUMENT)
    return top


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _check_root(element: Element, wanted: str | None) -> None:
    name = _local(element)
    if name.lower() == "html":
        raise ReadError(faults.HTML_INSTEAD_OF_DATA)
    if wanted is not None and name != wanted:
        raise ReadError(faults.WRONG_ROOT, detail=f"another element in place of {wanted}")


def _xml_events(stream: BinaryIO, named_entities: bool) -> Iterator[tuple[str, Element]]:
    text = TextStream(stream, encoding=_xml_encoding(stream), named_entities=named_entities)
    # The parser is told UTF-8 whatever the document declares: the text was transcoded on its way.
    parser = DefusedXMLParser(target=TreeBuilder(), encoding="utf-8", forbid_dtd=True)
    source = cast(BinaryIO, text)
    events = iter(iterparse(source, events=("start", "end"), parser=parser))  # noqa: S314 - it is defused
    while True:
        try:
            event = next(events)
        except StopIteration:
            return
        except ParseError as error:
            reason = faults.TRUNCATED_DOCUMENT if error.code in _XML_CUT else faults.MALFORMED_DOCUMENT
        except DefusedXmlException:
            reason = faults.ENTITY_DECLARATION
        except ValueError:
            reason = faults.MALFORMED_DOCUMENT
        else:
            yield cast("tuple[str, Element]", event)
            continue
        raise ReadError(reason)


def _xml_encoding(stream: BinaryIO) -> str:
    head = _head(stream)
    if not head:
        raise ReadError(faults.EMPTY_BODY)
    if _HTML.match(head):
        raise ReadError(faults.HTML_INSTEAD_OF_DATA)
    if head[:1] in b"{[":
        raise ReadError(faults.WRONG_ROOT, detail="JSON in place of XML")
    if head[:1] != b"<":
        raise ReadError(faults.MALFORMED_DOCUMENT)
    declared = _DECLARED.match(head)
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if name not in _XML_ENCODINGS:
        raise ReadError(faults.MALFORMED_DOCUMENT, detail="in an encoding that is not read here")
    return _XML_ENCODINGS[name]
