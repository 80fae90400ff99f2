"""The programme on a map: every venue with how much of it takes place there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Min

from aggregator.addresses import path_of
from aggregator.models import Showing, Venue
from aggregator.search.criteria import Criteria, Near
from aggregator.search.near import distance_km
from aggregator.search.showings import COUNTED, find_showings, not_placed
from aggregator.vocabulary import CoordinatePrecision, Kind
from aggregator.web import clock
from aggregator.web.cards import venue_name
from aggregator.web.listings.state import State, View

MOST = 300


@dataclass(frozen=True, slots=True)
class Spot:
    """A venue on the map. *latitude* and *longitude* are degrees; *about* says that its city stands in for it.
    *next* is the day of its first showing; *distance* is in kilometres from the place asked for, or None.
    """

    id: int
    name: str
    path: str
    city: str
    latitude: float | None
    longitude: float | None
    about: bool
    number: int
    next: str
    distance: float | None
    query: str


@dataclass(frozen=True, slots=True)
class Places:
    """What a map shows: the venues that can be placed, nearest or fullest first, and what cannot be.

    *not_placed* is the number of showings at venues whose place nobody knows, or at none. *more* says that there are
    more venues than are shown.
    """

    spots: tuple[Spot, ...]
    unplaced: tuple[Spot, ...]
    not_placed: int
    more: bool


def places_of(state: State, effective: Criteria) -> Places:
    """Where what meets *effective* takes place, by its first ``COUNTED`` showings. At most five queries."""
    # As many as facets count: a map of everything there will ever be is no use and costs a second.
    found = Showing.objects.filter(id__in=find_showings(effective).values("id")[:COUNTED]).order_by()
    counted = found.values_list("venue").annotate(number=Count("id"), first=Min("local_start_date"))
    rows = list(counted.order_by("-number", "venue")[: MOST + 1])
    elsewhere = sum(number for venue, number, _ in rows if venue is None)
    venues = Venue.objects.filter(hidden_at=None).in_bulk([venue for venue, _, _ in rows[:MOST] if venue])
    centres = _centres(venues.values())
    spots = [
        _spot(state, venues[venue], number, clock.short_day(first), centres)
        for venue, number, first in rows[:MOST]
        if venue in venues
    ]
    placed = [spot for spot in spots if spot.latitude is not None]
    if effective.near:
        placed.sort(key=lambda spot: (spot.distance or 0.0, spot.id))
    unplaced = tuple(spot for spot in spots if spot.latitude is None)
    # Around a place, whatever has none is not among what was found.
    elsewhere += not_placed(effective)[0]
    hidden = sum(number for venue, number, _ in rows[:MOST] if venue and venue not in venues)
    return Places(
        spots=tuple(placed),
        unplaced=unplaced,
        not_placed=elsewhere + hidden + sum(spot.number for spot in unplaced),
        more=len(rows) > MOST,
    )


def _spot(
    state: State, venue: Venue, number: int, day: str, centres: Mapping[tuple[str, str], tuple[float, float]]
) -> Spot:
    about = venue.latitude is None or venue.coordinates == CoordinatePrecision.CITY
    at = (venue.latitude, venue.longitude)
    if venue.latitude is None or venue.longitude is None:
        at = centres.get(_town(venue), (None, None))
    name = venue_name(venue)
    return Spot(
        id=venue.pk,
        name=name,
        path=path_of(Kind.VENUE, venue.pk, name) if name else "",
        city=venue.city,
        latitude=at[0],
        longitude=at[1],
        about=about,
        number=number,
        next=day,
        distance=_distance(state.criteria.near, at),
        query=state.query({"venue": [str(venue.pk)]}, view=View.LIST),
    )


def _distance(near: Near | None, at: Sequence[float | None]) -> float | None:
    latitude, longitude = at
    if near is None or latitude is None or longitude is None:
        return None
    return distance_km(near.latitude, near.longitude, latitude, longitude)


def _centres(venues: Iterable[Venue]) -> dict[tuple[str, str], tuple[float, float]]:
    """The middle of the known positions in every city that a venue of *venues* without one lies in."""
    wanted = {_town(venue) for venue in venues if venue.latitude is None and venue.city}
    if not wanted:
        return {}
    known: Any = Venue.objects.filter(hidden_at=None, latitude__isnull=False).exclude(city="").order_by()
    means = known.values_list("city", "country").annotate(Avg("latitude"), Avg("longitude"))
    found = ((city.casefold(), country, at) for city, country, *at in means)
    return {(city, country): (at[0], at[1]) for city, country, at in found if (city, country) in wanted}


def _town(venue: Venue) -> tuple[str, str]:
    return venue.city.casefold(), venue.country
