"""The two formats of the API, written from one and the same data."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from providers.simulation.documents import with_bad_bytes

Item = dict[str, Any]

_ITEM_NAMES = {"people": "person", "places": "place", "images": "image"}
_ITEM_NAMES |= dict.fromkeys(("events", "special_events", "past_events", "future_events"), "event")
_ATTRIBUTES = ("id", "is_ap_pick", "is_pickpocket", "is_featured", "distance", "score")
_OF_AN_IMAGE = ("id", "dir", "ext")
_CDATA = frozenset(
    ["name", "excerpt", "description", "people", "places", "caption", "message", "address", "city", "phone"]
)
# Where XML has its children; what is not named comes after, in the order of the JSON.
_ORDER = (
    *("name", "loc", "start", "end", "all_day", "excerpt", "description", "url", "special_events"),
    *("people", "places", "image", "images"),
)
_PLACE = {name: place for place, name in enumerate(_ORDER)}
# In summaries and in places the address of the page stands behind the names.
_URL_LATE = {**_PLACE, "url": _PLACE["places"] + 0.5}


def as_json(answer: Item) -> bytes:
    """JSON as PHP writes it: escaped slashes and letters; texts keep their CRLF."""
    return with_bad_bytes(json.dumps(answer, separators=(",", ":")).replace("/", "\\/"))


def as_xml(answer: Item, *, doubled_root: bool = False) -> bytes:
    """XML with CDATA for free text and attributes for ids and flags. `doubled_root`: opened twice, closed once."""
    root = f'<response status="{answer["status"]}">'
    inner = "".join(_element(name, value, 1) for name, value in answer.items() if name != "status")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return with_bad_bytes(f"{head}{root}\n{f'{root}{chr(10)}' if doubled_root else ''}{inner}</response>\n")


def _element(name: str, value: Any, depth: int) -> str:
    pad = "  " * depth
    if isinstance(value, dict) and value:
        own = _OF_AN_IMAGE if name == "image" else ("code",) if name == "error" else _ATTRIBUTES
        attributes = {key: value[key] for key in own if isinstance(value.get(key), str | int)}
        order = _PLACE if "description" in value and "special_events" in value else _URL_LATE
        children = sorted(
            (key for key in value if key not in attributes), key=lambda key: order.get(key, len(order))
        )
        opening = name + "".join(f" {key}={quoteattr(str(text))}" for key, text in attributes.items())
        inner = "".join(_element(key, value[key], depth + 1) for key in children)
        return f"{pad}<{opening}>\n{inner}{pad}</{name}>\n"
    if isinstance(value, list) and value:
        inner = "".join(_element(_ITEM_NAMES.get(name, "item"), item, depth + 1) for item in value)
        return f"{pad}<{name}>\n{inner}{pad}</{name}>\n"
    return f"{pad}<{name}>{_text(name, value)}</{name}>\n"


def _text(name: str, value: Any) -> str:
    if value is None or value == [] or value == {}:
        return ""
    if name in _CDATA and isinstance(value, str):
        return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
    return escape(str(value))
