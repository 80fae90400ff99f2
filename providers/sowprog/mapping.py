"""One stored document of Sowprog's agenda as records.

Pure: no network, no clock, no database. An entry brings along its place, artists, festival, type and style; the
reference lists describe the same rows again. Who is believed is said in ``people_and_places``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from aggregator.admission import web_url
from aggregator.provider import Document, Unmappable
from aggregator.records import CategoryRecord, Credit, EventRecord, Offer, Record, ShowingRecord
from aggregator.vocabulary import Availability, CategoryScheme, CreditRole, ShowingKind, Status
from providers.sowprog import wording
from providers.sowprog.items import is_published
from providers.sowprog.people_and_places import (
    category_record,
    festival_record,
    mentioned,
    person_record,
    pictures,
    venue_record,
)
from providers.sowprog.schema import Artist, Entry, Group, Label, Location, ScheduleDate, Store, read
from providers.sowprog.times import ZONE, end_of, start_of
from providers.sowprog.wording import in_french, plain

_HEADLINE = "HEADLINE"


def map_document(document: Document, config: Any) -> Sequence[Record]:
    """The records of one document; none for an entry that is published no more. *config* changes nothing.

    Raises ``Unmappable`` with the reasons ``malformed_document``, ``bad_encoding``, ``wrong_type``,
    ``missing_field``, ``timestamp_out_of_range`` and ``unknown_kind``, and the upstream path of the field.
    """
    try:
        mapper = _MAPPERS[document.kind]
    except KeyError:
        raise Unmappable("unknown_kind", "", document.kind) from None
    return mapper(document)


def _location(document: Document) -> Sequence[Record]:
    location = read(Location, document)
    _demand(location.name, "name")
    return [venue_record(location)]


def _artist(document: Document) -> Sequence[Record]:
    artist = read(Artist, document)
    _demand(artist.name, "name")
    return [person_record(artist, document.key)]


def _group(document: Document) -> Sequence[Record]:
    group = read(Group, document)
    _demand(group.title, "title")
    return [festival_record(group)]


def _type(document: Document) -> Sequence[Record]:
    listed = read(Label, document)
    _demand(listed.label, "label")
    styles = [
        replace(category_record(CategoryScheme.STYLE, style), authority="5")
        for style in listed.eventStyle
        if plain(style.label)
    ]
    return [category_record(CategoryScheme.TYPE, listed), *styles]


def _style(document: Document) -> Sequence[Record]:
    listed = read(Label, document)
    _demand(listed.label, "label")
    return [category_record(CategoryScheme.STYLE, listed)]


def _event(document: Document) -> Sequence[Record]:
    entry = read(Entry, document)
    if not is_published({"status": entry.status}):
        return []
    _demand(entry.event.title, "event.title")
    categories = list(_categories(entry))
    records: list[Record] = [*categories, *_mentioned(entry, document.key)]
    event = _event_record(entry, document.key, tuple(record.external_id for record in categories))
    dates = entry.eventSchedule.eventScheduleDate if entry.eventSchedule else []
    showings = {date.id: _showing(entry, date, event) for date in dates}
    return [*records, event, *showings.values()]


def _demand(text: str, path: str) -> None:
    if not plain(text):
        raise Unmappable("missing_field", path, "there is no name")


def _categories(entry: Entry) -> Iterable[CategoryRecord]:
    for scheme, labelled in (
        (CategoryScheme.TYPE, entry.event.eventType),
        (CategoryScheme.STYLE, entry.event.eventStyle),
    ):
        if labelled is not None and plain(labelled.label):
            yield replace(category_record(scheme, labelled), authority="5")


def _mentioned(entry: Entry, event_id: str) -> Iterable[Record]:
    """Place, festival and artists, as the entry has them."""
    if entry.location is not None:
        yield mentioned(venue_record(entry.location), event_id)
    if entry.event.eventGroup is not None:
        yield mentioned(festival_record(entry.event.eventGroup), event_id)
    people: dict[str, Record] = {}
    for artist in entry.artist:
        if artist.artistId and plain(artist.name):
            people.setdefault(artist.artistId, mentioned(person_record(artist, artist.artistId), event_id))
    yield from people.values()


def _event_record(entry: Entry, event_id: str, categories: tuple[str, ...]) -> EventRecord:
    content = entry.event
    offers = tuple(_offers(entry))
    low, high, currency = _range(offers)
    links = wording.links(content)
    cancelled = bool(entry.cancelled)
    return EventRecord(
        external_id=event_id,
        url=links.get("website", ""),
        modified_at=entry.modificationDate,
        event_kind=wording.kind(content.eventType.label) if content.eventType else ShowingKind.OTHER,
        titles={wording.LANGUAGE: plain(content.title)},
        summaries=in_french(content.punchline),
        descriptions=in_french(content.description),
        festival=content.eventGroup.id if content.eventGroup else "",
        categories=categories,
        credits=_credits(entry),
        images=pictures(content),
        offers=offers,
        price_min=low,
        price_max=high,
        currency=currency,
        is_free=entry.freeAdmission,
        free_condition=plain(entry.freeAdmissionCondition),
        status=Status.CANCELLED if cancelled else Status.SCHEDULED,
        status_note=in_french(plain(entry.cancellationReason)) if cancelled else {},
        links=links,
        buy_url=next((web_url(store.url) for store in entry.ticketStore if web_url(store.url)), ""),
    )


def _credits(entry: Entry) -> tuple[Credit, ...]:
    """The artists in billing order; where none are listed, the names of the line-up."""
    listed = sorted(entry.artist, key=lambda artist: artist.sequence)
    if any(plain(artist.name) for artist in listed):
        return tuple(
            Credit(role=_role(artist), name=plain(artist.name, 300), person=artist.artistId)
            for artist in listed
            if plain(artist.name)
        )
    names = (plain(name, 300) for name in entry.event.lineUp.split(","))
    return tuple(Credit(role=CreditRole.ARTIST, name=name) for name in names if name)


def _role(artist: Artist) -> CreditRole:
    return CreditRole.HEADLINER if artist.billing.upper() == _HEADLINE else CreditRole.ARTIST


def _offers(entry: Entry) -> Iterable[Offer]:
    """Prices, then shops, each in upstream's order. A label that is an address is one."""
    for price in entry.eventPrice:
        url = web_url(price.label)
        name = "" if url else wording.label(price.label)
        if price.price is not None or name or url:
            currency = price.currency.upper() if price.price is not None else ""
            yield Offer(price=price.price, currency=currency, label=name, url=url)
    for store in entry.ticketStore:
        url = web_url(store.url)
        if url or wording.label(store.label):
            yield Offer(label=wording.label(store.label), url=url)


def _range(offers: Iterable[Offer]) -> tuple[Decimal | None, Decimal | None, str]:
    """Lowest and highest price, in the currency that is named first."""
    priced = [(offer.price, offer.currency) for offer in offers if offer.price is not None]
    if not priced:
        return None, None, ""
    currency = priced[0][1]
    amounts = [amount for amount, other in priced if other == currency]
    return min(amounts), max(amounts), currency


def _showing(entry: Entry, date: ScheduleDate, event: EventRecord) -> ShowingRecord:
    starts_at, precision = start_of(date)
    hints = tuple(wording.hints(event.titles[wording.LANGUAGE]))
    shops = _shops(entry.ticketStore)
    return ShowingRecord(
        external_id=date.id,
        url=event.url,
        modified_at=entry.modificationDate,
        event=event.external_id,
        starts_at=starts_at,
        ends_at=end_of(date),
        zone=ZONE,
        precision=precision,
        showing_kind=event.event_kind,
        tags=hints,
        venues=(entry.location.id,) if entry.location else (),
        status=event.status,
        buy_urls=shops,
        availability=_availability(date, bool(shops) and "hint:soldout" not in hints),
    )


def _availability(date: ScheduleDate, on_sale: bool) -> Availability:
    """Sold out is said; available only where a shop sells tickets and nothing speaks against it."""
    if date.soldOut:
        return Availability.SOLDOUT
    return Availability.AVAILABLE if date.soldOut is False and on_sale else Availability.UNKNOWN


def _shops(stores: Iterable[Store]) -> dict[str, str]:
    """Label → address; a label that comes again gets a number."""
    shops: dict[str, str] = {}
    for store in stores:
        if url := web_url(store.url):
            name, number = wording.label(store.label), 1
            while (key := name if number == 1 else f"{name} {number}".strip()) in shops:
                number += 1
            shops[key] = url
    return shops


_MAPPERS: dict[str, Callable[[Document], Sequence[Record]]] = {
    "event": _event,
    "location": _location,
    "artist": _artist,
    "group": _group,
    "type": _type,
    "style": _style,
}
