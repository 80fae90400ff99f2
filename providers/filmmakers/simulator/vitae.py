"""Invented credits: German and English titles of nothing that was ever made."""

from __future__ import annotations

from providers.filmmakers.simulator.invented import Actor
from providers.simulation.world.dice import Dice
from providers.simulation.world.people import TRADITIONS, person

_GERMAN = next(each for each in TRADITIONS if each.language == "German")
_FILMS = (
    *(
        "Das letzte Fährhaus",
        "Nebel über Klein Luckow",
        "Die Uhrmacherin",
        "Sieben Sommer später",
        "Kranichzug",
    ),
    *(
        "The Salt Ledger",
        "A Lantern for Ines",
        "Northbound Platform",
        "Hinter dem Deich",
        "Vom Verschwinden der Bienen",
    ),
)
_SERIES = ("Küstenwache Süd", "Revier Lindenau", "Die Kanzlei am Markt", "Harbour Lights", "Doktor Wieland")
_PLAYS = ("Der Wintergarten", "Zwei Stühle, kein Tisch", "The Understudy's Tea", "Die Nacht der Pförtner")
_HOUSES = ("Theater am Nordufer", "Schauspiel Lindenau", "Kammerbühne Talstadt", "Freilichtbühne Osterkamp")
_SCHOOLS = ("Schauspielschule am Nordufer", "Akademie für Bühne und Film Lindenau", "Marlow Drama Studio")
_FIRMS = ("Kranich Film", "Nordlicht Produktion", "Drei Birken Film", "Lowtide Pictures")
_ROLES = (
    "Inga",
    "Dr. Lenz",
    "Tjark",
    "Kommissarin Behrens",
    "Jonas",
    "Die Nachbarin",
    "Captain Hale",
    "Frau Ossip",
)
_GROUPS = (
    *("primary_education", "award", "education", "film", "television", "theatre"),
    *("audio", "other", "internet", "commercial"),
)

_LATEST = 2024

Entry = dict[str, object]


def vita(seed: int, found: Actor, *, current: bool) -> dict[str, list[Entry]]:
    """All credit groups; *current* decides about the fields and about how nothing is written."""
    dice = Dice(seed, "vita", found.number)
    nothing = None if current else ""
    start = found.born + dice.between(19, 24)
    groups: dict[str, list[Entry]] = {name: [] for name in _GROUPS}
    groups["primary_education"].append({"name": dice.pick(_SCHOOLS), "year_from": start})
    if dice.chance(0.2):
        groups["award"].append(
            {"info": nothing, "name": "Filmtage Lindenau - Beste Nebenrolle", "year_from": start + 6,
             "year_to": start + 6, "award_nominated": dice.chance(0.5)}
        )  # fmt: skip
    if dice.chance(0.5):
        groups["education"].append(
            {
                "info": nothing,
                "name": "Kamera-Workshop Studio Acht",
                "year_from": start + 4,
                "year_to": start + 5,
            }
        )
    for group, titles, most in (("film", _FILMS, 4), ("television", _SERIES, 3), ("theatre", _PLAYS, 3)):
        chosen = dice.sample(titles, dice.between(1, most))
        made = [_credit(dice, group, title, start, nothing, current) for title in chosen]
        groups[group] = sorted(made, key=lambda entry: -int(str(entry["year_to"])))
    return groups


def _credit(dice: Dice, group: str, title: str, start: int, nothing: str | None, current: bool) -> Entry:
    year = min(start + dice.between(3, 20), _LATEST)
    entry: Entry = {
        "info": nothing,
        # Names come with stray blanks now and then.
        "name": f"{title} " if dice.chance(0.1) else title,
        "year_from": year,
        "year_to": year + dice.below(2),
        "role": dice.pick(_ROLES),
        "role_type": dice.pick(("leading", "supporting", "misc")),
        "distributor": nothing,
        "director": person(dice, _GERMAN).name,
        "producer": dice.pick(_FIRMS) if group == "film" else nothing,
        "caster": nothing,
    }
    house = dice.pick(_HOUSES)
    if group == "television":
        entry["distributor"] = "TV-Serie, Kanal Eins"
    elif group == "theatre":
        entry["distributor"] = house
    if current:
        entry |= {"in_development": False, "picture": {"url": None}}
        if group == "television":
            entry |= {"episode_name": "Stille Wasser" if dice.chance(0.3) else None, "type_genre": "series"}
        elif group == "theatre":
            entry |= {
                "theater_name": house,
                "theater_engagement_type": None,
                "type_genre": None,
                "favorite": False,
            }
    return entry
