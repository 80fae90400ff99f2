"""Showings in the words of schema.org: each is an event of its own, with place, offers and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from aggregator.addresses import absolute, event_path, web_link
from aggregator.models import Event, Film, Image, Offer, Showing
from aggregator.vocabulary import Availability, Precision, ShowingKind, Status
from aggregator.web import clock
from aggregator.web.credits import Role
from aggregator.web.illustration import shared_address
from aggregator.web.structured import things
from aggregator.web.structured.writing import Thing, filled, plain
from aggregator.web.texts import pick

SCHEMA = "https://schema.org/"
#: Search engines read a few; a page must not weigh more than what it shows.
MOST = 50
TYPES: Mapping[str, str] = {
    ShowingKind.SCREENING: "ScreeningEvent",
    ShowingKind.CONCERT: "MusicEvent",
    ShowingKind.STAGE: "TheaterEvent",
    ShowingKind.RUN: "ExhibitionEvent",
    ShowingKind.OPENING: "SocialEvent",
    ShowingKind.TALK: "EducationEvent",
    ShowingKind.PARTY: "SocialEvent",
    ShowingKind.OTHER: "Event",
}
_STOCK: Mapping[str, str] = {
    Availability.AVAILABLE: f"{SCHEMA}InStock",
    Availability.FEW: f"{SCHEMA}LimitedAvailability",
    Availability.SOLDOUT: f"{SCHEMA}SoldOut",
    Availability.NOT_ON_SALE: f"{SCHEMA}PreSale",
}


def events(
    showings: Iterable[Showing],
    language: str,
    offers: Mapping[int, Sequence[Offer]],
    credits: Sequence[Role] = (),
    image: Image | None = None,
) -> list[Thing]:
    """One event for each of the first ``MOST`` *showings*, whose event, film, festival, organiser and venue are loaded.

    *offers* are those of each showing, by its id, together with its event's. *credits* are the event's own, *image* is
    its picture. What was withdrawn is left out: nobody knows what became of it.
    """
    listed = [one for one in showings if one.withdrawn_at is None and one.event.withdrawn_at is None]
    return [
        {**_event(one, language, offers.get(one.pk, ()), credits), **filled({"image": shared_address(image)})}
        for one in listed[:MOST]
    ]


def _event(showing: Showing, language: str, offers: Sequence[Offer], credits: Sequence[Role]) -> Thing:
    event = showing.event
    address = absolute(event_path(event.pk, event.titles))
    film = event.film if event.film and event.film.is_public else None
    dead = Status.CANCELLED in (showing.status, event.status)
    return filled(
        {
            "@type": TYPES[showing.showing_kind],
            "@id": f"{address}#showing-{showing.pk}",
            "url": address,
            "name": pick(showing.titles, language).value or pick(event.titles, language).value or "–",
            "description": _description(event, film, language),
            **_times(showing),
            **_status(showing, dead),
            "eventAttendanceMode": f"{SCHEMA}OfflineEventAttendanceMode",
            # Readers like a place; where nobody says where, none is made up.
            "location": things.place_of(showing.venue),
            "isAccessibleForFree": event.is_free,
            "offers": [] if dead else _offers(showing, offers),
            "performer": things.performers(event, credits),
            "organizer": _organiser(event),
            "workPresented": _work(film, language) if film else None,
            "superEvent": things.part_of(event.festival),
        }
    )


def _times(showing: Showing) -> Thing:
    """Start and end: an instant with its offset where one is meant, else the days alone."""
    if showing.precision != Precision.EXACT:
        return {
            "startDate": showing.local_start_date.isoformat(),
            "endDate": showing.local_end_date.isoformat(),
        }
    return {
        "startDate": _instant(showing.starts_at, showing.zone),
        "endDate": _instant(showing.ends_at, showing.zone) if showing.ends_at else "",
        "doorTime": _instant(showing.doors_at, showing.zone) if showing.doors_at else "",
    }


def _instant(moment: datetime, zone: str) -> str:
    return moment.astimezone(clock.zone_named(zone)).isoformat(timespec="seconds")


def _status(showing: Showing, dead: bool) -> Thing:
    if dead:
        return {"eventStatus": f"{SCHEMA}EventCancelled"}
    before = showing.moved_from.get("starts_at") if showing.moved_from else None
    if before and datetime.fromisoformat(before) != showing.starts_at:
        previous = _instant(datetime.fromisoformat(before), showing.zone)
        return {"eventStatus": f"{SCHEMA}EventRescheduled", "previousStartDate": previous}
    return {"eventStatus": f"{SCHEMA}EventScheduled"}


def _description(event: Event, film: Film | None, language: str) -> str:
    texts = event.summaries or event.descriptions or (film.descriptions if film else {})
    return plain(pick(texts, language).value)


def _organiser(event: Event) -> Thing | None:
    row = event.organisation
    if row is None or not row.is_public or not row.name:
        return None
    return filled({"@type": "Organization", "name": row.name, "url": web_link(row.website)})


def _work(film: Film, language: str) -> Thing:
    whole = things.film(film, language)
    return {name: whole[name] for name in ("@type", "@id", "name", "duration", "sameAs") if name in whole}


def _offers(showing: Showing, offers: Sequence[Offer]) -> list[Thing]:
    """Every way to get in: priced offers, else the price range, else the shops alone."""
    event = showing.event
    shops = [url for url in map(web_link, (*showing.buy_urls.values(), event.buy_url)) if url]
    opens = showing.sale_starts_at or event.sale_starts_at
    common = {
        "availability": _STOCK.get(showing.availability),
        "validFrom": _instant(opens, showing.zone) if opens else "",
    }
    found = [
        {
            "@type": "Offer",
            "name": one.label,
            **_price(one.price, one.currency or event.currency),
            "url": web_link(one.url) or next(iter(shops), ""),
        }
        for one in offers
    ]
    if not found and event.is_free:
        found = [{"@type": "Offer", **_price(Decimal(0), event.currency), "url": next(iter(shops), "")}]
    if not found and event.price_min is not None and event.currency:
        found = [_range(event, next(iter(shops), ""))]
    if not found:
        found = [{"@type": "Offer", "url": url} for url in dict.fromkeys(shops)]
    told = (filled({**one, **common}) for one in found)
    return [one for one in told if len(one) > 1]  # its type alone says nothing


def _range(event: Event, url: str) -> dict[str, Any]:
    low, high = event.price_min, event.price_max
    if high is None or high == low:
        return {"@type": "Offer", **_price(low, event.currency), "url": url}
    return {
        "@type": "AggregateOffer",
        "lowPrice": _amount(low),
        "highPrice": _amount(high),
        "priceCurrency": event.currency,
        "url": url,
    }


def _price(amount: Decimal | None, currency: str) -> dict[str, str]:
    """A price is told together with its currency or not at all; nothing is nothing in any."""
    if amount is None or (amount and not currency):
        return {}
    return {"price": _amount(amount), "priceCurrency": currency}


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"
