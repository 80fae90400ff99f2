"""From one event's details to records: its organiser, its venues, the event, and one showing per date.

Source: the provider's documentation of its Events API v2; v3 adds prices. The README lists every field.
"""

import html
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from aggregator.admission import plain_text, web_url
from aggregator.provider import Document, Unmappable
from aggregator.readers import INVALID
from aggregator.records import (
    EventRecord,
    Image,
    OrganisationRecord,
    Record,
    ShowingRecord,
    Trailer,
    VenueRecord,
)
from aggregator.vocabulary import ImageRole, Precision, availability_of
from providers.kulturbiljetter.schema import Details, Location, Organizer, Showing

LANGUAGE = "sv"
CURRENCY = "SEK"
COUNTRY = "SE"
ZONE = "Europe/Stockholm"

_STOCKHOLM = ZoneInfo(ZONE)
_HIGHEST_ID = 10**12
_REASONS = frozenset({"missing_field", "timestamp_out_of_range", "bad_encoding"})


def to_records(document: Document, config: Any) -> Sequence[Record]:
    """Everything that the details of one event say. The event id is the document's key.

    Raises ``Unmappable`` with the reason ``malformed_document``, ``bad_encoding``, ``wrong_type``,
    ``missing_field`` or ``timestamp_out_of_range`` and a dotted path. It does not say NOT_ON_SALE, which
    takes a clock: the sale's start stands on the showing.
    """
    details = read(document)
    authority = _authority(document.key)
    organisations = [_organisation(details.organizer, details, authority)] if details.organizer else []
    venues = {place.location_id: _venue(place, authority) for place in details.locations.values()}
    showings = {
        date.date_id: _showing(date, document.key, details, frozenset(venues))
        for date in details.dates.values()
    }
    return [*organisations, *venues.values(), _event(document.key, details), *showings.values()]


def read(document: Document) -> Details:
    """The details in the document's body. Raises ``Unmappable``."""
    try:
        details = Details.model_validate(json.loads(_text(document.body), strict=False))
    except ValidationError as error:
        raise _unmappable(error) from None
    except (ValueError, RecursionError):
        raise Unmappable("malformed_document", message="the stored body is not JSON") from None
    if not _plain(details.title):
        raise Unmappable("missing_field", "title", "the title is empty")
    return details


def _text(body: bytes) -> str:
    """What is not UTF-8 becomes a mark, so that the schema can name the field that holds it."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("utf-8-sig", "replace").replace("\ufffd", INVALID)


def _unmappable(error: ValidationError) -> Unmappable:
    first: Any = error.errors()[0]
    reason = first["type"]
    if reason == "missing" or (first["input"] is None and first["loc"]):
        reason = "missing_field"
    elif reason not in _REASONS:
        reason = "wrong_type"
    return Unmappable(reason, ".".join(str(part) for part in first["loc"]), first["msg"])


def _authority(event_id: str) -> str:
    """Several events tell of one organiser or venue: the newest, that is the highest id, is believed."""
    number = int(event_id) if event_id.isascii() and event_id.isdigit() else 0
    return f"5:{max(_HIGHEST_ID - number, 0):013d}"


def _event(event_id: str, details: Details) -> EventRecord:
    low, high = details.price_min, details.price_max
    if low is not None and high is not None and low > high:
        low, high = high, low
    organiser = web_url(details.url_organizer_serp)
    return EventRecord(
        external_id=event_id,
        url=details.url_event_page,
        titles={LANGUAGE: _plain(details.title)},
        summaries=_in_swedish(details.presentation_short),
        descriptions=_in_swedish(details.presentation_long),
        organisation=str(details.organizer.organizer_id) if details.organizer else "",
        trailers=tuple(Trailer(url=url) for url in _distinct(details.trailers.values())),
        images=_pictures(_distinct(details.images.values())),
        price_min=low,
        price_max=high,
        currency=_currency(low, high),
        sale_starts_at=details.unixtime_release,
        links={"organiser": organiser} if organiser else {},
        buy_url=details.url_checkout,
    )


def _showing(date: Showing, event_id: str, details: Details, venues: frozenset[int]) -> ShowingRecord:
    doors = date.unixtime_open
    if date.date_only or (doors is not None and doors > date.unixtime_start):
        doors = None
    return ShowingRecord(
        external_id=f"{event_id}:{date.date_id}",
        url=details.url_event_page,
        event=event_id,
        starts_at=_midnight(date.unixtime_start) if date.date_only else date.unixtime_start,
        doors_at=doors,
        zone=ZONE,
        precision=Precision.DATE if date.date_only else Precision.EXACT,
        venues=(str(date.location_id),) if date.location_id in venues else (),
        sale_starts_at=details.unixtime_release,
        buy_urls={"": date.url_checkout} if date.url_checkout else {},
        availability=availability_of(date.ticket_available, date.ticket_amount),
        seats_total=date.ticket_amount,
        seats_free=date.ticket_available,
    )


def _venue(place: Location, authority: str) -> VenueRecord:
    return VenueRecord(
        external_id=str(place.location_id),
        authority=authority,
        name=_plain(place.name),
        street=_plain(place.street),
        vicinity=_plain(place.vicinity),
        city=_plain(place.city),
        country=COUNTRY,
        zone=ZONE,
    )


def _organisation(organizer: Organizer, details: Details, authority: str) -> OrganisationRecord:
    return OrganisationRecord(
        external_id=str(organizer.organizer_id),
        url=web_url(details.url_organizer_serp),
        authority=authority,
        name=_plain(organizer.name),
        images=(Image(url=organizer.logo, role=ImageRole.LOGO),) if organizer.logo else (),
    )


def _plain(text: str) -> str:
    """Titles and names are plain text in which entities stray: decoded once. Tags are text."""
    return plain_text(html.unescape(text))


def _in_swedish(fragment: str) -> dict[str, str]:
    """HTML as received. Its entities are never decoded here: that would bring escaped tags to life."""
    return {LANGUAGE: fragment} if fragment.strip() else {}


def _pictures(urls: Sequence[str]) -> tuple[Image, ...]:
    """The first picture is the main one. No field is a picture's id, so they are told apart by position."""
    return tuple(
        Image(url=url, role=ImageRole.OTHER if position else ImageRole.STILL)
        for position, url in enumerate(urls)
    )


def _distinct(urls: Iterable[str]) -> Sequence[str]:
    """What is fit to be a link, once each; done before positions count."""
    return [url for url in dict.fromkeys(map(web_url, urls)) if url]


def _currency(low: Decimal | None, high: Decimal | None) -> str:
    return "" if low is None and high is None else CURRENCY


def _midnight(instant: datetime) -> datetime:
    """The beginning of the instant's day in Stockholm, so that its meaningless clock time changes nothing."""
    day = instant.astimezone(_STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return day.astimezone(UTC)
