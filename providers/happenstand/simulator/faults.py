"""Document faults of the guide: the general ones and those of the contract's checklist, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from providers.happenstand.simulator.edits import Edited
from providers.happenstand.simulator.rows import Item
from providers.simulation.documents import (
    Row,
    Shape,
    with_bad_stamp,
    with_bad_text,
    with_unknown_fields,
    with_wrong_types,
    without_required,
)
from providers.simulation.simulator import Request

FAULTS = {
    "lost_characters": "every curly closing quotation mark in XML is U+FFFD; JSON is whole",
    "doubled_root": "events/picks opens its XML root twice and closes it once",
    "empty_image": "a missing image is an empty element, in JSON an empty text",
    "500_html": "500 with an HTML page",
    "missing_end": "one event to come has no end, in its details and in lists",
    "zero_date": "one event to come has zero dates, and a special event without a start",
    "ignored_offset": "every page is the first one",
    "error_100": "code 100, API key is not valid",
    "error_101": "code 101, API key is not active",
    "error_200": "code 200, Missing required parameter (api_key)",
    "error_201": "code 201, Item not valid or unavailable",
    "error_202": "code 202, Could not determine query location",
    "error_404": "code 404, Resource not found",
    "error_500": "code 500, Application error",
    "error_999": "a code that nobody documented",
}

EVENT = Shape(required="name", number="all_day", stamp="start", text="description")
_ZERO = "0000-00-00 00:00:00"


def _without_end(item: Row) -> Row:
    return {name: value for name, value in item.items() if name != "end"}


def _with_zero_dates(item: Row) -> Row:
    changed: Item = {**item, "start": _ZERO, "end": _ZERO}
    specials: Any = item.get("special_events")
    if specials:
        changed["special_events"] = [{**specials[0], "start": _ZERO}, *specials[1:]]
    return changed


_BREAK: dict[str, Callable[[Row], Row]] = {
    "wrong_type": lambda item: with_wrong_types(item, EVENT),
    "missing_field": lambda item: without_required(item, EVENT),
}
# Fault → which of the events to come it strikes, and how. The first ones stand in lists as well.
_IN_DETAILS: dict[str, tuple[int, Callable[[Row], Row]]] = {
    "missing_end": (5, _without_end),
    "zero_date": (6, _with_zero_dates),
    "wrong_types": (1, _BREAK["wrong_type"]),
    "missing_field": (2, _BREAK["missing_field"]),
    "invalid_utf8": (3, lambda item: with_bad_text(item, EVENT)),
    "bad_timestamps": (4, lambda item: with_bad_stamp(item, EVENT)),
}
_IN_LISTS = ("missing_end", "zero_date")


@dataclass(frozen=True)
class Troubles:
    """Puts faults into answers."""

    edited: Edited

    def spoiled(self, request: Request, path: str, answer: Item, xml: bool) -> Item:
        """The payload with whatever faults are on."""
        if request.take("404_empty", not path.endswith("detail")):
            answer = {name: [] if isinstance(value, list) else value for name, value in answer.items()}
        answer = {name: self._member(request, value) for name, value in answer.items()}
        if request.take("empty_image", True):
            answer = _each(
                answer,
                lambda item: {**item, "image": ""} if "excerpt" in item and "image" not in item else item,
            )
        if xml and request.take("lost_characters", True):
            answer = _texts(answer)
        return answer

    def _member(self, request: Request, value: Any) -> Any:
        if isinstance(value, list):
            return list(self._rows(request, value))
        return self._detail(request, value) if "special_events" in value else self._plain(request, value)

    def _rows(self, request: Request, rows: list[Item]) -> Iterator[Item]:
        unknown = rows and request.take("unknown_fields", True)
        for row in rows:
            for name in _IN_LISTS:
                if "excerpt" in row and self._strikes(request, name, row):
                    row = _IN_DETAILS[name][1](row)
            yield with_unknown_fields(row) if unknown else row
        if rows and request.take("duplicate_ids", True):
            yield rows[0]

    def _detail(self, request: Request, item: Item) -> Item:
        for name, (_, spoil) in _IN_DETAILS.items():
            if self._strikes(request, name, item):
                item = spoil(item)
        how = self.edited.broken.get(int(item["id"]))
        return self._plain(request, item if how is None else _BREAK[how](item))

    def _plain(self, request: Request, item: Item) -> Item:
        return with_unknown_fields(item) if request.take("unknown_fields", True) else item

    def _strikes(self, request: Request, name: str, item: Item) -> bool:
        coming = self.edited.coming()
        if not coming:
            return False
        victim = coming[min(_IN_DETAILS[name][0], len(coming) - 1)]
        return item["id"] == str(victim.event_id) and request.take(name, True)


def _each(value: Any, change: Callable[[Item], Item]) -> Any:
    if isinstance(value, dict):
        return change({name: _each(member, change) for name, member in value.items()})
    return [_each(member, change) for member in value] if isinstance(value, list) else value


def _texts(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\u201d", "\ufffd")
    if isinstance(value, dict):
        return {name: _texts(member) for name, member in value.items()}
    return [_texts(member) for member in value] if isinstance(value, list) else value
