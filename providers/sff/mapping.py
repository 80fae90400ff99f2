"""One stored document of the Stockholm International Film Festival as records.

Pure: no network, no clock, no database. Every record that another one names comes out of the same document,
as a stub where the document only mentions it. Authorities: the row's own document ``""`` (a film's, ordered
by festival, the newest first), a passing mention ``"5:…"``, a bare id ``"9"``.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aggregator.provider import Document, ProviderConfig, Unmappable
from aggregator.records import (
    EventRecord,
    FestivalRecord,
    FilmRecord,
    Record,
    SectionRecord,
    SelectionRecord,
    ShowingRecord,
    VenueRecord,
)
from aggregator.vocabulary import Availability, CoordinatePrecision, ShowingKind
from providers.sff import schema
from providers.sff.films import film_record, web
from providers.sff.wording import texts

ZONE = "Europe/Stockholm"
STOCKHOLM = ZoneInfo(ZONE)
SCOPE = "festival:"

_TICKETS = {
    "available": Availability.AVAILABLE,
    "few": Availability.FEW,
    "soldout": Availability.SOLDOUT,
}
_LARGEST = 10**12


def map_document(document: Document, config: ProviderConfig) -> Sequence[Record]:
    """The records of one document.

    Raises ``Unmappable`` with the reasons ``malformed``, ``wrong_type``, ``timestamp_out_of_range``,
    ``missing_field`` and ``unknown_kind``, and the upstream name of the field. *config* changes nothing.
    """
    try:
        mapper = _MAPPERS[document.kind]
    except KeyError:
        raise Unmappable("unknown_kind", "", document.kind) from None
    return mapper(document)


def _festival(document: Document) -> Sequence[Record]:
    festival = schema.read(schema.Festival, document)
    return [
        FestivalRecord(
            external_id=document.key,
            name=festival.name,
            starts_on=_day(festival.begin, "festivalBegin"),
            ends_on=_day(festival.end, "festivalEnd"),
            zone=ZONE,
            is_current=schema.flag(festival.is_current),
            sale_starts_at=_moment(festival.sale_begin, "festivalTicketSaleBegin"),
        )
    ]


def _section(document: Document) -> Sequence[Record]:
    section, festival = schema.read(schema.Section, document), _festival_of(document)
    return [
        FestivalRecord(external_id=festival, authority="9"),
        SectionRecord(
            external_id=document.key,
            festival=festival,
            name=section.name,
            descriptions=texts(sv=section.description_sv, en=section.description_en),
        ),
    ]


def _venue(document: Document) -> Sequence[Record]:
    venue = schema.read(schema.Venue, document)
    latitude, longitude = _place(venue)
    return [
        VenueRecord(
            external_id=document.key,
            name=venue.name,
            house=venue.house,
            types=texts(sv=venue.type_sv, en=venue.type_en),
            city="Stockholm",
            country="SE",
            zone=ZONE,
            latitude=latitude,
            longitude=longitude,
            coordinates=CoordinatePrecision.UNKNOWN if latitude is None else CoordinatePrecision.EXACT,
            url=venue.page,
        )
    ]


def _event(document: Document) -> Sequence[Record]:
    event, festival = schema.read(schema.Event, document), _festival_of(document)
    titles = texts(sv=event.name_sv, en=event.name_en)
    newest_wins = "5:" + _newest_first(document.key)
    records: list[Record] = [FestivalRecord(external_id=festival, authority="9")]
    if event.venue_id:
        records.append(_mentioned_venue(event, newest_wins))
    if event.film_id:
        records += [
            FilmRecord(external_id=event.film_id, titles=titles, authority=newest_wins),
            SelectionRecord(
                external_id=f"{festival}:{event.film_id}",
                film=event.film_id,
                festival=festival,
                authority="9",
            ),
        ]
    happening = _happening(event, document.key, festival)
    return [*records, happening, _showing(event, document.key, happening)]


def _mentioned_venue(event: schema.Event, authority: str) -> VenueRecord:
    return VenueRecord(
        external_id=event.venue_id,
        name=event.venue_name,
        city="Stockholm",
        country="SE",
        zone=ZONE,
        authority=authority,
    )


def _happening(event: schema.Event, key: str, festival: str) -> EventRecord:
    """What takes place. A film's event is the film document's; this one stands in until that is read."""
    if event.film_id:
        identifier, kind = film_event_id(event.film_id, festival), ShowingKind.SCREENING
    elif event.party_id:
        identifier, kind = f"party:{event.party_id}", ShowingKind.PARTY
    else:
        identifier, kind = f"event:{key}", ShowingKind.TALK
    description = {} if event.film_id else texts(sv=event.description_sv, en=event.description_en)
    return EventRecord(
        external_id=identifier,
        event_kind=kind,
        titles=texts(sv=event.name_sv, en=event.name_en),
        descriptions=description,
        film=event.film_id,
        festival=festival,
        authority="5:" + _oldest_first(key),
    )


def _showing(event: schema.Event, key: str, happening: EventRecord) -> ShowingRecord:
    shops = {"member": event.buy_url, "one_time": event.buy_one_time_url}
    if event.buy_one_time_url == event.buy_url:
        del shops["one_time"]
    face_to_face = schema.flag(event.face_to_face) or schema.flag(event.face_to_face_unprefixed)
    return ShowingRecord(
        external_id=key,
        event=happening.external_id,
        starts_at=_start(event),
        zone=ZONE,
        showing_kind=happening.event_kind,
        titles=happening.titles,
        number=event.number,
        tags=("face_to_face",) if face_to_face else (),
        venues=(event.venue_id,) if event.venue_id else (),
        notes=texts(sv=event.change_sv, en=event.change_en),
        buy_urls={label: url for label, url in shops.items() if url},
        availability=_availability(event),
        modified_at=_moment(event.modified, "eventModifiedTimestamp"),
    )


def _start(event: schema.Event) -> datetime:
    """The stamp decides; the Stockholm day and time beside it are read only where there is no stamp."""
    start = _moment(event.timestamp, "eventTimestamp")
    if start is not None:
        return start
    if not event.date or not event.time:
        raise Unmappable("missing_field", "eventTimestamp")
    try:
        local = datetime.fromisoformat(f"{event.date}T{event.time}")
        if local.tzinfo is not None:
            raise Unmappable("wrong_type", "eventTime", "a time of day without a zone was expected")
        return local.replace(tzinfo=STOCKHOLM).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unmappable("wrong_type", "eventDate", "a day and a time of day were expected") from None


def _availability(event: schema.Event) -> Availability:
    """The word of the ticket shop; it has a fourth state, nothing, for events that are not on public sale
    (Q3).
    """
    status = event.ticket_status.casefold().replace(" ", "").replace("_", "").replace("-", "")
    if status:
        return _TICKETS.get(status, Availability.UNKNOWN)
    return Availability.UNKNOWN if event.buy_url or event.buy_one_time_url else Availability.NOT_ON_SALE


def _film(document: Document) -> Sequence[Record]:
    film, festival = schema.read(schema.Film, document), _festival_of(document)
    identifier = document.key.partition(":")[2]
    if not identifier:
        raise Unmappable("missing_field", "filmId")
    titles = texts(en=film.name_en) if not film.name else texts(film.name, en=film.name_en)
    section = f"{festival}:{film.section_id}" if film.section_id else ""
    records: list[Record] = [FestivalRecord(external_id=festival, authority="9")]
    if section:
        records.append(
            SectionRecord(
                external_id=section,
                festival=festival,
                name=film.section_name,
                authority="5:" + _newest_first(identifier),
            )
        )
    return [
        *records,
        film_record(
            film,
            identifier,
            titles=titles,
            modified_at=_moment(film.modified, "filmModifiedTimestamp"),
            authority="1:" + _newest_first(festival),
        ),
        SelectionRecord(
            external_id=f"{festival}:{identifier}", film=identifier, festival=festival, section=section
        ),
        EventRecord(
            external_id=film_event_id(identifier, festival),
            event_kind=ShowingKind.SCREENING,
            titles=titles,
            film=identifier,
            festival=festival,
            url=web(film.info_url),
        ),
    ]


def _festival_of(document: Document) -> str:
    """The festival's id, which only the request knew: rows do not name it, the document's scope does."""
    festival = document.scope.removeprefix(SCOPE)
    if festival == document.scope or not festival:
        raise Unmappable("missing_field", "festivalId")
    return festival


def film_event_id(film: str, festival: str) -> str:
    """The external id of the event that all showings of a film at a festival belong to."""
    return f"film:{film}:{festival}"


def _oldest_first(identifier: str) -> str:
    """A string that is smaller for a smaller id; ids that are no numbers come last, in their own order."""
    if identifier.isascii() and identifier.isdigit() and len(identifier) <= 12:
        return identifier.zfill(13)
    return "~" + identifier


def _newest_first(identifier: str) -> str:
    """A string that is smaller for a larger id; ids that are no numbers come last, in their own order."""
    if identifier.isascii() and identifier.isdigit() and len(identifier) <= 12:
        return str(_LARGEST - int(identifier)).zfill(13)
    return "~" + identifier


def _moment(text: str, path: str) -> datetime | None:
    """A Unix stamp as an aware UTC instant. Raises ``Unmappable`` naming the field *path*."""
    try:
        stamp = schema.seconds(text)
    except OverflowError as error:
        raise Unmappable("timestamp_out_of_range", path, str(error)) from None
    except ValueError as error:
        raise Unmappable("wrong_type", path, str(error)) from None
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)


def _day(text: str, path: str) -> date | None:
    """A stamp that only means a day: that day in Stockholm, whatever zone the machine is in."""
    moment = _moment(text, path)
    return None if moment is None else moment.astimezone(STOCKHOLM).date()


def _place(venue: schema.Venue) -> tuple[float | None, float | None]:
    """Degrees north and east; None twice where unknown, which upstream spells 0 and 0 (Q11)."""
    try:
        latitude, longitude = (float(text.replace(",", ".")) for text in (venue.latitude, venue.longitude))
    except ValueError:
        return None, None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude, longitude) == (0, 0):
        return None, None
    return latitude, longitude


_MAPPERS: dict[str, Callable[[Document], Sequence[Record]]] = {
    "festival": _festival,
    "section": _section,
    "venue": _venue,
    "event": _event,
    "film": _film,
}
