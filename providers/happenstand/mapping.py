"""From the details of one event, place or person to records. Pure. The README lists every field."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from aggregator.admission import plain_text
from aggregator.provider import Document, Unmappable
from aggregator.readers import INVALID
from aggregator.records import (
    CategoryRecord,
    Credit,
    EventRecord,
    PersonRecord,
    Record,
    ShowingRecord,
    VenueRecord,
)
from aggregator.vocabulary import CategoryScheme, CoordinatePrecision, CreditRole, ImageRole, Precision
from providers.happenstand import schema
from providers.happenstand.items import identifier
from providers.happenstand.pictures import images
from providers.happenstand.times import ZONE, span
from providers.happenstand.wording import category_names, kind_of, tags

LANGUAGE: Final = "en"
COUNTRY: Final = "US"

ModelT = TypeVar("ModelT", bound=BaseModel)

_HIGHEST_ID = 10**12
_REASONS = frozenset({"missing_field", "bad_encoding"})
_BARE_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#].*)?")


def to_records(document: Document, config: Any) -> Sequence[Record]:
    """Everything that the details of one item say.

    *config* decides how an all-day end is read; None means exclusive. Raises ``Unmappable`` with the reason
    ``malformed_document``, ``bad_encoding``, ``wrong_type``, ``missing_field`` or ``timestamp_out_of_range``.
    """
    if document.kind == "place":
        return [_place(document.key, _read(document, schema.Place))]
    if document.kind == "person":
        return [_person(document.key, _read(document, schema.Person))]
    exclusive = getattr(config, "all_day_end", "exclusive") == "exclusive"
    return _event(document.key, _read(document, schema.Event), exclusive)


def _read(document: Document, shape: type[ModelT]) -> ModelT:
    try:
        item = shape.model_validate(json.loads(_text(document.body), strict=False))
    except ValidationError as error:
        raise _unmappable(error) from None
    except (ValueError, RecursionError):
        raise Unmappable("malformed_document", message="the stored body is not JSON") from None
    if not plain_text(item.name):  # type: ignore[attr-defined]
        raise Unmappable("missing_field", "name", "the name is empty")
    return item


def _text(body: bytes) -> str:
    """What is not UTF-8 becomes a mark, so that the schema can name the field that holds it."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("utf-8-sig", "replace").replace("\ufffd", INVALID)


def _unmappable(error: ValidationError) -> Unmappable:
    first: Any = error.errors()[0]
    reason = "missing_field" if first["type"] == "missing" else first["type"]
    path = ".".join(str(part) for part in first["loc"])
    return Unmappable(reason if reason in _REASONS else "wrong_type", path, first["msg"])


def _event(key: str, event: schema.Event, exclusive: bool) -> list[Record]:
    people = _people(event.people, key)
    venues = _venues(event.places, key)
    main = _main_showing(key, event, tuple(venues), exclusive)
    flags = tags(ap_pick=event.is_ap_pick, pickpocket=event.is_pickpocket)
    special = {
        showing.external_id: showing
        for place, entry in enumerate(event.special_events)
        if (showing := _special_showing(key, event, entry, tuple(venues), exclusive, place)) is not None
    }
    record = EventRecord(
        external_id=key,
        url=event.url,
        event_kind=main.showing_kind if main else kind_of(event.name, is_run=False),
        titles={LANGUAGE: event.name},
        descriptions=_in_english(event.description),
        categories=tuple(f"{CategoryScheme.TAG}:{flag}" for flag in flags),
        credits=_credits(event.people),
        images=images(event.images, first=ImageRole.STILL),
    )
    categories = [_category(flag) for flag in flags]
    return [
        *categories,
        *people.values(),
        *venues.values(),
        record,
        *([main] if main else []),
        *special.values(),
    ]


def _main_showing(
    key: str, event: schema.Event, venues: tuple[str, ...], exclusive: bool
) -> ShowingRecord | None:
    when = span(event.start, event.end, all_day=event.all_day, exclusive=exclusive)
    if when is None:
        return None
    return ShowingRecord(
        external_id=key,
        url=event.url,
        event=key,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        zone=ZONE,
        precision=when.precision,
        showing_kind=kind_of(event.name, is_run=when.precision is Precision.RUN),
        venues=venues,
    )


def _special_showing(
    key: str,
    event: schema.Event,
    entry: schema.SpecialEvent,
    venues: tuple[str, ...],
    exclusive: bool,
    place: int,
) -> ShowingRecord | None:
    """A showing of its own within the event; None where upstream does not say when, or which."""
    path = f"special_events.{place}."
    when = span(entry.start, entry.end, all_day=entry.all_day, exclusive=exclusive, path=path)
    special = identifier({"id": entry.id})
    if when is None or not special:
        return None
    return ShowingRecord(
        external_id=f"{key}:special:{special}",
        url=event.url,
        event=key,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        zone=ZONE,
        precision=when.precision,
        showing_kind=kind_of(entry.name, is_run=when.precision is Precision.RUN),
        titles=_in_english(entry.name),
        tags=tags(ap_pick=entry.is_ap_pick, pickpocket=entry.is_pickpocket),
        venues=venues,
    )


def _category(flag: str) -> CategoryRecord:
    return CategoryRecord(
        external_id=f"{CategoryScheme.TAG}:{flag}", scheme=CategoryScheme.TAG, names=category_names(flag)
    )


def _authority(event_id: str) -> str:
    """Many events name one person or place: the newest, that is the highest id, is believed."""
    number = int(event_id) if event_id.isascii() and event_id.isdigit() else 0
    return f"5:{max(_HIGHEST_ID - number, 0):013d}"


def _people(people: tuple[schema.PersonRef, ...] | str, key: str) -> dict[str, PersonRecord]:
    if isinstance(people, str):
        return {}
    return {
        number: PersonRecord(external_id=number, authority=_authority(key), name=person.name)
        for person in people
        if (number := identifier({"id": person.id})) and plain_text(person.name)
    }


def _credits(people: tuple[schema.PersonRef, ...] | str) -> tuple[Credit, ...]:
    """The featured first. A line of names is one name: a name may hold a comma, so it is never divided."""
    if isinstance(people, str):
        return (Credit(role=CreditRole.ARTIST, name=people),) if people else ()
    return tuple(
        Credit(role=CreditRole.ARTIST, name=person.name, person=identifier({"id": person.id}))
        for person in sorted(people, key=lambda person: not person.is_featured)
        if plain_text(person.name)
    )


def _venues(places: tuple[schema.PlaceRef, ...] | str, key: str) -> dict[str, VenueRecord]:
    if isinstance(places, str):
        return {}
    return {
        number: VenueRecord(
            external_id=number, authority=_authority(key), name=place.name, country=COUNTRY, zone=ZONE
        )
        for place in places
        if (number := identifier({"id": place.id}))
    }


def _place(key: str, place: schema.Place) -> VenueRecord:
    latitude, longitude = _degrees(place.lat), _degrees(place.lng)
    located = latitude is not None and longitude is not None
    return VenueRecord(
        external_id=key,
        url=place.url,
        name=place.name,
        street=place.address,
        postal_code=place.zip,
        city=place.city,
        region=place.state,
        country=COUNTRY,
        latitude=latitude if located else None,
        longitude=longitude if located else None,
        coordinates=CoordinatePrecision.EXACT if located else CoordinatePrecision.UNKNOWN,
        zone=ZONE,
        phone=place.phone,
        website=_web(place.website),
        descriptions=_in_english(place.description),
        images=images(place.images),
    )


def _person(key: str, person: schema.Person) -> PersonRecord:
    website = _web(person.website)
    return PersonRecord(
        external_id=key,
        url=person.url,
        name=person.name,
        descriptions=_in_english(person.description),
        links={"website": website} if website else {},
        images=images(person.images),
    )


def _in_english(text: str) -> dict[str, str]:
    return {LANGUAGE: text} if text.strip() else {}


def _degrees(text: str) -> float | None:
    try:
        return float(text) if len(text) < 40 else None
    except ValueError:
        return None


def _web(address: str) -> str:
    """A web address; one without a scheme gets ``http``. Whether it is fit for a page the border decides."""
    return f"http://{address}" if _BARE_HOST.fullmatch(address) else address
