"""What the API sends in its details, field by field, in the normal form of ``items``; unknown fields stay stored.

Published: events. Places and people are INFERRED as a whole (contract, section 7): of them only the name is taken for
granted, and a wrong guess is mended on the line of its field.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from aggregator.readers import INVALID


def _characters(value: Any) -> Any:
    """Text without halves of surrogate pairs, which escapes can hold and no database takes."""
    if isinstance(value, str) and not value.isascii():
        if INVALID in value:
            raise PydanticCustomError("bad_encoding", "this is not UTF-8")
        return value.encode("utf-8", "ignore").decode("utf-8")
    return value


def _flag(value: Any) -> Any:
    """``"1"`` alone is yes: ``"0"`` is true in many languages, and here it is no."""
    if isinstance(value, str):
        return value == "1"
    raise PydanticCustomError("wrong_type", "0 or 1 is expected")


Text = Annotated[str, BeforeValidator(_characters)]
Flag = Annotated[bool, BeforeValidator(_flag)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Picture(_Shape):
    """An image: its address is *dir*, *id*, a suffix for the size, a dot and *ext*."""

    id: Text = ""
    dir: Text = ""
    ext: Text = ""
    caption: Text = ""


class PersonRef(_Shape):
    """Somebody named by an event."""

    id: Text = ""
    name: Text = ""
    is_featured: Flag = False


class PlaceRef(_Shape):
    """A place named by an event."""

    id: Text = ""
    name: Text = ""


class SpecialEvent(_Shape):
    """A reception or a talk within an event. Its *id* is no event's: another number space."""

    id: Text
    name: Text = ""
    start: Text = ""
    end: Text = ""
    all_day: Flag = False
    is_ap_pick: Flag = False
    is_pickpocket: Flag = False


class Event(_Shape):
    """``events/detail``. *people* and *places* are lists; text, as in summaries, names them without ids."""

    name: Text
    loc: Text = ""
    start: Text = ""
    end: Text = ""
    all_day: Flag = False
    description: Text = ""
    is_ap_pick: Flag = False
    is_pickpocket: Flag = False
    people: tuple[PersonRef, ...] | Text = ()
    places: tuple[PlaceRef, ...] | Text = ()
    special_events: tuple[SpecialEvent, ...] = ()
    url: Text = ""
    images: tuple[Picture, ...] = ()


class Place(_Shape):
    """``places/detail``. Its *events* stay in the document: the events say it themselves."""

    name: Text
    loc: Text = ""
    address: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    lat: Text = ""
    lng: Text = ""
    phone: Text = ""
    website: Text = ""
    description: Text = ""
    url: Text = ""
    images: tuple[Picture, ...] = ()


class Person(_Shape):
    """``people/detail``; a group may be one. Its events stay in the document: they name their people themselves."""

    name: Text
    description: Text = ""
    website: Text = ""
    url: Text = ""
    images: tuple[Picture, ...] = ()
