"""Swedish towns with invented houses and organisers."""

from __future__ import annotations

from dataclasses import dataclass

from providers.simulation.world.dice import Dice
from providers.simulation.world.wordlist import words

# Town, districts (the first is the centre).
TOWNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Stockholm", ("Södermalm", "Vasastan", "Kungsholmen", "Östermalm", "Gamla stan", "Årsta")),
    ("Göteborg", ("Majorna", "Haga", "Linnéstaden", "Hisingen")),
    ("Malmö", ("Möllevången", "Västra Hamnen", "Kirseberg")),
    ("Uppsala", ("Luthagen", "Kåbo", "Fålhagen")),
    ("Mora", ("Centrum", "Sollerön")),
    ("Ystad", ("Gamla staden", "Surbrunn")),
    ("Umeå", ("Haga", "Öbacka")),
    ("Luleå", ("Gammelstad", "Östermalm")),
    ("Visby", ("Innerstaden", "Söder")),
    ("Härnösand", ("Östanbäcken", "Kronholmen")),
    ("Kalmar", ("Kvarnholmen", "Malmen")),
    ("Örebro", ("Söder", "Öster")),
    ("Norrköping", ("Industrilandskapet", "Norr")),
    ("Falun", ("Östanfors", "Elsborg")),
    ("Östersund", ("Frösön", "Centrum")),
    ("Växjö", ("Öster", "Söder")),
    ("Sundsvall", ("Stenstan", "Norrmalm")),
    ("Kiruna", ("Centrum", "Jukkasjärvi")),
    ("Simrishamn", ("Brantevik", "Hamnen")),
    ("Hudiksvall", ("Öster", "Fiskarstan")),
)

_HOUSES = words(
    "Kvarnteatern|Gamla Tingshuset|Ångkvarnen|Folkets Hus|Norra Ladan|Missionskyrkan|Källarscenen|"
    "Vita Salongen|Trikåfabriken|Musikhuset Oktaven|Bryggeriscenen|Sankt Lars kyrka|Hattbodens teater|"
    "Spegelsalen|Bondkomikern & Co|Gasklockan|Stadsbiblioteket|Lilla Operan|Slakthusateljén|Tegelbruket|"
    "Magasin 5|Badhusparken|Skeppsbroscenen|Kulturhuset Kajutan"
)

_STREETS = words(
    "Kvarngränd|Storgatan|Bryggargatan|Ladugårdsvägen|Södra Hamngatan|Prästgatan|Hattmakargatan|Nygatan|"
    "Drottninggatan|Åsögränd|Trädgårdsgatan|Spinnerivägen|Fiskargatan|Skolgatan|Öbergsväg"
)

_COMPANIES = words(
    "Teater Sju Steg|Föreningen Nattljus|Kammarmusikens Vänner i {0}|{0} Jazzklubb|Dansgruppen Vinkel|"
    "Norra Ladans Vänner|Riksbygdens Scen|Scenkonst {0}|Pjäsbolaget|Allsång & Söner AB|Berättarkompaniet|"
    "{0}s Studentspex|Sällskapet Lyra|Kulturföreningen Grannlåt|Humorfabriken|Barnens Teaterhus {0}|"
    'Föreläsningsföreningen {0}|Opera på Hjul|Folkmusikhuset|Klubb "Sent"'
)


@dataclass(frozen=True)
class Hall:
    """A place for an evening. Texts are None where the organiser does not say."""

    number: int
    name: str | None
    street: str | None
    vicinity: str | None
    city: str | None
    seats: int


@dataclass(frozen=True)
class Organiser:
    """Who puts an evening on, and in which town (its position in TOWNS)."""

    number: int
    name: str
    town: int
    has_logo: bool


def hall(seed: int, number: int) -> Hall:
    """The hall with this number; the town follows from the number. Some say little, one in forty nothing."""
    dice = Dice(seed, "hall", number)
    town, districts = TOWNS[number % len(TOWNS)]
    seats = dice.pick((25, 40, 60, 80, 90, 120, 180, 240, 350, 600, 900))
    if dice.chance(0.025):
        return Hall(number, None, None, None, None, seats)
    if dice.chance(0.04):
        return Hall(number, None, None, None, town, seats)
    return Hall(
        number,
        dice.pick(_HOUSES),
        None if dice.chance(0.06) else f"{dice.pick(_STREETS)} {dice.between(1, 94)}",
        None if dice.chance(0.15) else dice.pick(districts),
        town,
        seats,
    )


def organiser(seed: int, number: int) -> Organiser:
    """The organiser with this number."""
    dice = Dice(seed, "organiser", number)
    town = number % len(TOWNS)
    name = dice.pick(_COMPANIES).format(TOWNS[town][0])
    return Organiser(number, name, town, dice.chance(0.7))
