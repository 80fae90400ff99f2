"""Finding showings and events, in the plain way: filters, and words looked for in folded titles and venue
names.

Everybody who lists showings or events comes through ``find_showings`` and ``find_events``; what a better
search needs is put behind these two.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import DateField, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from aggregator.models import Event, Showing, Venue
from aggregator.search.criteria import Criteria

MOST_WORDS = 8
COUNTED = 10_000


def find_showings(criteria: Criteria) -> QuerySet[Showing]:
    """Showings that visitors may see and that meet all of *criteria*, in programme order: day, start, id.

    Withdrawn and hidden showings, and showings of hidden events, are left out. The past is included.
    """
    found = _matching(criteria)
    if criteria.start:
        found = found.filter(local_start_date__gte=_earliest(criteria.start))
    return found.order_by("local_start_date", "starts_at", "id")


def _matching(criteria: Criteria) -> QuerySet[Showing]:
    """What ``find_showings`` finds, in no order."""
    found = Showing.objects.public().filter(event__hidden_at=None)
    if criteria.providers:
        found = found.filter(provider__in=criteria.providers)
    if criteria.start:
        found = found.filter(local_end_date__gte=criteria.start)
    if criteria.end:
        found = found.filter(local_start_date__lte=criteria.end)
    if criteria.festivals:
        found = found.filter(event__festival__in=criteria.festivals)
    if criteria.kinds:
        found = found.filter(showing_kind__in=criteria.kinds)
    if criteria.availability:
        found = found.filter(availability__in=criteria.availability)
    if criteria.free:
        found = found.filter(event__is_free__in=criteria.free)
    if criteria.venues:
        found = found.filter(_held_in(criteria.venues))
    if criteria.cities:
        found = found.filter(_held_in(_venues_in(criteria.cities)))
    if criteria.texts:
        found = found.filter(_speaks_of(criteria.texts))
    return found


def find_events(criteria: Criteria) -> QuerySet[Event]:
    """Events that visitors may see and that meet *criteria*, by id.

    What concerns time, place and tickets must be met by one and the same showing; ``kinds`` are the event's
    own.
    """
    found = Event.objects.public()
    if criteria.providers:
        found = found.filter(provider__in=criteria.providers)
    if criteria.festivals:
        found = found.filter(festival__in=criteria.festivals)
    if criteria.kinds:
        found = found.filter(event_kind__in=criteria.kinds)
    if criteria.free:
        found = found.filter(is_free__in=criteria.free)
    if criteria.start or criteria.end or criteria.cities or criteria.venues or criteria.availability:
        found = found.filter(Exists(_showings_of_event(criteria)))
    elif criteria.texts:
        titles = [_all_words(text, lambda word: Q(folded__contains=word)) for text in criteria.texts]
        found = found.filter(reduce(or_, titles) | Q(Exists(_showings_of_event(criteria))))
    return found.order_by("id")


def by_first_showing(events: QuerySet[Event], criteria: Criteria, backwards: bool) -> QuerySet[Event]:
    """*events* by the first showing of each that meets *criteria*; those without one at the end."""
    first = _showings_of_event(criteria).order_by("starts_at").values("starts_at")[:1]
    start = Subquery(first)
    order = start.desc(nulls_last=True) if backwards else start.asc(nulls_last=True)
    return events.order_by(order, "-id" if backwards else "id")


def count(found: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows were found, counted up to ``COUNTED``, and whether there are more than that."""
    number = found.order_by()[: COUNTED + 1].count()
    return min(number, COUNTED), number > COUNTED


def _showings_of_event(criteria: Criteria) -> QuerySet[Showing]:
    narrowing = Criteria(
        texts=criteria.texts,
        start=criteria.start,
        end=criteria.end,
        cities=criteria.cities,
        venues=criteria.venues,
        availability=criteria.availability,
    )
    return _matching(narrowing).filter(event=OuterRef("pk"))


def _earliest(day: date) -> Coalesce:
    """The first day of all that goes on into *day*, else *day* itself.

    It adds nothing to what is found: it lets the database walk the programme in its own order from there, where it
    would otherwise gather every later row by its last day and sort them all.
    """
    long = Showing.objects.filter(local_end_date__gt=F("local_start_date"))
    into = long.filter(local_end_date__gte=day, local_start_date__lt=day).order_by()
    first = into.values(together=Value(1)).annotate(first=Min("local_start_date")).values("first")
    return Coalesce(Subquery(first), Value(day, output_field=DateField()))


def _held_in(venues: Iterable[int]) -> Q:
    """Showings whose first or any further venue is one of *venues*."""
    chosen = list(venues)
    further = Showing.further_venues.through.objects.filter(showing=OuterRef("pk"), venue__in=chosen)
    return Q(venue__in=chosen) | Q(Exists(further))


def _venues_in(cities: Iterable[str]) -> list[int]:
    wanted = {city.casefold() for city in cities}
    named = Venue.objects.filter(hidden_at=None).exclude(city="").values_list("id", "city")
    return [venue for venue, city in named.iterator() if city.casefold() in wanted]


def _speaks_of(texts: Iterable[str]) -> Q:
    """Showings that hold all words of one of *texts* in their titles, their event's titles or their first
    venue.

    Venue names are folded here and not in the database: neither database folds å, ä and ö unless told how.
    """
    rows = Venue.objects.filter(hidden_at=None).values_list("id", "name", "house", "city")
    venues = [(venue, "\n".join(names).casefold()) for venue, *names in rows.iterator()]

    def found(word: str) -> Q:
        held = Q(event__folded__contains=word) | Q(folded__contains=word)
        there = [venue for venue, names in venues if word in names]
        return held | Q(venue__in=there) if there else held

    return reduce(or_, [_all_words(text, found) for text in texts])


def _all_words(text: str, found: Callable[[str], Q]) -> Q:
    words = text.casefold().split()[:MOST_WORDS]
    return reduce(and_, [found(word) for word in words])
