"""One item of a list as a document, or as what is wrong with it. Pure."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aggregator.provider import Document, Refusal
from aggregator.readers import INVALID
from providers.sff import schema

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNREADABLE_ID = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff" + INVALID + "]")
#: A stamp further ahead than this is a mistake; as a cursor it would hide every later change.
AHEAD = timedelta(days=1)


def compact(item: object) -> bytes:
    """The item as JSON bytes without blanks, members in the order received, the same whatever format it came
    in.

    Half of a surrogate pair cannot be stored as text; it becomes the readers' mark for bad encoding.
    """
    text = json.dumps(item, ensure_ascii=False, separators=(",", ":"), default=str)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(INVALID, text).encode()


def identifier(item: Mapping[str, Any], name: str) -> str:
    """The id under *name* as text; "" where it is missing or unreadable."""
    try:
        text = schema.scalar(item.get(name))
    except ValueError:
        return ""
    return "" if len(text) > 100 or _UNREADABLE_ID.search(text) else text


def document_or_refusal(
    item: object, kind: str, name: str, *, scope: str, prefix: str = "", url: str = ""
) -> Document | Refusal:
    """The item as a document whose key is *prefix* and its id under *name*."""
    if not isinstance(item, Mapping):
        return Refusal(kind, None, "wrong_type", "", "an object was expected", compact(item)[:4096], scope)
    key = identifier(item, name)
    if not key:
        return Refusal(
            kind, None, "unreadable_id", name, "the id cannot be read", compact(item)[:4096], scope
        )
    return Document(kind, prefix + key, compact(item), scope=scope, url=url)


def stamp_of(item: object, name: str, now: datetime) -> int:
    """The modification stamp under *name* in Unix seconds; 0 where there is none that can be believed."""
    if not isinstance(item, Mapping):
        return 0
    try:
        return plausible_stamp(schema.scalar(item.get(name)), now) or 0
    except ValueError:
        return 0


def plausible_stamp(text: str | None, now: datetime) -> int | None:
    """*text* as Unix seconds, None where it is no stamp or lies more than a day after *now*."""
    try:
        stamp = schema.seconds(text or "")
    except (ValueError, OverflowError):
        return None
    return stamp if stamp and stamp <= (now + AHEAD).timestamp() else None


def changes_of(item: object) -> tuple[str, dict[str, Any]]:
    """Event id and change texts of a row of the changed list; ("", {}) where it says nothing."""
    if not isinstance(item, Mapping):
        return "", {}
    said = {name: item[name] for name in ("eventChange_sv", "eventChange_en") if item.get(name)}
    return (identifier(item, "eventId"), said) if said else ("", {})
