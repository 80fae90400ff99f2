"""CSV, in the ordinary dialect and in that of the Stockholm Film Festival API."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from aggregator.transport import faults
from aggregator.transport.faults import ReadError
from aggregator.transport.text import INVALID, TextStream

_MARKUP = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|br|b|p|div|h1)\b", re.I)
_BETWEEN = '","'
#: Most characters of one row: a lost quote must not swallow the file.
_MAX_ROW = 1024 * 1024


def csv_rows(stream: BinaryIO) -> Iterator[dict[str, str]]:
    """The rows of a CSV table, each by the names in its first line. Values are text, as sent.

    Two dialects, told apart by the first data line. The festival's: every value in double quotes, inner
    quotes *not* doubled, so that only the sequence quote-comma-quote separates; line breaks in values.
    The ordinary one: quotes where needed, doubled inside.

    A row with too many or too few values still comes, with `INVALID` under the name "": reject it, go on.
    Raises `ReadError`: `empty_body`, `html_instead_of_data`, `wrong_root` (JSON), `truncated_document`,
    `malformed_document`.
    """
    lines = _lines(TextStream(stream))
    names = _names(next(lines, ""))
    first = next((line for line in lines if line.strip("\r\n")), None)
    if first is None:
        return
    rest = _chained(first, lines)
    rows = _unescaped_rows(rest, len(names)) if _is_unescaped(first, len(names)) else _ordinary_rows(rest)
    for values in rows:
        row = dict(zip(names, values, strict=False))
        if len(values) != len(names):
            row[""] = INVALID
        yield row


def _lines(text: TextStream) -> Iterator[str]:
    """Lines with their ends (LF or CRLF)."""
    held: list[str] = []
    length = 0
    for piece in iter(text.read_text, ""):
        parts = piece.split("\n")
        for part in parts[:-1]:
            held.append(part)
            yield "".join(held) + "\n"
            held, length = [], 0
        held.append(parts[-1])
        length += len(parts[-1])
        if length > _MAX_ROW:
            raise ReadError(faults.MALFORMED_DOCUMENT, detail="a line is too long")
    if last := "".join(held):
        yield last


def _names(line: str) -> list[str]:
    if not line.strip():
        raise ReadError(faults.EMPTY_BODY)
    if _MARKUP.match(line):
        raise ReadError(faults.HTML_INSTEAD_OF_DATA)
    if line.lstrip()[0] in "{[":
        raise ReadError(faults.WRONG_ROOT, detail="JSON in place of CSV")
    names = [name.strip().strip('"') for name in line.strip("\r\n").split(",")]
    if line.lstrip()[0] == "<" or "" in names or len(set(names)) != len(names):
        raise ReadError(faults.MALFORMED_DOCUMENT, detail="the first line holds no names")
    return names


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _is_unescaped(line: str, width: int) -> bool:
    """Whether the first data line is in the festival's dialect: quoted throughout, not only at its start."""
    text = line.strip("\r\n")
    if not text.startswith('"'):
        return False
    if _is_whole(text, width) and text.count(_BETWEEN) == width - 1:
        return True
    try:
        return len(next(csv.reader([text], strict=True))) != width
    except csv.Error:
        return True


def _unescaped_rows(lines: Iterator[str], width: int) -> Iterator[list[str]]:
    held = ""
    for line in lines:
        # A row ends where it has all its values, its last quote, and the next line begins with a quote:
        # each alone may also happen inside a value. A next line that is a row by itself ends a broken one.
        if held and line.startswith('"') and (_is_whole(held, width) or _is_whole(line, width)):
            yield _split(held)
            held = ""
        held += line if held or line.strip("\r\n") else ""
        if len(held) > _MAX_ROW:
            raise ReadError(faults.MALFORMED_DOCUMENT, detail="a row has no end")
    if not held:
        return
    if not _is_whole(held, width):
        raise ReadError(faults.TRUNCATED_DOCUMENT)
    yield _split(held)


def _is_whole(text: str, width: int) -> bool:
    return text.rstrip("\r\n").endswith('"') and text.count(_BETWEEN) >= width - 1


def _split(text: str) -> list[str]:
    return text.rstrip("\r\n").removeprefix('"').removesuffix('"').split(_BETWEEN)


def _ordinary_rows(lines: Iterator[str]) -> Iterator[list[str]]:
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cut = "unexpected end" in str(error)
        else:
            if values:
                yield values
            continue
        raise ReadError(faults.TRUNCATED_DOCUMENT if cut else faults.MALFORMED_DOCUMENT)
