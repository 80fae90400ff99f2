"""Places around a place: great-circle distances, and what stands in for a venue whose position nobody knows.

A venue without coordinates, or with those of its city only, counts as lying at the middle of the venues in the same
city whose position is known: *about* there. A venue in a city of which we know no position is not placed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt

from aggregator.models import Venue
from aggregator.search.criteria import Near
from aggregator.vocabulary import CoordinatePrecision

EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a venue lies from the place asked for; *about* where its city stands in for it."""

    km: float
    about: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The venues within the radius, by our id, and those whose position is not known at all."""

    within: Mapping[int, Distance]
    not_placed: frozenset[int]


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in kilometres between two places in degrees (haversine, a sphere)."""
    phi, other_phi = radians(latitude), radians(other_latitude)
    north, east = (other_phi - phi) / 2, radians(other_longitude - longitude) / 2
    chord = sin(north) ** 2 + cos(phi) * cos(other_phi) * sin(east) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(chord)))


def surroundings(near: Near) -> Surroundings:
    """What lies around *near*. One query."""
    rows = Venue.objects.filter(hidden_at=None).values_list(
        "id", "city", "country", "latitude", "longitude", "coordinates"
    )
    exact: dict[int, tuple[float, float]] = {}
    vague: dict[int, tuple[str, str]] = {}
    placed: dict[int, tuple[float, float]] = {}
    cities: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for venue, city, country, latitude, longitude, precision in rows.iterator(chunk_size=2000):
        town = city.casefold(), country
        if latitude is not None:
            cities[town].append((latitude, longitude))
            if precision != CoordinatePrecision.CITY:
                exact[venue] = latitude, longitude
                continue
            # Where nobody says which city it is, it still lies about there.
            if not city:
                placed[venue] = latitude, longitude
        vague[venue] = town
    centres = {town: _middle(places) for town, places in cities.items() if town[0]}
    within = _within(near, exact, about=False)
    placed |= {venue: centres[town] for venue, town in vague.items() if town in centres}
    within |= _within(near, placed, about=True)
    return Surroundings(within, frozenset(vague.keys() - placed.keys()))


def _within(near: Near, places: Mapping[int, tuple[float, float]], *, about: bool) -> dict[int, Distance]:
    """Those of *places* in the circle; what lies outside the box around it is not measured."""
    north = degrees(near.radius_km / EARTH_KM) * 1.001
    found = {}
    for venue, (latitude, longitude) in places.items():
        if abs(latitude - near.latitude) <= north:
            km = distance_km(near.latitude, near.longitude, latitude, longitude)
            if km <= near.radius_km:
                found[venue] = Distance(km, about)
    return found


def _middle(places: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """The middle of places that lie in one city, away from poles and the date line."""
    latitudes, longitudes = zip(*places, strict=True)
    return sum(latitudes) / len(latitudes), sum(longitudes) / len(longitudes)
