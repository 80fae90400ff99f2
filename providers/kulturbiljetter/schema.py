"""The shapes of Kulturbiljetter's Events API, v2 and v3 read alike; unknown fields stay in the document.

Every collection is documented as an object with number keys; arrays, and null for nothing, are read as well.
Scalars may come as strings of digits. Source: the provider's documentation of v2, v3 as its clients use it.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from aggregator.readers import INVALID

ItemT = TypeVar("ItemT")

_DIGITS = re.compile(r"[0-9]{1,12}")
_SECONDS = re.compile(r"-?[0-9]{1,30}(\.0*)?")
_TAG = re.compile(r'(?:W/)?"?(?P<tag>[!\x23-\x7e]{1,200}?)(?:[-;]{1,2}gzip)?"?(?:-gzip)?')
_LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def in_number_order(value: Any) -> Any:
    """A collection as a dict from its number keys, ascending; null and [] as {}; anything else as it is."""
    if value is None:
        return {}
    if isinstance(value, list):
        return {str(position): item for position, item in enumerate(value)}
    if isinstance(value, Mapping):
        return dict(sorted(value.items(), key=lambda item: _number_key(item[0])))
    return value


def opaque_tag(value: str) -> str:
    """The bare ETag in a list's value or a header's: no quotes, no W/, no suffix of a compressing proxy.

    "" where there is none, or none that can be sent back in a header.
    """
    found = _TAG.fullmatch(value.strip())
    return found["tag"] if found else ""


def _number_key(key: str) -> tuple[int, str]:
    return (int(key) if _DIGITS.fullmatch(key) else 10**12, key)


def _identifier(value: Any) -> Any:
    # The lenient reading of numbers would take true for 1.
    if isinstance(value, bool):
        raise PydanticCustomError("wrong_type", "a number is expected")
    return value


def _instant(value: Any) -> Any:
    """UNIX seconds as an aware instant; null, "" and 0 say nothing."""
    if value is None or value in ("", "0") or (value == 0 and not isinstance(value, bool)):
        return None
    if isinstance(value, bool) or not _SECONDS.fullmatch(str(value)):
        raise PydanticCustomError("wrong_type", "UNIX seconds are expected")
    seconds = int(str(value).partition(".")[0])
    if not 0 < seconds < _LATEST:
        raise PydanticCustomError("timestamp_out_of_range", "this is not a time of our days in UNIX seconds")
    return datetime.fromtimestamp(seconds, UTC)


def _start(value: Any) -> Any:
    instant = _instant(value)
    if instant is None:
        reason = "missing_field" if value in (None, "") else "timestamp_out_of_range"
        raise PydanticCustomError(reason, "there is no start")
    return instant


def _empty_as_none(value: Any) -> Any:
    return None if value == "" else value


def _none_as_false(value: Any) -> Any:
    return False if value in (None, "") else value


def _characters(value: Any) -> Any:
    """Text without halves of surrogate pairs, which escapes can hold and no database takes."""
    if isinstance(value, str) and not value.isascii():
        if INVALID in value:
            raise PydanticCustomError("bad_encoding", "this is not UTF-8")
        return value.encode("utf-8", "ignore").decode("utf-8")
    return value


def _etag(value: Any) -> Any:
    return opaque_tag(value) if isinstance(value, str) else ""


def _none_as_nothing(value: Any) -> Any:
    return "" if value is None else _characters(value)


Identifier = Annotated[int, Field(ge=0, lt=10**12), BeforeValidator(_identifier)]
OptionalIdentifier = Annotated[int | None, Field(ge=0, lt=10**12), BeforeValidator(_identifier)]
Start = Annotated[datetime, BeforeValidator(_start)]
Instant = Annotated[datetime | None, BeforeValidator(_instant)]
Price = Annotated[Decimal | None, Field(ge=0, lt=10**7), BeforeValidator(_empty_as_none)]
Seats = Annotated[int | None, BeforeValidator(_empty_as_none)]
Flag = Annotated[bool, BeforeValidator(_none_as_false)]
Title = Annotated[str, BeforeValidator(_characters)]
Text = Annotated[str, BeforeValidator(_none_as_nothing)]
Items = Annotated[dict[str, ItemT], BeforeValidator(in_number_order)]


class _Shape(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True
    )


class Entry(_Shape):
    """One event in the list. Its ``organizer_id`` is in the details again."""

    event_id: Identifier
    etag: Annotated[str, BeforeValidator(_etag)] = Field("", alias="ETag")


class Organizer(_Shape):
    """Who arranges an event; *logo* is a URL."""

    organizer_id: Identifier
    name: Text = ""
    logo: Text = ""


class Showing(_Shape):
    """One entry of ``dates``; *unixtime_open* is when the organiser's box office opens at the venue."""

    date_id: Identifier
    location_id: OptionalIdentifier = None
    unixtime_open: Instant = None
    unixtime_start: Start
    ticket_amount: Seats = None
    ticket_available: Seats = None
    date_only: Flag = False
    url_checkout: Text = ""


class Location(_Shape):
    """A venue. All texts may be null at once: a secret place, or none."""

    location_id: Identifier
    name: Text = ""
    street: Text = ""
    vicinity: Text = ""
    city: Text = ""


class Details(_Shape):
    """One event. Its id is not among the fields. Prices are v3's, in kronor."""

    title: Title
    presentation_short: Text = ""
    presentation_long: Text = ""
    unixtime_release: Instant = None
    price_min: Price = None
    price_max: Price = None
    organizer: Organizer | None = None
    images: Items[Text] = Field(default_factory=dict)
    trailers: Items[Text] = Field(default_factory=dict)
    dates: Items[Showing] = Field(default_factory=dict)
    locations: Items[Location] = Field(default_factory=dict)
    url_checkout: Text = ""
    url_event_page: Text = ""
    url_organizer_serp: Text = ""
