"""One record of a list as a document, or as what is wrong with it. Pure."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from aggregator.provider import Document, Refusal
from aggregator.readers import INVALID

SCOPE: Final = ""

_KEPT_OF_A_BAD_RECORD: Final = 4096
#: A change further ahead than this is a mistake; as a cursor it would hide every later one.
_AHEAD: Final = timedelta(days=1)
_DIGITS: Final = re.compile(r"[0-9]{1,19}", re.ASCII)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NOT_PUBLISHED: Final = ("UNPUBLISHED", "DRAFT")


def document_or_refusal(item: object, body: bytes, kind: str, url: str) -> Document | Refusal:
    """The record, written as *body*, as a document under its id. An event's validator is its version, its time of
    change and its status.
    """
    key = text_of(item.get("id")) if isinstance(item, Mapping) else ""
    if not isinstance(item, Mapping) or not _DIGITS.fullmatch(key):
        kept = body[:_KEPT_OF_A_BAD_RECORD]
        return Refusal(kind, None, "unreadable_id", "id", "the id cannot be read", kept, SCOPE)
    validator = ""
    if kind == "event":
        validator = ":".join(text_of(item.get(name)) for name in ("version", "modificationDate", "status"))
    return Document(kind, key, body, scope=SCOPE, validator=validator[:200], url=url)


def is_published(item: object) -> bool:
    """False for an entry that upstream took back. One that does not say is published."""
    status = text_of(item.get("status")).upper() if isinstance(item, Mapping) else ""
    return status not in _NOT_PUBLISHED


def changed_at(item: object, now: datetime) -> int:
    """When the entry was changed, in milliseconds since 1970; 0 where it does not say or nobody can believe it."""
    stamp = text_of(item.get("modificationDate")) if isinstance(item, Mapping) else ""
    return plausible(stamp, now) or 0


def compact(item: object) -> bytes:
    """The record as JSON without blanks, members in the order received.

    Half of a surrogate pair cannot be stored as text; it becomes the readers' mark for bad encoding.
    """
    text = json.dumps(item, ensure_ascii=False, separators=(",", ":"), default=str)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub(INVALID, text).encode()


def text_of(value: object) -> str:
    """A scalar as trimmed text; "" for anything else, booleans included."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def plausible(text: str | None, now: datetime) -> int | None:
    """*text* as milliseconds since 1970; None where it is no instant or lies more than a day after *now*."""
    if not text or not _DIGITS.fullmatch(text):
        return None
    latest = (now.astimezone(UTC) + _AHEAD).timestamp() * 1000
    return int(text) if 0 < int(text) <= latest else None
