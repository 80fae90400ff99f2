"""Faults inside documents, the same for every simulator that answers with rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

Row = dict[str, object]

BAD_BYTE = "\udcff"
"""Stands for a byte that is not UTF-8 until `with_bad_bytes` puts it into the finished answer."""

OUT_OF_RANGE = 99_999_999_999_999_999

_HEAD = 5


@dataclass(frozen=True)
class Shape:
    """Which field of a document is what. `required`: the one without which it is of no use.

    `instead`: fields that say the same as the required one, and are missing where it is.
    """

    required: str
    number: str
    stamp: str
    text: str
    instead: tuple[str, ...] = ()


def with_wrong_types(row: Row, shape: Shape) -> Row:
    """The document with an object where a number, and a list where a text belongs."""
    return {**row, shape.number: {"unexpected": ["object"]}, shape.text: [1, 2, 3]}


def without_required(row: Row, shape: Shape) -> Row:
    """The document without the field that nothing can do without."""
    return {name: value for name, value in row.items() if name not in (shape.required, *shape.instead)}


def with_bad_text(row: Row, shape: Shape) -> Row:
    """The document with a broken byte in its text (see BAD_BYTE)."""
    return {**row, shape.text: f"{row.get(shape.text) or ''}{BAD_BYTE}"}


def with_bad_stamp(row: Row, shape: Shape) -> Row:
    """The document with a timestamp far outside of what any calendar holds."""
    kept_as_text = isinstance(row.get(shape.stamp), str)
    return {**row, shape.stamp: str(OUT_OF_RANGE) if kept_as_text else OUT_OF_RANGE}


def with_unknown_fields(row: Row) -> Row:
    """The document with fields that no contract names."""
    return {**row, "xFuture": "någonting nytt", "xNested": {"level": [1, {"deep": None}]}}


def spoiled(rows: Iterable[Row], shape: Shape, take: Callable[[str], bool]) -> Iterator[Row]:
    """The rows with whatever document faults `take` says are on; streamed.

    Each fault strikes another one of the first rows, so that several can be on at once; a list that is too
    short for that has them all in its last row.
    """
    rows = iter(rows)
    head = list(islice(rows, _HEAD))
    if head:
        strikes: tuple[tuple[str, Callable[[Row], Row]], ...] = (
            ("wrong_types", lambda row: with_wrong_types(row, shape)),
            ("missing_field", lambda row: without_required(row, shape)),
            ("invalid_utf8", lambda row: with_bad_text(row, shape)),
            ("bad_timestamps", lambda row: with_bad_stamp(row, shape)),
        )
        for position, (name, strike) in enumerate(strikes, start=1):
            if take(name):
                victim = min(position, len(head) - 1)
                head[victim] = strike(head[victim])
        if take("duplicate_ids"):
            head.append(head[0])
    everything = chain(head, rows)
    return map(with_unknown_fields, everything) if take("unknown_fields") else everything


def with_bad_bytes(text: str) -> bytes:
    """The finished answer as bytes, with every BAD_BYTE (plain or JSON-escaped) as the byte 0xFF."""
    if "udcff" not in text and BAD_BYTE not in text:
        return text.encode()
    return text.replace("\\udcff", BAD_BYTE).encode("utf-8", "surrogateescape")
