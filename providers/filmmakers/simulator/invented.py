"""Invented actors and agencies: each follows from the seed and its number, and from the clock how old and how new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from providers.filmmakers.simulator.words import LISTS
from providers.simulation.world import World
from providers.simulation.world.calendar import DAY
from providers.simulation.world.dice import Dice
from providers.simulation.world.people import TRADITIONS, person

BERLIN = ZoneInfo("Europe/Berlin")
FIRST_ID = 4711
DELETED, MERGED = 4712, 4715

_NAMED = [
    each for each in TRADITIONS if each.language in {"German", "English", "French", "Polish", "Swedish"}
]
_LATER = ("franzosisch", "italienisch", "spanisch", "polnisch", "turkisch", "gebardensprache", "schwedisch")
_CITIES = (
    ("Berlin", "DE", "DE-BE", 52.520007, 13.404954),
    ("Hamburg", "DE", "DE-HH", 53.551086, 9.993682),
    ("München", "DE", "DE-BY", 48.135125, 11.581981),
    ("Köln", "DE", "DE-NW", 50.937531, 6.960279),
    ("Leipzig", "DE", "DE-SN", 51.339696, 12.373075),
    ("Wien", "AT", "AT-9", 48.208174, 16.373819),
    ("Zürich", "CH", "CH-ZH", 47.376887, 8.541694),
)
_BORN_IN = (
    "Görlitz",
    "Darmstadt",
    "Flensburg",
    "Graz",
    "Passau",
    "Bern",
    "Stralsund",
    "Whitby",
    "Kiel",
    "Erfurt",
)
_EYES, _HAIR, _LENGTHS = (tuple(LISTS[name]) for name in ("eye_color", "hair_color", "hair_length"))
_ABOUT = (
    ("Plays the cello and sails.", "Plays the <strong>cello</strong> and sails."),
    ("Trained as a carpenter before the stage.", "Trained as a carpenter <em>before</em> the stage."),
    ("Grew up between two languages and three islands.", "Grew up between two languages and three islands."),
    ("Reads bedtime stories for the radio.", "Reads <em>bedtime stories</em> for the radio."),
)
AGENCIES = (
    (31, "Agentur Solms & Partner", "Berlin", "DE", "A small agency for stage and screen."),
    (38, "Kulisse Nord", "Hamburg", "DE", "Faces and voices from the coast."),
    (44, "Agentur Lindenhof", "München", "DE", "Acting, dubbing, and good coffee."),
    (57, "Voce Alta", "Zürich", "CH", "Voices in seven languages."),
    (63, "Donaukanal Talente", "Wien", "AT", "Viennese actors for everywhere."),
    (71, "Harbour & Reed Actors", "Köln", "DE", "English-speaking talent on the continent."),
)


@dataclass(frozen=True)
class Actor:
    """What is fixed about somebody. *period* is how often, in seconds, the profile is touched."""

    number: int
    id: int
    first_name: str
    last_name: str
    gender: str
    born: int
    city: tuple[str, str, str, float, float]
    agency: int
    period: int
    phase: int

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def is_young(self) -> bool:
        """A child, with a profile of young talent."""
        return self.number % 20 == 10

    @property
    def is_young_of_unknown_age(self) -> bool:
        """Somebody of young talent who does not say how old."""
        return self.number % 60 == 15

    @property
    def is_private(self) -> bool:
        """Not for the public."""
        return self.number % 9 == 8

    @property
    def hides_age(self) -> bool:
        """Only casting professionals may see how old."""
        return self.number % 11 == 5


def id_of(number: int) -> int:
    """The id of the profile number *number*: they rise, and two of them are gone."""
    found = FIRST_ID + number
    found += found >= DELETED
    return found + (found >= MERGED)


def number_of(profile_id: int) -> int:
    """The other way round; what is gone has no number of its own (-1)."""
    if profile_id in (DELETED, MERGED) or profile_id < FIRST_ID:
        return -1
    return profile_id - FIRST_ID - (profile_id > DELETED) - (profile_id > MERGED)


@lru_cache(maxsize=20_000)
def actor(seed: int, number: int) -> Actor:
    """Profile number *number*."""
    dice = Dice(seed, "actor", number)
    if number == 0:
        first, last = "Mira", "Talbach"
    else:
        first, _, last = person(dice, dice.pick(_NAMED)).name.partition(" ")
    young = number % 20 == 10
    return Actor(
        number=number,
        id=id_of(number),
        first_name=first,
        last_name=last,
        gender="f" if number == 0 else dice.pick(("f", "m", "f", "m", "f", "m", "i")),
        born=dice.between(2012, 2016) if young else 1985 if number == 0 else dice.between(1946, 2003),
        city=_CITIES[0] if number == 0 else dice.pick(_CITIES),
        agency=31 if number == 0 else dice.pick(AGENCIES)[0],
        period=dice.between(40, 120) * DAY,
        phase=dice.below(120 * DAY) * 1000 + dice.below(1000),
    )


def touched(found: Actor, world: World) -> datetime:
    """When the profile was last touched by itself: milliseconds, in the past."""
    now, period = world.instant() * 1000, found.period * 1000
    last = (now - found.phase) // period * period + found.phase
    return datetime.fromtimestamp(last // 1000, UTC).replace(microsecond=last % 1000 * 1000)


def stamp(moment: datetime) -> str:
    """As upstream writes a time: Berlin's wall time with milliseconds."""
    return moment.astimezone(BERLIN).isoformat(timespec="milliseconds")


def traits(seed: int, found: Actor) -> dict[str, object]:
    """Skills, looks and the rest of the closed lists."""
    dice = Dice(seed, "traits", found.number)
    native = "englisch" if found.agency == 71 and found.number else "deutsch"
    second = "deutsch" if native == "englisch" else "englisch"
    tongues = {native: "muttersprachlich", second: dice.pick(("fliessend", "gut"))}
    tongues |= {each: dice.pick(("gut", "grundkenntnisse")) for each in dice.sample(_LATER, dice.below(3))}
    sports = dice.sample(tuple(LISTS["sports"]), dice.between(1, 3))
    dialect, pitch = dice.pick(tuple(LISTS["dialects"])), dice.pick(tuple(LISTS["pitches"]))
    figure = dice.pick(tuple(LISTS["figures"]))

    def some(name: str, most: int) -> dict[str, str]:
        chosen = dice.sample(tuple(LISTS[name]), dice.between(0, most))
        return {value: dice.pick(("gut", "kann", "grundkenntnisse")) for value in chosen}

    return {
        "height": dice.between(152, 198),
        "weight": dice.between(48, 104),
        "native_dialect": dialect,
        "native_dialects": [dialect],
        "eye_color": dice.pick(_EYES),
        "hair_color": dice.pick(_HAIR),
        "hair_length": dice.pick(_LENGTHS),
        "ethnic_appearances": ["mitteleuropaisch"],
        "figure": figure,
        "figures": [figure],
        "pitch": pitch,
        "pitches": [pitch],
        "nationalities": dice.sample(tuple(LISTS["nationalities"]), dice.pick((1, 1, 1, 2))),
        "languages": tongues,
        "dialects": {dialect: "kann"},
        "accents": some("accents", 2),
        "instruments": some("instruments", 2),
        "sports": sports,
        "sport_skills": dict.fromkeys(sports, "gut"),
        "dances": some("dances", 2),
        "singing": some("singing", 1),
        "special_skills": some("special_skills", 1),
        "drivers_licenses": ["pkw-klasse-b-be"] if dice.chance(0.7) else [],
        "licenses": ["tauchschein"] if dice.chance(0.1) else [],
        "unions": ["bffs"] if dice.chance(0.5) else [],
        "place_of_birth": dice.pick(_BORN_IN),
        "accommodation_options": [city[0] for city in dice.sample(_CITIES, 2)],
    }


def about(seed: int, found: Actor) -> tuple[str, str] | None:
    """A few words about oneself, plain and rich, or nothing."""
    dice = Dice(seed, "about", found.number)
    return dice.pick(_ABOUT) if dice.chance(0.8) else None
