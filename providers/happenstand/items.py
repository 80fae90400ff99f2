"""One item in its normal form, the same whether it came as XML or JSON; as a document; its print. Pure.

XML has attributes where JSON has members, another order, empty elements for nothing, LF for CRLF, and text where
JSON may have numbers. The normal form keeps every member that says something, the documented ones first and in one
order. What has a wrong type stays as it is, for the schema to name.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from aggregator.provider import Document, Refusal
from aggregator.readers import INVALID

#: Members that are lists, and what one item of each is called in XML.
ITEM_NAMES: Final[Mapping[str, str]] = {
    "events": "event",
    "special_events": "event",
    "past_events": "event",
    "future_events": "event",
    "people": "person",
    "places": "place",
    "images": "image",
}
#: Members that hold one object.
_OBJECTS: Final = frozenset({"image"})
#: The order of the documented members: that of the published JSON samples.
_ORDER: Final = (
    *("id", "name", "loc", "start", "end", "all_day", "description", "is_pickpocket", "is_ap_pick"),
    *("is_featured", "excerpt", "address", "city", "state", "zip", "lat", "lng", "phone", "website"),
    *("people", "places", "special_events", "url", "distance", "score", "image", "dir", "ext", "caption"),
    *("events", "past_events", "future_events", "images"),
)
_PLACE: Final = {name: place for place, name in enumerate(_ORDER)}
#: What a list says of an item beside the item itself.
_PASSING: Final = frozenset({"distance", "score"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_IDENTIFIER = re.compile(r"0*([1-9][0-9]{0,11})")
_KEPT_OF_A_BAD_ITEM = 4096

Item = dict[str, Any]


def normal(item: Mapping[str, Any]) -> Item:
    """The item in its normal form; nested items likewise."""
    found: Item = {}
    for name, value in item.items():
        kept = _normal_member(name, value)
        if kept is not None and kept != "" and kept != [] and kept != {}:
            found[name] = kept
    return dict(sorted(found.items(), key=lambda member: _PLACE.get(member[0], len(_ORDER))))


def _normal_member(name: str, value: Any) -> Any:
    if name in ITEM_NAMES:
        return _items(value, ITEM_NAMES[name])
    if name in _OBJECTS:
        value = value[0] if isinstance(value, list) and value else value
        return normal(value) if isinstance(value, Mapping) else _text(value)
    return _text(value) if name in _PLACE or not isinstance(value, bool) else value


def _items(value: Any, singular: str) -> Any:
    """A list of items from any of its forms: an array, one item, a wrapped one, an object with number keys; or text."""
    if isinstance(value, Mapping):
        if not value:
            return ""
        if set(value) <= {singular, "item"}:
            return _items(next(iter(value.values())), singular)
        value = list(value.values()) if all(key.isdigit() for key in value) else [value]
    if isinstance(value, list):
        return [normal(item) if isinstance(item, Mapping) else item for item in value]
    return _text(value)


def _text(value: Any) -> Any:
    """A scalar as text with LF, "" for nothing; what is no scalar as it is."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return value


def identifier(item: object) -> str:
    """The item's id without leading zeros; "" where there is none that can be read."""
    found = _IDENTIFIER.fullmatch(str(item.get("id", "")).strip()) if isinstance(item, Mapping) else None
    return found[1] if found else ""


def compact(item: object) -> bytes:
    """JSON without blanks. Half of a surrogate pair cannot be stored as text: it becomes the mark of bad bytes."""
    text = json.dumps(item, ensure_ascii=False, separators=(",", ":"), default=str)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(INVALID, text).encode()


def fingerprint(summary: Mapping[str, Any]) -> str:
    """32 hex digits over a list's row: whatever of it changes, the details are worth a look.

    What depends on the question (distance, score) does not count, nor does white space.
    """
    lasting = {name: value for name, value in summary.items() if name not in _PASSING}
    text = json.dumps(lasting, sort_keys=True, ensure_ascii=True).replace("\\n", " ")
    return hashlib.blake2b(" ".join(text.split()).encode(), digest_size=16).hexdigest()


def document(kind: str, key: str, item: Item, *, validator: str, scope: str, url: str) -> Document:
    """The details of one item."""
    return Document(kind, key, compact(item), scope=scope, validator=validator, url=url)


def unreadable(kind: str, item: object) -> Refusal:
    """A row of a list whose id cannot be read: it forbids withdrawal."""
    message = "the id cannot be read"
    return Refusal(kind, None, "unreadable_id", "id", message, compact(item)[:_KEPT_OF_A_BAD_ITEM])


def lost_characters(item: object) -> int:
    """How many characters some pass on upstream's side has replaced by U+FFFD."""
    return compact(item).count(b"\xef\xbf\xbd")
