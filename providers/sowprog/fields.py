"""How single values are read: each field type takes every spelling that was seen of it, and null.

A value that nobody can read raises one of the codes ``wrong_type``, ``missing_field``, ``timestamp_out_of_range`` and
``bad_encoding``; hours, prices, counts and coordinates that say nothing of use are read as nothing instead.
"""

import math
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from aggregator.readers import INVALID

ItemT = TypeVar("ItemT")

_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)
_CLOCK = re.compile(r"([0-9]{1,2})[:h]([0-9]{2})(?::[0-9]{2})?", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,4})?", re.ASCII)
_TRUE, _FALSE = ("true", "1", "yes", "oui"), ("false", "0", "no", "non", "")
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_HIGHEST_VERSION = 10**9


def scalar(value: Any) -> str:
    """A scalar of any spelling as trimmed text, null as ""; anything else is refused."""
    if isinstance(value, str):
        if INVALID in value:
            raise PydanticCustomError("bad_encoding", "this is not UTF-8")
        # Halves of surrogate pairs, which escapes can hold, are no text in any database.
        return (value if value.isascii() else value.encode("utf-8", "ignore").decode()).strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
        return str(int(value))
    if isinstance(value, int | float | Decimal):
        return str(value)
    raise PydanticCustomError("wrong_type", "a text or a number is expected")


def _identifier(value: Any) -> str:
    text = scalar(value)
    if not text:
        raise PydanticCustomError("missing_field", "there is no id")
    if isinstance(value, bool) or not _DIGITS.fullmatch(text):
        raise PydanticCustomError("wrong_type", "an id is a whole number")
    return text


def _reference(value: Any) -> str:
    """The id of another record; "" for none, which a database default may spell 0."""
    text = scalar(value)
    return "" if text in ("", "0") else _identifier(value)


def _flag(value: Any) -> bool | None:
    text = scalar(value).lower()
    if text not in (*_TRUE, *_FALSE):
        raise PydanticCustomError("wrong_type", "true or false is expected")
    return None if value is None or text == "" else text in _TRUE


def _count(value: Any) -> int:
    text = scalar(value)
    return min(int(text), _HIGHEST_VERSION) if _DIGITS.fullmatch(text) else 0


def _instant(value: Any) -> datetime | None:
    """Milliseconds since 1970, UTC."""
    text = scalar(value)
    if text in ("", "0"):
        return None
    if not re.fullmatch(r"-?[0-9]{1,30}", text, re.ASCII):
        raise PydanticCustomError("wrong_type", "milliseconds since 1970 are expected")
    try:
        found = datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        found = datetime.max.replace(tzinfo=UTC)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise PydanticCustomError("timestamp_out_of_range", "this is not an instant of our days")
    return found


def _day(value: Any) -> date | None:
    text = scalar(value)[:10]
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("timestamp_out_of_range", "this is not a day of any calendar") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise PydanticCustomError("timestamp_out_of_range", "this is not a day of our days")
    return found


def _first_day(value: Any) -> date:
    found = _day(value)
    if found is None:
        raise PydanticCustomError("missing_field", "there is no day")
    return found


def _clock(value: Any) -> time | None:
    """A time of day; None where nobody says, and for anything that no clock shows."""
    found = _CLOCK.fullmatch(scalar(value))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def _amount(value: Any) -> Decimal | None:
    """A price as typed, with a dot or a comma; None for anything that is no amount."""
    text = scalar(value).removesuffix("€").replace("\u202f", "").replace(" ", "")
    try:
        return Decimal(text.replace(",", ".")) if _AMOUNT.fullmatch(text) else None
    except InvalidOperation:
        return None


def _degrees(value: Any) -> float | None:
    """Decimal degrees; None for the placeholders ``0`` and ``00`` and for anything that is no number."""
    try:
        found = float(scalar(value).replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) and found != 0 else None


def _members(value: Any) -> Any:
    """A list; null, nothing and an empty XML element as none, a bare member as a list of one."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _nothing_as_none(value: Any) -> Any:
    return None if value == "" else value


Identifier = Annotated[str, BeforeValidator(_identifier)]
Reference = Annotated[str, BeforeValidator(_reference), Field(default="")]
Text = Annotated[str, BeforeValidator(scalar), Field(default="")]
Flag = Annotated[bool | None, BeforeValidator(_flag), Field(default=None)]
Count = Annotated[int, BeforeValidator(_count), Field(default=0)]
Instant = Annotated[datetime | None, BeforeValidator(_instant), Field(default=None)]
Day = Annotated[date | None, BeforeValidator(_day), Field(default=None)]
FirstDay = Annotated[date, BeforeValidator(_first_day)]
Clock = Annotated[time | None, BeforeValidator(_clock), Field(default=None)]
Amount = Annotated[Decimal | None, BeforeValidator(_amount), Field(default=None)]
Degrees = Annotated[float | None, BeforeValidator(_degrees), Field(default=None)]
Items = Annotated[list[ItemT], BeforeValidator(_members), Field(default_factory=list)]
Optional = Annotated[ItemT | None, BeforeValidator(_nothing_as_none), Field(default=None)]
