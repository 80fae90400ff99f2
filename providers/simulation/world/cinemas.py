"""Invented cinemas in Stockholm. Districts and streets are real, houses are not."""

from __future__ import annotations

from dataclasses import dataclass

from providers.simulation.world.dice import Dice
from providers.simulation.world.wordlist import words

DISTRICTS: tuple[tuple[str, float, float], ...] = (
    ("Södermalm", 59.3145, 18.0731),
    ("Vasastan", 59.3442, 18.0500),
    ("Östermalm", 59.3367, 18.0866),
    ("Kungsholmen", 59.3318, 18.0290),
    ("Gamla stan", 59.3250, 18.0707),
    ("Norrmalm", 59.3345, 18.0632),
    ("Hornstull", 59.3158, 18.0340),
    ("Liljeholmen", 59.3107, 18.0220),
    ("Hägersten", 59.2968, 17.9906),
    ("Midsommarkransen", 59.3020, 18.0120),
    ("Skarpnäck", 59.2668, 18.1330),
    ("Farsta", 59.2435, 18.0933),
    ("Sundbyberg", 59.3610, 17.9714),
    ("Solna", 59.3600, 18.0009),
    ("Vällingby", 59.3635, 17.8720),
    ("Gärdet", 59.3469, 18.1017),
    ("Enskede", 59.2800, 18.0700),
    ("Bromma", 59.3390, 17.9400),
)

# House name, number of screens, district index. Numbered screens have names like "Polstjärnan 2".
HOUSES: tuple[tuple[str, int, int], ...] = (
    ("Norrskenet", 1, 5),
    ("Polstjärnan", 3, 2),
    ("Bio Ankaret", 1, 0),
    ("Kvadraten", 2, 1),
    ("Draken & Lejonet", 1, 3),
    ("Klara Ljus", 1, 5),
    ("Filmladan", 2, 15),
    ("Bio Tellus Minor", 1, 9),
)

_FIRST = ("Bio", "Biograf", "Salong", "Kino", "Saga", "Cinema")
_SECOND = words(
    "Aftonstjärnan|Fenix|Lyktan|Flora|Eken|Kometen|Svea|Bryggan|Måsen|Linden|Sparven|Kupolen|Ateljén|"
    "Terrassen|Verkstan|Victoria|Amiralen|Spegeln"
)


@dataclass(frozen=True)
class Screen:
    """One screen. `lat`, `lon` are 0 where nobody knows; `house` is "" where it is its own."""

    number: int
    name: str
    house: str
    kind_sv: str
    kind_en: str
    lat: float
    lon: float


def _near(dice: Dice, district: int) -> tuple[float, float]:
    _, lat, lon = DISTRICTS[district]
    return round(lat + (dice.fraction() - 0.5) / 100, 4), round(lon + (dice.fraction() - 0.5) / 100, 4)


def _houses(seed: int) -> list[Screen]:
    screens: list[Screen] = []
    for house, count, district in HOUSES:
        lat, lon = _near(Dice(seed, "house", house), district)
        for number in range(1, count + 1):
            name = f"{house} {number}" if count > 1 else house
            screens.append(Screen(len(screens) + 1, name, house, "Biograf", "Cinema", lat, lon))
    return screens


def _oddities(first: int) -> list[Screen]:
    """Places without coordinates, one place twice, a name that ends in a hard space."""
    names = (
        ("Festivaltältet", "", "Tält", "Tent"),
        ("Bio Ankaret (Södermalm)", "", "Biograf", "Cinema"),
        ("Festivaltältet\u00a0", "", "Tält", "Tent"),
        ("Seminariesalen", "Filmladan", "Konferens", "Conference"),
        ("Takbaren", "", "Nattklubb", "Night club"),
    )
    return [
        Screen(first + at, name, house, sv, en, 0.0, 0.0) for at, (name, house, sv, en) in enumerate(names)
    ]


def screens(seed: int, count: int) -> tuple[Screen, ...]:
    """The city's screens by number, at least the well-known ones, more up to `count`."""
    found = _houses(seed)
    known = len(found)
    found += _oddities(known + 1)
    while len(found) < count:
        number = len(found) + 1
        dice = Dice(seed, "screen", number)
        district = dice.below(len(DISTRICTS))
        lat, lon = _near(dice, district)
        name = f"{dice.pick(_FIRST)} {dice.pick(_SECOND)} {DISTRICTS[district][0]}"
        found.append(Screen(number, f"{name} {dice.between(1, 9)}", name, "Biograf", "Cinema", lat, lon))
    return tuple(found)


def cinemas_for_films(known: tuple[Screen, ...]) -> tuple[Screen, ...]:
    """The screens on which films run (the oddities but one are for parties and seminars)."""
    ordinary = [screen for screen in known if screen.lat or screen.name.startswith("Festivaltältet")]
    return tuple(ordinary)
