"""Cleaning at the border: every record passes ``admit`` before it is compared or stored.

Upstream content is hostile. Text loses control characters and outer white space (U+00A0 included), rich text is
cleaned with nh3, URLs that are not http(s) are dropped, coordinates out of range and 0,0 are unknown, an end before
its start is no end. Nothing here decides about writes.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import nh3

from aggregator.records import FestivalRecord, Record, ShowingRecord, VenueRecord
from aggregator.vocabulary import CoordinatePrecision

RecordT = TypeVar("RecordT", bound=Record)

TAGS = {"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "a", "blockquote", "h3", "h4"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_TAG = re.compile(r"<(?:p|br|div|strong|em|b|i|ul|ol|li|a|span|h\d)\b[^>]*>", re.IGNORECASE)
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Inadmissible(Exception):
    """A record that no cleaning can save; *path* names the field."""

    def __init__(self, reason: str, path: str) -> None:
        super().__init__(f"{reason}: {path}")
        self.reason = reason
        self.path = path


def plain_text(value: str, limit: int = 500) -> str:
    """One line of plain text: NFC, no control characters, white space collapsed and trimmed, at most *limit* long.

    It does not decode entities and does not strip tags: what looks like a tag is text and is escaped on output.
    """
    if not value:
        return ""
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    return _SPACE.sub(" ", _CONTROL.sub("", value)).strip()[:limit].rstrip()


def text_of_html(value: str) -> str:
    """The words of an HTML fragment as one plain line: tags stripped first, entities decoded after."""
    return plain_text(html.unescape(nh3.clean(value.replace("<", " <"), tags=set())), 200_000)


def rich_text(value: str, limit: int = 200_000) -> str:
    """HTML that is safe to put on a page. Text without tags becomes paragraphs at its blank lines."""
    value = _CONTROL.sub("", value).strip()[:limit]
    if not value:
        return ""
    if not _TAG.search(value):
        parts = [part.strip() for part in _BLANK_LINE.split(html.unescape(value).replace("\r\n", "\n"))]
        value = "".join(f"<p>{html.escape(part, quote=False)}</p>".replace("\n", "<br>") for part in parts if part)
    return nh3.clean(value, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})


def web_url(value: str, limit: int = 2000) -> str:
    """*value* as an absolute http(s) URL with non-ASCII percent-encoded, or "" where it is none."""
    value = _CONTROL.sub("", value).strip()
    if not value or len(value) > limit or _SPACE.search(value):
        return ""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username or parts.password:
        return ""
    if value.isascii() and not set(value) & set("<>\"'`\\^{|}"):
        return value
    safe = "/:;,=@!$&*+()~-._%[]"
    return urlunsplit((parts.scheme, parts.netloc, quote(parts.path, safe), quote(parts.query, safe + "?"), ""))


def admit(record: RecordT) -> RecordT:
    """The record with every field cleaned by its role. Raises ``Inadmissible`` where an id or a needed time is bad."""
    if not record.external_id or len(record.external_id) > 200 or _CONTROL.search(record.external_id):
        raise Inadmissible("bad_id", "external_id")
    changes = _cleaned(record)
    if isinstance(record, ShowingRecord):
        _mend_showing(record, changes)
    elif isinstance(record, VenueRecord):
        _mend_venue(record, changes)
    elif isinstance(record, FestivalRecord) and record.starts_on and record.ends_on:
        if record.ends_on < record.starts_on:
            changes["ends_on"] = None
    return replace(record, **changes) if changes else record


def _mend_showing(record: ShowingRecord, changes: dict[str, Any]) -> None:
    for name in ("starts_at", "ends_at", "doors_at", "sale_starts_at"):
        moment = getattr(record, name)
        if moment is not None and (moment.tzinfo is None or not _EARLIEST <= moment < _LATEST):
            raise Inadmissible("timestamp_out_of_range", name)
    if record.ends_at is not None and record.ends_at < record.starts_at:
        changes["ends_at"] = None
    for name in ("seats_total", "seats_free"):
        seats = getattr(record, name)
        if seats is not None and not 0 <= seats < 2**31:
            changes[name] = None if seats > 0 else 0


def _mend_venue(record: VenueRecord, changes: dict[str, Any]) -> None:
    latitude, longitude = record.latitude, record.longitude
    known = latitude is not None and longitude is not None and (latitude, longitude) != (0, 0)
    if not known or not (-90 <= (latitude or 0) <= 90 and -180 <= (longitude or 0) <= 180):
        if latitude is not None or longitude is not None or record.coordinates != CoordinatePrecision.UNKNOWN:
            changes |= {"latitude": None, "longitude": None, "coordinates": CoordinatePrecision.UNKNOWN}


def _cleaned(part: Any) -> dict[str, Any]:
    """Field name → cleaned value, for the fields that cleaning changes."""
    changes: dict[str, Any] = {}
    for name, clean in _cleaners(type(part)):
        value = getattr(part, name)
        if value:
            cleaned = clean(value)
            if cleaned != value:
                changes[name] = cleaned
    return changes


@cache
def _cleaners(part_type: type) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    found: list[tuple[str, Callable[[Any], Any]]] = []
    for item in fields(part_type):
        role, limit = item.metadata.get("role"), item.metadata.get("limit", 500)
        if role == "text":
            found.append((item.name, _per_language(plain_text, limit)))
        elif role == "html":
            found.append((item.name, _per_language(rich_text, limit)))
        elif role == "url":
            found.append((item.name, _per_language(web_url, limit)))
        elif item.name in ("sizes", "links"):
            found.append((item.name, _per_language(web_url, 2000)))
        elif item.name in ("images", "credits", "trailers", "offers"):
            found.append((item.name, _parts))
    return tuple(found)


def _per_language(clean: Callable[[str, int], str], limit: int) -> Callable[[Any], Any]:
    def apply(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {tag: cleaned for tag, text in value.items() if (cleaned := clean(text, limit))}
        return clean(value, limit)

    return apply


def _parts(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Cleaned parts; a picture or trailer whose URL did not survive, and a credit without a name, are dropped."""
    kept = []
    for part in parts:
        cleaned = replace(part, **changes) if is_dataclass(part) and (changes := _cleaned(part)) else part
        if not (hasattr(cleaned, "url") and not hasattr(cleaned, "price") and not cleaned.url) and not (
            hasattr(cleaned, "name") and not cleaned.name
        ):
            kept.append(cleaned)
    return tuple(kept)
