"""What the API offers, as one table: lists, schema, reference, formats and tests all read it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from aggregator.api.cursors import BY_ID, BY_ID_BACKWARDS, BY_START, BY_START_BACKWARDS, Order
from aggregator.api.fields import Field, Json, Row, Wanted
from aggregator.api.kinds import categories, events, festivals, films, organisations, people, showings, venues
from aggregator.models import Category, Event, Festival, Film, Organisation, Person, Section, Showing, Venue
from aggregator.search.criteria import Criteria
from aggregator.search.listings import (
    find_categories,
    find_festivals,
    find_films,
    find_organisations,
    find_sections,
    find_venues,
)
from aggregator.search.people import find_people
from aggregator.search.showings import find_events, find_showings
from aggregator.vocabulary import Kind

# Orders that search makes; a list in them has pages but no cursor.
BY_FIRST_SHOWING = Order("start")
BY_FIRST_SHOWING_BACKWARDS = Order("-start", backwards=True)
BY_RELEVANCE = Order("relevance")
BY_DISTANCE = Order("distance")
_NAMED = (BY_ID, BY_ID_BACKWARDS, BY_RELEVANCE)
_PROGRAMME_FILTERS = (
    *("q", "provider", "from", "to", "city", "country", "category", "venue", "festival", "section", "kind"),
    *("language", "availability", "free", "near", "radius"),
)


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object: where it stands, how it is found, read and written, and what may be asked of it.

    name, one: plural and singular, as addresses and prose have them. component: its name in the schema.
    visible: rows that may be read by id; withdrawn ones too. find: rows that meet criteria, in the order asked for.
    filters: query names that narrow a list. orders: the first is the usual one. about: a sentence for the reference.
    formats, alone: forms of the list, and of one object.
    """

    kind: Kind
    name: str
    one: str
    component: str
    about: str
    columns: tuple[str, ...]
    fields: tuple[Field, ...]
    write: Callable[[Sequence[Row], Wanted], list[Json]]
    visible: Callable[[], QuerySet[Any]]
    find: Callable[[Criteria], QuerySet[Any]]
    filters: tuple[str, ...]
    orders: tuple[Order, ...] = _NAMED
    expands: tuple[str, ...] = ()
    further: tuple[Field, ...] = ()
    formats: tuple[str, ...] = ("json", "csv", "jsonl")
    alone: tuple[str, ...] = ("json", "jsonld")

    def rows(self, criteria: Criteria, order: Order, since: datetime | None) -> QuerySet[Any]:
        """Rows that meet *criteria* and whose content changed at or after *since*, in *order*."""
        found = self.find(replace(criteria, ordering=order.name))
        if order.keys:
            found = found.order_by(*order.columns)
        return found if since is None else found.filter(updated_at__gte=since)

    def read(self, found: QuerySet[Any]) -> QuerySet[Any, Row]:
        """*found* as the dicts that ``write`` takes, with the distance where search measured one."""
        measured = {"distance_km"} & found.query.annotations.keys()
        return found.values(*self.columns, *measured)

    def order(self, name: str) -> Order:
        """The order of this name; raises ``KeyError``."""
        return {order.name: order for order in self.orders}[name]


def _unhidden(model: Any, **further: Any) -> Callable[[], QuerySet[Any]]:
    return lambda: model.objects.filter(hidden_at=None, **further)


_TABLE = (
    Resource(
        kind=Kind.EVENT,
        name="events",
        one="event",
        component="Event",
        about="What takes place, apart from when and where: those are its showings.",
        columns=events.COLUMNS,
        fields=events.FIELDS,
        write=events.write,
        visible=_unhidden(Event),
        find=find_events,
        filters=_PROGRAMME_FILTERS,
        orders=(*_NAMED, BY_FIRST_SHOWING, BY_FIRST_SHOWING_BACKWARDS),
        expands=("film", "people", "images"),
        formats=("json", "csv", "jsonl", "ics"),
        alone=("json", "jsonld", "ics"),
        further=(
            Field(
                "showings",
                {"type": "array", "items": {"$ref": "#/components/schemas/Showing"}},
                "Its showings by start, the first 400; only where one event is asked for.",
                [],
            ),
        ),
    ),
    Resource(
        kind=Kind.SHOWING,
        name="showings",
        one="showing",
        component="Showing",
        about="When and where an event takes place, and whether there are tickets left.",
        columns=showings.COLUMNS,
        fields=showings.FIELDS,
        write=showings.write,
        visible=_unhidden(Showing, event__hidden_at=None),
        find=find_showings,
        filters=_PROGRAMME_FILTERS,
        orders=(BY_START, BY_START_BACKWARDS, BY_ID, BY_ID_BACKWARDS, BY_RELEVANCE, BY_DISTANCE),
        expands=("venue", "event", "film", "images"),
        formats=("json", "csv", "jsonl", "geojson", "ics"),
        alone=("json", "jsonld", "ics"),
    ),
    Resource(
        kind=Kind.FILM,
        name="films",
        one="film",
        component="Film",
        about="Films, with credits and the festivals that selected them.",
        columns=films.COLUMNS,
        fields=films.FIELDS,
        write=films.write,
        visible=_unhidden(Film),
        find=find_films,
        filters=("q", "provider", "festival", "section", "language"),
        expands=("people", "images"),
    ),
    Resource(
        kind=Kind.PERSON,
        name="people",
        one="person",
        component="Person",
        about="People with a public profile. A name in a credit alone makes no object here.",
        columns=people.COLUMNS,
        fields=people.FIELDS,
        write=people.write,
        visible=_unhidden(Person, public=True),
        find=find_people,
        expands=("images",),
        filters=("q", "provider"),
        further=(people.CREDITS,),
    ),
    Resource(
        kind=Kind.VENUE,
        name="venues",
        one="venue",
        component="Venue",
        about="Places.",
        columns=venues.COLUMNS,
        fields=venues.FIELDS,
        write=venues.write,
        visible=_unhidden(Venue),
        find=find_venues,
        expands=("images",),
        filters=("q", "provider", "city", "country"),
        formats=("json", "csv", "jsonl", "geojson"),
    ),
    Resource(
        kind=Kind.FESTIVAL,
        name="festivals",
        one="festival",
        component="Festival",
        about="Editions of festivals.",
        columns=festivals.COLUMNS,
        fields=festivals.FIELDS,
        write=festivals.write,
        visible=_unhidden(Festival),
        find=find_festivals,
        expands=("images",),
        filters=("q", "provider", "from", "to"),
    ),
    Resource(
        kind=Kind.SECTION,
        name="sections",
        one="section",
        component="Section",
        about="Themes within a festival.",
        columns=festivals.SECTION_COLUMNS,
        fields=festivals.SECTION_FIELDS,
        write=festivals.write_sections,
        visible=_unhidden(Section, festival__hidden_at=None),
        find=find_sections,
        filters=("q", "provider", "festival"),
    ),
    Resource(
        kind=Kind.ORGANISATION,
        name="organisations",
        one="organisation",
        component="Organisation",
        about="Organisers and agencies.",
        columns=organisations.COLUMNS,
        fields=organisations.FIELDS,
        write=organisations.write,
        visible=_unhidden(Organisation),
        find=find_organisations,
        expands=("images",),
        filters=("q", "provider"),
    ),
    Resource(
        kind=Kind.CATEGORY,
        name="categories",
        one="category",
        component="Category",
        about="Words that events are filed under: types, styles, tags.",
        columns=categories.COLUMNS,
        fields=categories.FIELDS,
        write=categories.write,
        visible=_unhidden(Category),
        find=find_categories,
        filters=("q", "provider"),
        alone=("json",),
    ),
)
RESOURCES: Mapping[str, Resource] = {resource.name: resource for resource in _TABLE}
