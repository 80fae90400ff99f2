"""Showings as pages show them: rows of the database in, plain values for a template out.

Nothing here asks the database: what a card needs was loaded by ``listed``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from aggregator.addresses import event_path, web_link
from aggregator.images import columns
from aggregator.models import Event, Film, Image, Showing, Venue
from aggregator.vocabulary import Availability, Precision
from aggregator.web import clock
from aggregator.web.origins import Origin, origin_of
from aggregator.web.texts import Text, pick
from aggregator.web.words import KINDS, SHOPS, Badge, availability_badge, state_badge, tag_label

#: How long a showing without an end is taken to last when it is called over.
USUAL_LENGTH = timedelta(hours=2)
#: How many looks ``sheet.css`` knows.
SHEETS = 6
_EVENT = ("event__titles", "event__status", "event__event_kind", "event__is_free", "event__film_id")
_VENUE = ("venue__name", "venue__house", "venue__street", "venue__city", "venue__hidden_at")
_PICTURES = ("event__film__hidden_at", *columns("event__picture"), *columns("event__film__picture"))
_SHOWING = (
    *(
        "starts_at",
        "ends_at",
        "doors_at",
        "zone",
        "local_start_date",
        "local_end_date",
        "precision",
        "provider",
    ),
    *(
        "showing_kind",
        "titles",
        "number",
        "tags",
        "status",
        "moved_from",
        "withdrawn_at",
        "notes",
        "buy_urls",
    ),
    *("availability", "seats_free", "sale_starts_at", "event_id", "venue_id"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """One showing in a list or on its event's page. Times are in the showing's own zone.

    *day* is the programme day that lists go by, *local_date* the one in the calendar; they differ *after_midnight*.
    *when* is the time of day, or words where only the day is meant (then *exact* is False); *zone_note* names
    a zone that is not the page's. *picture* is None where nothing can be shown and a sheet
    of the look *sheet* is drawn instead; *distance* is in kilometres from the
    place asked for, or None. *was* says in words what a moved showing was before. *origin* is its provider.
    """

    id: int
    path: str
    title: Text
    day: date
    last_day: date
    local_date: date
    after_midnight: bool
    exact: bool
    when: str
    machine_time: str
    ends: str
    doors: str
    zone: str
    zone_note: str
    venue: str
    address: str
    city: str
    place: str
    kind: Any
    number: str
    state: Badge | None
    tickets: Badge | None
    tags: tuple[Any, ...]
    note: Text
    was: str
    shops: tuple[tuple[Any, str], ...]
    sale_starts: str
    seats_free: int | None
    over: bool
    free: bool
    origin: Origin
    short_day: str
    sheet: int
    picture: Image | None
    distance: float | None
    distance_is_about: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A programme day and its showings in a list; *earlier* are those of today that are over."""

    day: date
    label: str
    nearness: str
    earlier: tuple[Card, ...]
    cards: tuple[Card, ...]


def listed(showings: QuerySet[Showing], *further: str, pictures: bool = True) -> QuerySet[Showing]:
    """*showings* with exactly the columns that cards need and those in *further*, in one query."""
    if not pictures:
        return showings.select_related("event", "venue").only(*_SHOWING, *_EVENT, *_VENUE, *further)
    rows = showings.select_related("event__picture", "event__film__picture", "venue")
    return rows.only(*_SHOWING, *_EVENT, *_PICTURES, *_VENUE, *further)


def listed_apart(showings: QuerySet[Showing]) -> QuerySet[Showing]:
    """Like ``listed``, without pictures and with their films' length, in four queries: quicker where many showings
    share a few events and venues.
    """
    films = Film.objects.only("length", "hidden_at")
    events = Event.objects.only(*(name.removeprefix("event__") for name in _EVENT)).prefetch_related(
        Prefetch("film", films)
    )
    venues = Venue.objects.only(*(name.removeprefix("venue__") for name in _VENUE))
    return showings.only(*_SHOWING).prefetch_related(Prefetch("event", events), Prefetch("venue", venues))


def cards(
    showings: Iterable[Showing], language: str, now: datetime, known: Mapping[str, Origin]
) -> tuple[Card, ...]:
    """A card for each showing, in the same order; *known* are the providers by slug."""
    return tuple(card(showing, language, now, known) for showing in showings)


def by_day(shown: Sequence[Card], now: datetime) -> tuple[Day, ...]:
    """Cards that are in programme order, grouped by programme day."""
    days: dict[date, list[Card]] = {}
    for one in shown:
        days.setdefault(one.day, []).append(one)
    return tuple(_day(day, group, now) for day, group in days.items())


def _day(day: date, group: Sequence[Card], now: datetime) -> Day:
    is_today = day == clock.today(now)
    return Day(
        day=day,
        label=clock.day_label(day, now),
        nearness=clock.nearness(day, now),
        earlier=tuple(one for one in group if is_today and one.over),
        cards=tuple(one for one in group if not (is_today and one.over)),
    )


def card(
    showing: Showing,
    language: str,
    now: datetime,
    known: Mapping[str, Origin],
    further: Iterable[Venue] = (),
) -> Card:
    """One showing; its title is its own where it has one. *further* are its other venues."""
    venue = showing.venue if showing.venue and showing.venue.hidden_at is None else None
    city = venue.city if venue else ""
    exact = showing.precision == Precision.EXACT
    local = showing.starts_at.astimezone(clock.zone_named(showing.zone))
    state = _state(showing)
    return Card(
        id=showing.pk,
        path=event_path(showing.event_id, showing.event.titles),
        title=pick(showing.titles, language) or pick(showing.event.titles, language) or Text(_("Untitled")),
        day=showing.local_start_date,
        last_day=showing.local_end_date,
        local_date=local.date() if exact else showing.local_start_date,
        after_midnight=exact and local.date() != showing.local_start_date,
        exact=exact,
        when=local.strftime("%H:%M") if exact else _whole_days(showing),
        machine_time=local.isoformat(timespec="minutes") if exact else showing.local_start_date.isoformat(),
        ends=clock.clock(showing.ends_at, showing.zone) if exact and showing.ends_at else "",
        doors=clock.clock(showing.doors_at, showing.zone) if showing.doors_at else "",
        zone=clock.zone_label(showing.zone),
        zone_note=clock.zone_label(showing.zone) if exact and showing.zone != clock.here() else "",
        venue=" + ".join(filter(None, map(venue_name, (venue, *further)))),
        address=venue.street if venue else "",
        city=city,
        place=", ".join(dict.fromkeys(filter(None, (venue_name(venue), city)))),
        kind=KINDS[showing.showing_kind],
        number=showing.number,
        state=state_badge(state),
        tickets=None if state in ("cancelled", "withdrawn") else availability_badge(showing.availability),
        tags=tuple(tag_label(str(tag)) for tag in showing.tags),
        note=pick(showing.notes, language),
        was=before(showing) if state == "moved" else "",
        shops=_shops(showing, state, now),
        sale_starts=_sale_starts(showing, now),
        seats_free=showing.seats_free if showing.availability == Availability.FEW else None,
        over=is_over(showing, now),
        free=bool(showing.event.is_free),
        origin=origin_of(showing.provider, known),
        short_day=clock.short_day(showing.local_start_date),
        sheet=showing.event_id % SHEETS,
        picture=_picture(showing.event),
        distance=getattr(showing, "distance_km", None),
        distance_is_about=bool(getattr(showing, "distance_is_about", False)),
    )


def venue_name(venue: Venue | None) -> str:
    """A venue by name, with the house that a screen belongs to; "" for none and for one hidden by hand."""
    if venue is None or venue.hidden_at is not None:
        return ""
    if venue.house and venue.house.casefold() not in venue.name.casefold():
        return f"{venue.house}, {venue.name}" if venue.name else venue.house
    return venue.name


def _picture(event: Event) -> Image | None:
    """The picture to show for *event*: its own or its film's, where it was loaded and fetched and may be seen."""
    film = event.film if _is_loaded(event, "film") and event.film and event.film.hidden_at is None else None
    for row in (event, film):
        image = row.picture if row is not None and _is_loaded(row, "picture") else None
        if image is not None and image.content_hash and image.is_public:
            return image
    return None


def _is_loaded(row: Event | Film, name: str) -> bool:
    """Whether looking at the relation *name* costs no query."""
    return name in row._state.fields_cache


def is_over(showing: Showing, now: datetime) -> bool:
    """Whether a showing has ended, or must have where nobody says when it ends."""
    if showing.precision != Precision.EXACT:
        return showing.local_end_date < clock.today(now, showing.zone)
    return (showing.ends_at or showing.starts_at + USUAL_LENGTH) < now


def _state(showing: Showing) -> str:
    if showing.state == "scheduled" and showing.event.status == "cancelled":
        return "cancelled"
    return showing.state


def _whole_days(showing: Showing) -> str:
    if showing.local_end_date > showing.local_start_date:
        return _("until %(day)s") % {"day": clock.short_day(showing.local_end_date)}
    return _("All day") if showing.precision == Precision.ALL_DAY else _("Time not set")


def before(showing: Showing) -> str:
    """What has changed of a moved showing, such as "was Fri 20 Nov 18:00 in Skandia"."""
    parts = []
    before = datetime.fromisoformat(showing.moved_from["starts_at"])
    if before != showing.starts_at:
        local = before.astimezone(clock.zone_named(showing.zone))
        other_day = local.date() != showing.starts_at.astimezone(local.tzinfo).date()
        day = clock.short_day(local.date()) if other_day else ""
        parts.append(f"{day} {local:%H:%M}".strip())
    name = str(showing.moved_from.get("venue_name") or "")
    if name and name != (showing.venue.name if showing.venue else ""):
        parts.append(_("in %(venue)s") % {"venue": name})
    return _("was %(what)s") % {"what": " ".join(parts)} if parts else ""


def _sale_starts(showing: Showing, now: datetime) -> str:
    """When tickets go on sale, in the showing's zone; "" once they have or where nobody says."""
    opens = showing.sale_starts_at
    if opens is None or opens <= now:
        return ""
    local = opens.astimezone(clock.zone_named(showing.zone))
    return f"{clock.short_day(local.date())} {local:%H:%M}"


def _shops(showing: Showing, state: str, now: datetime) -> tuple[tuple[Any, str], ...]:
    if (
        state in ("cancelled", "withdrawn")
        or showing.availability == Availability.SOLDOUT
        or is_over(showing, now)
    ):
        return ()
    links = ((label, web_link(url)) for label, url in showing.buy_urls.items())
    return tuple((SHOPS.get(label) or _("Buy tickets"), url) for label, url in links if url)
