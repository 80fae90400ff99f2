"""All that the page of one event shows, in a number of queries that does not grow with its showings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.addresses import web_link
from aggregator.models import Credit, Event, Film, Selection, Showing
from aggregator.search.criteria import Criteria
from aggregator.web import clock, filters
from aggregator.web.cards import Card, card, is_over, listed
from aggregator.web.origins import Origin, origin_of
from aggregator.web.texts import Text, pick, pick_rich
from aggregator.web.words import KINDS, LINKS, ROLES, Badge, state_badge

POSTERS = 6
MOST_SHOWINGS = 400


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where an event comes from. *url* is the upstream page of the event or ""; *changed* is an age in words."""

    origin: Origin
    url: str
    changed: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """One event for a template. *poster* picks one of the sheets' looks. *facts* are labels with plain
    values.
    """

    title: Text
    original_title: str
    kind: Any
    poster: int
    state: Badge | None
    state_note: Text
    withdrawn: bool
    summary: Text
    description: Text
    facts: tuple[tuple[Any, Text], ...]
    credits: tuple[tuple[Any, tuple[str, ...]], ...]
    categories: tuple[Text, ...]
    festival: str
    festival_query: str
    sections: tuple[str, ...]
    organiser: str
    organiser_url: str
    price: str
    coming: tuple[Card, ...]
    past: tuple[Card, ...]
    offers: tuple[tuple[str, str, str], ...]
    links: tuple[tuple[Any, str], ...]
    attribution: Attribution


def find(pk: int) -> Event | None:
    """The event with our id *pk*, withdrawn or not; None where there is none or it is hidden by hand."""
    rows = Event.objects.filter(pk=pk, hidden_at=None)
    return rows.select_related("film", "festival", "organisation").first()


def describe(event: Event, language: str, now: datetime, known: Mapping[str, Origin]) -> EventPage:
    """The page of *event* for a visitor who reads *language*; *known* are the providers by slug."""
    film = event.film if event.film and event.film.hidden_at is None else None
    festival = event.festival if event.festival and event.festival.hidden_at is None else None
    organiser = event.organisation if event.organisation and event.organisation.hidden_at is None else None
    coming, past = _showings(event, language, now, known)
    state = "withdrawn" if event.withdrawn_at else event.status
    return EventPage(
        title=pick(event.titles, language) or Text(_("Untitled")),
        original_title=_original_title(event, film),
        kind=KINDS[event.event_kind],
        poster=event.pk % POSTERS,
        state=state_badge(state),
        state_note=pick(event.status_note, language),
        withdrawn=event.withdrawn_at is not None,
        summary=pick_rich(event.summaries, language),
        description=pick_rich(event.descriptions or (film.descriptions if film else {}), language),
        facts=_facts(film, language) if film else (),
        credits=_credits(event, film),
        categories=tuple(pick(row.names, language) for row in event.categories.filter(hidden_at=None)),
        festival=str(festival) if festival else "",
        festival_query=filters.query(Criteria(festivals=(festival.pk,))) if festival else "",
        sections=_sections(event, film) if festival else (),
        organiser=organiser.name if organiser else "",
        organiser_url=web_link(organiser.website) if organiser else "",
        price=_price(event),
        coming=coming,
        past=past,
        offers=_offers(event),
        links=_links(event, film),
        attribution=Attribution(
            origin_of(event.provider, known), web_link(event.url), clock.age(event.updated_at, now)
        ),
    )


def _showings(
    event: Event, language: str, now: datetime, known: Mapping[str, Origin]
) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """Coming and past showings. Withdrawn ones are shown as such; hidden ones are not shown."""
    rows = listed(Showing.objects.filter(event=event, hidden_at=None).order_by("starts_at", "id"))
    coming: list[Card] = []
    past: list[Card] = []
    for row in rows.prefetch_related("further_venues")[:MOST_SHOWINGS]:
        row.event = event
        shown = card(row, language, now, known, row.further_venues.all())
        (past if is_over(row, now) else coming).append(shown)
    return tuple(coming), tuple(reversed(past))


def _original_title(event: Event, film: Film | None) -> str:
    original = film.original_title if film else ""
    return "" if original.casefold() in event.folded.split("\n") else original


def _facts(film: Film, language: str) -> tuple[tuple[Any, Text], ...]:
    length = Text(_("%(minutes)d minutes") % {"minutes": film.length}) if film.length else Text("")
    facts: Sequence[tuple[Any, Text]] = (
        (gettext_lazy("Country"), pick(film.countries, language)),
        (gettext_lazy("Year"), Text(str(film.year or ""))),
        (gettext_lazy("Length"), length),
        (gettext_lazy("Language"), Text(film.languages)),
        (gettext_lazy("Subtitles"), pick(film.subtitles, language)),
        (gettext_lazy("Premiere"), pick(film.statuses, language)),
        (gettext_lazy("Production"), Text(film.companies)),
        (gettext_lazy("Distribution"), Text(film.distribution)),
    )
    return tuple((label, value) for label, value in facts if value)


def _credits(event: Event, film: Film | None) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    """Names by role, in upstream's order; the film's first, then what is said of the event alone."""
    rows = Credit.objects.filter(event=event)
    if film:
        rows = rows | Credit.objects.filter(film=film)
    names: dict[str, dict[str, None]] = {}
    for row in rows.order_by("event_id", "position"):
        name = f"{row.name} ({row.character})" if row.character else row.name
        names.setdefault(row.role, {})[name] = None
    return tuple((ROLES[role], tuple(names[role])) for role in ROLES if role in names)


def _sections(event: Event, film: Film | None) -> tuple[str, ...]:
    if film is None:
        return ()
    rows = Selection.objects.public().filter(film=film, festival=event.festival_id, section__hidden_at=None)
    names = rows.exclude(section=None).order_by("section__name").values_list("section__name", flat=True)
    return tuple(dict.fromkeys(name for name in names if name))


def _price(event: Event) -> str:
    if event.is_free:
        return _("Free") + (f" ({event.free_condition})" if event.free_condition else "")
    low, high = event.price_min, event.price_max
    if low is None and high is None:
        return ""
    amounts = dict.fromkeys(f"{amount.normalize():f}" for amount in (low, high) if amount is not None)
    return f"{'–'.join(amounts)} {event.currency}".strip()


def _offers(event: Event) -> tuple[tuple[str, str, str], ...]:
    """(label, price, shop) of each way to get in."""
    found = []
    for row in event.offers.order_by("position"):
        price = f"{row.price.normalize():f} {row.currency}".strip() if row.price is not None else ""
        found.append((row.label or _("Ticket"), price, web_link(row.url)))
    return tuple(found)


def _links(event: Event, film: Film | None) -> tuple[tuple[Any, str], ...]:
    """Further reading and viewing elsewhere; only http(s), each address once."""
    found: dict[str, Any] = {}
    if event.buy_url and not event.withdrawn_at:
        found[event.buy_url] = _("Buy tickets")
    found |= {url: LINKS.get(label, label) for label, url in event.links.items()}
    if film:
        found |= {film.website: _("The film's own site")} if film.website else {}
    found |= _trailers([*event.trailers, *(film.trailers if film else [])])
    return tuple((label, url) for url, label in found.items() if web_link(url))


def _trailers(trailers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(one.get("url") or ""): one.get("label") or _("Trailer") for one in trailers}
