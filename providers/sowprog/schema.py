"""What Sowprog sends, field by field: the one table of upstream names. Unknown fields stay in the document.

No field is guaranteed (contract, section 4): null, a missing member, an empty text and an empty list all say nothing.
Scalars may come as text, number or boolean, a list of one as the member alone. JSON and XML are read alike.

This module knows shapes only: no records, no zones, no network.
"""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from aggregator.provider import Document, Unmappable
from aggregator.readers import INVALID
from providers.sowprog.fields import (
    Amount,
    Clock,
    Count,
    Day,
    Degrees,
    FirstDay,
    Flag,
    Identifier,
    Instant,
    Items,
    Optional,
    Reference,
    Text,
)

ShapeT = TypeVar("ShapeT", bound="Shape")

_REASONS = frozenset({"missing_field", "timestamp_out_of_range", "bad_encoding"})


class Shape(BaseModel):
    """Read by upstream's names, ignore the unknown."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Linked(Shape):
    """The links that events, places, artists and festivals have alike."""

    website: Text
    facebookFanPage: Text
    googlePlusFanPage: Text
    twitterID: Text
    mySpacePage: Text
    youTubeChannel: Text
    dailyMotionChannel: Text
    soundCloudChannel: Text
    whyd: Text
    sceneLocale: Text


class Pictured(Shape):
    """A picture and its three reductions, 150, 300 and 600 pixels wide."""

    picture: Text
    pictureCredit: Text
    thumbnail: Text
    thumbnailW300px: Text
    thumbnailW600px: Text


class Label(Shape):
    """A type, a style (5.8a) or a tag (5.8b). Only types in their own list hold styles."""

    id: Identifier
    label: Text
    deleted: Flag
    modificationDate: Instant
    eventStyle: Items["Label"]


class Group(Linked, Pictured):
    """A festival (5.6). Its days are local midnights."""

    id: Identifier
    version: Count
    modificationDate: Instant
    title: Text
    startDate: Instant
    endDate: Instant
    description: Text


class Artist(Linked, Pictured):
    """An appearance in an event (5.7), or in the list of artists the artist, who has no *artistId*, then."""

    id: Identifier
    artistId: Reference
    modificationDate: Instant
    sequence: Count
    billing: Text
    name: Text
    description: Text
    artistType: Items[Label]


class Contact(Shape):
    """Where a place is (5.5). Its ``email`` is often a person's and is not read."""

    addressLine1: Text
    addressLine2: Text
    zipCode: Text
    city: Text
    state: Text
    country: Text
    phone1: Text
    phone2: Text
    lattitude: Degrees
    longitude: Degrees


class Location(Linked):
    """A place (5.5)."""

    id: Identifier
    version: Count
    modificationDate: Instant
    name: Text
    description: Text
    logo: Text
    logoThumbnail: Text
    logoThumbnailW300px: Text
    logoThumbnailW600px: Text
    banner: Text
    contact: Optional[Contact]


class ScheduleDate(Shape):
    """A showing (5.4)."""

    id: Identifier
    date: FirstDay
    endDate: Day
    startHour: Clock
    endHour: Clock
    soldOut: Flag


class Schedule(Shape):
    """All dates still to come (5.3)."""

    eventScheduleDate: Items[ScheduleDate]


class Content(Linked, Pictured):
    """What an event is (5.2)."""

    title: Text
    eventGroup: Optional[Group]
    description: Text
    punchline: Text
    lineUp: Text
    eventType: Optional[Label]
    eventStyle: Optional[Label]


class Price(Shape):
    """5.9."""

    label: Text
    price: Amount
    currency: Text


class Store(Shape):
    """5.10."""

    label: Text
    url: Text


class Entry(Shape):
    """An entry of the agenda (5.1)."""

    id: Identifier
    modificationDate: Instant
    status: Text
    cancelled: Flag
    cancellationReason: Text
    freeAdmission: Flag
    freeAdmissionCondition: Text
    event: Content
    eventSchedule: Optional[Schedule]
    location: Optional[Location]
    artist: Items[Artist]
    eventPrice: Items[Price]
    ticketStore: Items[Store]


def read(shape: type[ShapeT], document: Document) -> ShapeT:
    """The document's body in *shape*. Raises ``Unmappable`` with a dotted path for what is wrong first."""
    try:
        return shape.model_validate(json.loads(_characters(document.body), strict=False))
    except ValidationError as error:
        raise _unmappable(error) from None
    except (ValueError, RecursionError):
        raise Unmappable("malformed_document", message="the stored body is not JSON") from None


def _characters(body: bytes) -> str:
    """What is not UTF-8 becomes a mark, so that the field that holds it can be named."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("utf-8-sig", "replace").replace("\ufffd", INVALID)


def _unmappable(error: ValidationError) -> Unmappable:
    first: Any = error.errors(include_url=False)[0]
    reason = first["type"]
    if reason == "missing" or (first["loc"] and first["input"] is None):
        reason = "missing_field"
    elif reason not in _REASONS:
        reason = "wrong_type"
    return Unmappable(reason, ".".join(str(part) for part in first["loc"]), first["msg"])
