"""All that the page of one venue shows, with a drawing of where it lies that needs no map and no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import cos, hypot, radians
from typing import Any

from django.utils.translation import gettext as _

from aggregator.addresses import path_of, web_link
from aggregator.models import Image, Venue
from aggregator.search.criteria import Criteria
from aggregator.vocabulary import CoordinatePrecision, Kind
from aggregator.web import clock, numbers, structured
from aggregator.web.attribution import Attribution, Link, attribution
from aggregator.web.cards import venue_name
from aggregator.web.countries import country_name
from aggregator.web.elsewhere import elsewhere
from aggregator.web.illustration import picture_of
from aggregator.web.origins import Origin
from aggregator.web.structured.writing import Thing
from aggregator.web.texts import Text, pick, pick_rich
from aggregator.web.timetable import Programme, coming

#: Metres per degree of latitude, on the sphere that is good enough for a sketch.
_DEGREE = 111_195.0
_RINGS = (250, 500, 1000, 2500, 5000)
#: Half the width of the drawing in its own units, and the part of it that the outer ring takes.
_HALF = 200.0
_ROOM = 0.88
MOST_NEIGHBOURS = 14


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle around the venue: *radius* in units of the drawing, and how far it is in words."""

    radius: float
    label: str

    @property
    def top(self) -> float:
        """Where its label stands."""
        return _HALF - self.radius - 4


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another venue near by: where it stands in the drawing, and how far away in words. *number* is its label there."""

    number: int
    name: str
    path: str
    x: float
    y: float
    latitude: float
    longitude: float
    distance: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """The surroundings of a venue, north up, in a square of 400 units with the venue at (200, 200). *reach* is how far
    the outer ring is, in kilometres.
    """

    reach: float
    rings: tuple[Ring, ...]
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class VenuePage:
    """One venue for a template. *roughly* says that only its city's position is known; *zone_note* names its zone where
    that is not the site's.
    """

    name: str
    kind: Text
    withdrawn: bool
    address: tuple[str, ...]
    phone: str
    website: str
    description: Text
    sketch: Sketch | None
    roughly: bool
    position: str
    map_url: str
    zone_note: str
    programme: Programme
    elsewhere: tuple[Link, ...]
    picture: Image | None
    attribution: Attribution
    structured: tuple[Thing, ...]


def find(pk: int) -> Venue | None:
    """The venue with our id *pk*, withdrawn or not; None where there is none or it is hidden by hand."""
    return Venue.objects.filter(pk=pk, hidden_at=None).select_related("picture").first()


def describe(venue: Venue, language: str, now: datetime, known: Mapping[str, Origin]) -> VenuePage:
    """The page of *venue* for a visitor who reads *language*; *known* are the providers by slug."""
    placed = venue.latitude is not None and venue.longitude is not None
    exact = placed and venue.coordinates == CoordinatePrecision.EXACT
    city = " ".join(filter(None, (venue.postal_code, venue.city)))
    land = ", ".join(filter(None, (venue.region, country_name(venue.country) if venue.country else "")))
    place = f"{venue.latitude:.5f},{venue.longitude:.5f}" if exact else ""
    return VenuePage(
        name=name_of(venue),
        kind=pick(venue.types, language),
        withdrawn=venue.withdrawn_at is not None,
        address=tuple(filter(None, (venue.street, venue.vicinity, city, land))),
        phone=venue.phone,
        website=web_link(venue.website),
        description=pick_rich(venue.descriptions, language),
        sketch=sketch(venue) if exact else None,
        roughly=placed and not exact,
        position=place,
        map_url=_map_url(venue) if exact else "",
        zone_note=clock.zone_label(venue.zone) if venue.zone not in ("", clock.SITE_ZONE) else "",
        programme=coming(Criteria(venues=(venue.pk,)), language, now, known),
        elsewhere=elsewhere(venue, language),
        picture=picture_of(venue),
        attribution=attribution(venue, known, now),
        structured=(structured.venue(venue, language),),
    )


def name_of(venue: Venue) -> str:
    """A venue's name with its house; its city or a word where it has none."""
    return venue_name(venue) or venue.city or _("Unnamed place")


def sketch(venue: Venue) -> Sketch:
    """What lies around *venue*, which has coordinates: the nearest other venues, within 5 km. One query."""
    near = _neighbours(venue)
    farthest = max((metres for metres, _east, _north, _row in near), default=0.0)
    outer = next((ring for ring in _RINGS if ring >= farthest), _RINGS[-1])
    scale = _HALF * _ROOM / outer
    return Sketch(
        reach=outer / 1000,
        rings=tuple(
            Ring(round(ring * scale, 1), _distance(ring)) for ring in _RINGS if outer / 5 < ring <= outer
        ),
        neighbours=tuple(
            Neighbour(
                number=number,
                name=name_of(row),
                path=path_of(Kind.VENUE, row.pk, str(row)),
                x=round(_HALF + east * scale, 1),
                y=round(_HALF - north * scale, 1),
                latitude=row.latitude,
                longitude=row.longitude,
                distance=_distance(metres),
            )
            for number, (metres, east, north, row) in enumerate(near, start=1)
        ),
    )


def _neighbours(venue: Venue) -> list[tuple[float, float, float, Any]]:
    """(metres away, metres east, metres north, row) of the nearest others, nearest first."""
    latitude, longitude = venue.latitude or 0.0, venue.longitude or 0.0
    width = _DEGREE * max(cos(radians(latitude)), 0.01)
    reach = _RINGS[-1]
    rows = Venue.objects.public().filter(
        coordinates=CoordinatePrecision.EXACT,
        latitude__range=(latitude - reach / _DEGREE, latitude + reach / _DEGREE),
        longitude__range=(longitude - reach / width, longitude + reach / width),
    )
    found = []
    for row in rows.exclude(pk=venue.pk).order_by("id")[:500]:
        east, north = (row.longitude - longitude) * width, (row.latitude - latitude) * _DEGREE
        metres = hypot(east, north)
        if metres <= reach:
            found.append((metres, east, north, row))
    return sorted(found, key=lambda one: (one[0], one[3].pk))[:MOST_NEIGHBOURS]


def _distance(metres: float) -> str:
    """A distance in words, rounded as one would say it."""
    if metres < 950:
        return _("%(metres)d m") % {"metres": max(round(metres / 50) * 50, 50)}
    return _("%(kilometres)s km") % {"kilometres": numbers.amount(round(Decimal(metres) / 1000, 1), places=1)}


def _map_url(venue: Venue) -> str:
    """Where a map of the place can be opened; only a link, nothing is loaded from there."""
    place = f"{venue.latitude:.5f}/{venue.longitude:.5f}"
    return (
        f"https://www.openstreetmap.org/?mlat={venue.latitude:.5f}&mlon={venue.longitude:.5f}#map=17/{place}"
    )
