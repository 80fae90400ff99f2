"""Cleaning at the border: every record passes ``admit`` before it is compared or stored.

Upstream content is hostile. Text loses control characters and outer white space (U+00A0 included), rich
text is cleaned with nh3, URLs that are not http(s) are dropped, coordinates out of range and 0,0 are unknown,
an end before its start is no end, prices are put in order. Nothing here decides about writes.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import nh3

from aggregator.records import EventRecord, FestivalRecord, Offer, Record, ShowingRecord, VenueRecord
from aggregator.vocabulary import CoordinatePrecision

RecordT = TypeVar("RecordT", bound=Record)

TAGS = {"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "a", "blockquote", "h3", "h4"}
# C0 and C1, halves of surrogate pairs (no database takes them), noncharacters, marks that turn text around.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069]"
)
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_SAFE, _UNSAFE = "/?:;,=@!$&*+()~-._%[]", frozenset("<>\"'`\\^{|}")
_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_TAG = re.compile(
    r"</?(?:p|br|div|strong|em|b|i|u|s|ul|ol|li|a|span|h\d|small|sub|sup|font|center|blockquote|table|img|hr"
    r"|iframe|script|style)\b[^>]*>",
    re.IGNORECASE,
)
# What the readers put in place of bytes that are no text.
UNREADABLE = "\ufdd0"
_HIGHEST_PRICE = 10**10
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Inadmissible(Exception):
    """A record that no cleaning can save; *path* names the field."""

    def __init__(self, reason: str, path: str) -> None:
        super().__init__(f"{reason}: {path}")
        self.reason = reason
        self.path = path


def plain_text(value: str, limit: int = 500) -> str:
    """One line of plain text: NFC, no control characters, white space collapsed and trimmed, cut at *limit*.

    It does not decode entities and does not strip tags: what looks like a tag is text, escaped on output.
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
        value = "".join(
            f"<p>{html.escape(part, quote=False)}</p>".replace("\n", "<br>") for part in parts if part
        )
    return nh3.clean(
        value, tags=TAGS, attributes={"*": set(), "a": {"href"}}, url_schemes={"http", "https", "mailto"}
    )


def web_url(value: str, limit: int = 2000) -> str:
    """*value* as an absolute http(s) URL in ASCII, or "" where it is none.

    Paths, queries and fragments are percent-encoded once, host names of other alphabets become punycode.
    """
    value = _CONTROL.sub("", value).strip()
    if not value or len(value) > limit or _SPACE.search(value):
        return ""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            return ""
        host = f"[{host}]" if ":" in host else host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return ""
    if not _HOST.fullmatch(host):
        return ""
    if value.isascii() and not set(value) & _UNSAFE:
        return value
    netloc = host if port is None else f"{host}:{port}"
    path, query, fragment = (quote(part, _SAFE) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


def admit(record: RecordT) -> RecordT:
    """The record with every field cleaned by its role.

    Raises ``Inadmissible`` where an id or a time is bad (``bad_id``, ``timestamp_out_of_range``) and where
    bytes were no text (``bad_encoding``).
    """
    if not record.external_id or len(record.external_id) > 200 or _CONTROL.search(record.external_id):
        raise Inadmissible("bad_id", "external_id")
    changes = _cleaned(record)
    _check_moments(record, changes)
    if isinstance(record, ShowingRecord):
        _mend_showing(record, changes)
    elif isinstance(record, EventRecord):
        _mend_prices(record, changes)
    elif isinstance(record, VenueRecord):
        _mend_venue(record, changes)
    elif isinstance(record, FestivalRecord) and record.ends_on:
        changes |= {"ends_on": None} if record.ends_on < (record.starts_on or record.ends_on) else {}
    return replace(record, **changes) if changes else record


def _check_moments(record: Record, changes: dict[str, Any]) -> None:
    for name in ("starts_at", "ends_at", "doors_at", "sale_starts_at"):
        moment = getattr(record, name, None)
        if moment is not None and not _is_moment(moment):
            raise Inadmissible("timestamp_out_of_range", name)
    if record.modified_at is not None and not _is_moment(record.modified_at):
        changes["modified_at"] = None


def _is_moment(moment: datetime) -> bool:
    return moment.tzinfo is not None and _EARLIEST <= moment < _LATEST


def _mend_prices(record: EventRecord, changes: dict[str, Any]) -> None:
    low, high = _price(record.price_min), _price(record.price_max)
    if low is not None and high is not None and low > high:
        low, high = high, low
    changes |= {
        name: price
        for name, price in (("price_min", low), ("price_max", high))
        if price is not getattr(record, name)
    }


def _price(price: Decimal | None) -> Decimal | None:
    return price if price is not None and price.is_finite() and 0 <= price < _HIGHEST_PRICE else None


def _mend_showing(record: ShowingRecord, changes: dict[str, Any]) -> None:
    if record.ends_at is not None and record.ends_at < record.starts_at:
        changes["ends_at"] = None
    for name in ("seats_total", "seats_free"):
        seats = getattr(record, name)
        if seats is not None and not 0 <= seats < 2**31:
            changes[name] = None if seats > 0 else 0


def _mend_venue(record: VenueRecord, changes: dict[str, Any]) -> None:
    if not _is_place(record.latitude, record.longitude):
        nowhere = {"latitude": None, "longitude": None, "coordinates": CoordinatePrecision.UNKNOWN}
        changes |= {name: value for name, value in nowhere.items() if getattr(record, name) != value}


def _is_place(latitude: float | None, longitude: float | None) -> bool:
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return False
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def _cleaned(part: Any) -> dict[str, Any]:
    """Field name → cleaned value, for the fields that cleaning changes."""
    changes: dict[str, Any] = {}
    for name, clean in _cleaners(type(part)):  # type: ignore[arg-type]
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
            found.append((item.name, _per_language(item.name, plain_text, limit)))
        elif role == "html":
            found.append((item.name, _per_language(item.name, rich_text, limit)))
        elif role == "url":
            found.append((item.name, _per_language(item.name, web_url, limit)))
        elif item.name in ("sizes", "links"):
            found.append((item.name, _per_language(item.name, web_url, 2000)))
        elif item.name in ("images", "credits", "trailers", "offers"):
            found.append((item.name, _parts))
        elif item.name in ("tags", "professions", "attributes", "vita"):
            found.append((item.name, _plain_members))
    return tuple(found)


def _per_language(name: str, clean: Callable[[str, int], str], limit: int) -> Callable[[Any], Any]:
    def cleaned(text: str) -> str:
        if UNREADABLE in text:
            raise Inadmissible("bad_encoding", name)
        return clean(text, limit)

    def apply(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {tag: text for tag, item in value.items() if (text := cleaned(item))}
        return cleaned(value)

    return apply


def _plain_members(value: Any) -> Any:
    """Nested content with its strings as plain text; keys are the mapping's own words and stay."""
    if isinstance(value, str):
        return plain_text(value, 5000)
    if isinstance(value, Mapping):
        return {key: _plain_members(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_plain_members(item) for item in value)
    return value


def _parts(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """Cleaned parts without pictures and trailers whose URL did not survive, and credits without a name."""
    kept = []
    for part in parts:
        changes = _cleaned(part)
        if isinstance(part, Offer) and _price(part.price) is not part.price:
            changes["price"] = None
        cleaned = replace(part, **changes) if changes else part
        if not (hasattr(cleaned, "url") and not hasattr(cleaned, "price") and not cleaned.url) and not (
            hasattr(cleaned, "name") and not cleaned.name
        ):
            kept.append(cleaned)
    return tuple(kept)
