"""All that the page of one event shows, in a number of queries that does not grow with its showings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from aggregator.addresses import web_link
from aggregator.models import Credit, Event, Festival, Film, Image, Showing
from aggregator.vocabulary import Kind
from aggregator.web import numbers, structured
from aggregator.web.attribution import Attribution, Link, attribution, link_to, outward
from aggregator.web.cards import Card
from aggregator.web.credits import Role, by_role
from aggregator.web.elsewhere import elsewhere
from aggregator.web.film_page import POSTERS, Edition, accent, editions, facts, original_title
from aggregator.web.film_page import links as film_links
from aggregator.web.illustration import picture_of
from aggregator.web.origins import Origin
from aggregator.web.structured.writing import Thing
from aggregator.web.texts import Text, pick, pick_rich
from aggregator.web.timetable import coming_and_past, offers_of
from aggregator.web.trailers import Trailer, trailers
from aggregator.web.words import KINDS, LINKS, Badge, state_badge


@dataclass(frozen=True, slots=True)
class EventPage:
    """One event for a template. *poster* picks one of the sheets' looks. *facts* are labels with plain
    values.
    """

    title: Text
    original_title: str
    kind: Any
    poster: int
    accent: int | None
    state: Badge | None
    state_note: Text
    withdrawn: bool
    summary: Text
    description: Text
    facts: tuple[tuple[Any, Text], ...]
    credits: tuple[Role, ...]
    trailers: tuple[Trailer, ...]
    categories: tuple[Text, ...]
    film: Link | None
    editions: tuple[Edition, ...]
    organiser: Link | None
    price: str
    coming: tuple[Card, ...]
    past: tuple[Card, ...]
    offers: tuple[tuple[str, str, str], ...]
    links: tuple[tuple[Any, str], ...]
    elsewhere: tuple[Link, ...]
    picture: Image | None
    attribution: Attribution
    structured: tuple[Thing, ...]


def find(pk: int) -> Event | None:
    """The event with our id *pk*, withdrawn or not; None where there is none or it is hidden by hand."""
    rows = Event.objects.filter(pk=pk, hidden_at=None)
    return rows.select_related("film__picture", "festival", "organisation", "picture").first()


def describe(event: Event, language: str, now: datetime, known: Mapping[str, Origin]) -> EventPage:
    """The page of *event* for a visitor who reads *language*; *known* are the providers by slug."""
    film = event.film if event.film and event.film.hidden_at is None else None
    festival = event.festival if event.festival and event.festival.hidden_at is None else None
    rows = Showing.objects.filter(event=event)
    dates = coming_and_past(rows, language, now, known, {event.pk: event})
    credits = by_role(_credits(event, film), event, film)
    state = "withdrawn" if event.withdrawn_at else event.status
    return EventPage(
        title=pick(event.titles, language) or Text(_("Untitled")),
        original_title=original_title(film, event.titles.values()),
        kind=KINDS[event.event_kind],
        poster=accent(festival.pk) if festival else event.pk % POSTERS,
        accent=accent(festival.pk) if festival else None,
        state=state_badge(state),
        state_note=pick(event.status_note, language),
        withdrawn=event.withdrawn_at is not None,
        summary=pick_rich(event.summaries, language),
        description=pick_rich(event.descriptions or (film.descriptions if film else {}), language),
        facts=facts(film, language) if film else (),
        credits=credits,
        trailers=() if event.withdrawn_at else trailers(event.trailers, film.trailers if film else ()),
        categories=tuple(pick(row.names, language) for row in event.categories.filter(hidden_at=None)),
        film=link_to(Kind.FILM, film, language),
        editions=_editions(film, festival, language),
        organiser=link_to(Kind.ORGANISATION, event.organisation, language),
        price=_price(event),
        coming=dates.coming,
        past=dates.past,
        offers=_offers(event),
        links=_links(event, film),
        elsewhere=elsewhere(event, language),
        picture=picture_of(event, film),
        attribution=attribution(event, known, now),
        structured=tuple(
            structured.events(dates.rows, language, offers_of(dates.rows), credits, picture_of(event, film))
        ),
    )


def _credits(event: Event, film: Film | None) -> QuerySet[Credit]:
    """The film's credits first, then what is said of the event alone."""
    rows = Credit.objects.filter(event=event)
    if film:
        rows = rows | Credit.objects.filter(film=film)
    return rows.order_by(F("event_id").asc(nulls_first=True), "position")


def _editions(film: Film | None, festival: Festival | None, language: str) -> tuple[Edition, ...]:
    """The festival that the event belongs to, with the sections that its film is in there."""
    link = link_to(Kind.FESTIVAL, festival, language)
    if festival is None or link is None:
        return ()
    selected = editions(film, language, festival.pk) if film else ()
    return selected or (Edition(link, accent(festival.pk), ()),)


def _price(event: Event) -> str:
    if event.is_free:
        return _("Free") + (f" ({event.free_condition})" if event.free_condition else "")
    low, high = event.price_min, event.price_max
    if low is None and high is None:
        return ""
    amounts = dict.fromkeys(numbers.amount(amount) for amount in (low, high) if amount is not None)
    return f"{'–'.join(amounts)} {event.currency}".strip()


def _offers(event: Event) -> tuple[tuple[str, str, str], ...]:
    """(label, price, shop) of each way to get in."""
    found = []
    for row in event.offers.order_by("position"):
        price = f"{numbers.amount(row.price)} {row.currency}".strip() if row.price is not None else ""
        found.append((row.label or _("Ticket"), price, web_link(row.url)))
    return tuple(found)


def _links(event: Event, film: Film | None) -> tuple[tuple[Any, str], ...]:
    """Further reading elsewhere, and the shop where no showing or offer leads to it already."""
    found = outward(event.links, LINKS)
    if event.buy_url and not event.withdrawn_at:
        found = (*outward({"buy": event.buy_url}, {"buy": _("Buy tickets")}), *found)
    if film:
        found = (*found, *film_links(film))
    by_url = {url: (label, url) for label, url in reversed(found)}
    return tuple(reversed(by_url.values()))
