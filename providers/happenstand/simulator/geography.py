"""Where a text is, by a table, and how far two points are apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from providers.happenstand.simulator import words
from providers.happenstand.simulator.catalogue import Place

Point = tuple[float, float]

_POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_SPACE = re.compile(r"[\s,]+")
_RADIUS_IN_MILES = 3958.7613

#: Beside the places' own addresses and the cities' zip codes.
KNOWN_TEXTS: dict[str, Point] = {
    "1234 jones st, sf ca": (37.7926, -122.4139),
    "1234 jones st, ca": (37.7926, -122.4139),
    "94103": (37.7726402, -122.4099154),
    "94710": (37.8655, -122.2981),
    "ferry building": (37.7955, -122.3937),
    "oakland": (37.8044, -122.2712),
    "san francisco": (37.7793, -122.4193),
}


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text).strip().lower()


def geocoder(places: Iterable[Place]) -> dict[str, Point]:
    """Text to coordinates: the known ones, every zip code and every address."""
    table = {zip_code: (float(lat), float(lng)) for _, _, zip_code, lat, lng, _ in words.CITIES} | KNOWN_TEXTS
    for place in places:
        where = (place.latitude, place.longitude)
        table[place.address] = where
        table[f"{place.address}, {place.city} {place.state}"] = where
    return {_folded(text): where for text, where in table.items()}


def located(query: str, table: dict[str, Point]) -> Point | None:
    """Latitude and longitude of a query, which may be these two; None where it cannot be located."""
    found = _POINT.fullmatch(query)
    if found is None:
        return table.get(_folded(query))
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def miles(one: Point, other: Point) -> float:
    """The distance along a great circle."""
    (lat, lng), (lat2, lng2) = one, other
    height, width = radians(lat2 - lat) / 2, radians(lng2 - lng) / 2
    chord = sin(height) ** 2 + cos(radians(lat)) * cos(radians(lat2)) * sin(width) ** 2
    return 2 * _RADIUS_IN_MILES * asin(sqrt(min(1.0, chord)))
