"""What of a row is compared with others: one flat value for every kind, filled by ``gathering``."""

from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, radians, sin, sqrt

from aggregator.identity.names import Title, fold, title
from aggregator.vocabulary import LinkedKind

EARTH_KM = 6371.0088

#: A name in a role of a film or an event: an end of a link that is no row of its own.
CREDIT = LinkedKind.CREDIT


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A row, or a name in a credit, as far as telling whether two are one needs it.

    *key* is its external id; for a credit, one made of its owner and a digest of role and name. *year* is that of
    a film or of a person's birth; for a credit, that of its film. *starts* are minutes since 1970. *works* are
    folded titles that a person has in the vita, or the ones of a credit's owner. *point* is latitude and longitude
    in degrees where they are exact. *film_known* says that upstream itself named an event's film.
    """

    kind: str
    provider: str
    key: str
    row: int
    label: str
    names: tuple[str, ...]
    year: int | None = None
    imdb: str = ""
    people: frozenset[str] = frozenset()
    length: int | None = None
    city: str = ""
    street: str = ""
    house: str = ""
    point: tuple[float, float] | None = None
    starts: frozenset[int] = frozenset()
    places: frozenset[str] = frozenset()
    works: frozenset[str] = frozenset()
    professions: frozenset[str] = frozenset()
    role: str = ""
    addresses: frozenset[str] = frozenset()
    shows_films: bool = True
    film_known: bool = False

    @property
    def end(self) -> tuple[str, str, str]:
        """What names this end of a link: provider, kind, key."""
        return self.provider, self.kind, self.key

    @cached_property
    def titles(self) -> tuple[Title, ...]:
        """The names as titles, each once."""
        return tuple(dict.fromkeys(title(name) for name in self.names if name.strip()))

    @cached_property
    def town(self) -> str:
        """The folded city."""
        return fold(self.city)


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points in degrees, on a sphere."""
    (lat, lon), (lat2, lon2) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2000 * EARTH_KM * asin(sqrt(min(1.0, half)))
