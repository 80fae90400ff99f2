"""Invented films: every one follows from its key."""

from __future__ import annotations

from dataclasses import dataclass

from providers.simulation.world import film_words as words
from providers.simulation.world.dice import Dice
from providers.simulation.world.people import TRADITIONS, Person, person

_YOUTUBE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True)
class Title:
    """A film's name in Swedish and in English."""

    sv: str
    en: str


@dataclass(frozen=True)
class Film:
    """What there is to know of a film. `youtube` and `imdb` are "" where there is none; length in minutes."""

    title: Title
    original: str
    directors: tuple[Person, ...]
    cast: tuple[str, ...]
    script: str
    producer: str
    photographer: str
    composer: str
    company: str
    countries: tuple[tuple[str, str], ...]
    language: str
    year: int
    length: int
    synopsis_sv: str
    synopsis_en: str
    status_sv: str
    status_en: str
    youtube: str
    imdb: str


def title(dice: Dice, whole: int | None = None) -> Title:
    """The name of the film that the dice belong to (thrown first, so that lists need nothing else).

    `whole`: the position of a ready-made title to take instead of a thrown one.
    """
    kind = dice.below(20)
    if whole is not None:
        return Title(*words.WHOLE_TITLES[whole % len(words.WHOLE_TITLES)])
    noun, other = dice.pick(words.NOUNS), dice.pick(words.NOUNS)
    if kind == 0:
        return Title(*dice.pick(words.WHOLE_TITLES))
    if kind <= 9:
        adjective = dice.pick(words.ADJECTIVES)
        return Title(f"{noun[1]} {adjective[0]} {noun[0]}", f"The {adjective[1]} {noun[3]}")
    if kind <= 11:
        return Title(f"{noun[0].capitalize()} & {other[0]}", f"The {noun[3]} & the {other[3]}")
    if kind <= 14:
        place = dice.pick(words.PLACES)
        return Title(f"{noun[0].capitalize()} i {place[0]}", f"The {noun[3]} in {place[1]}")
    name = dice.pick(words.NAMES)
    if kind <= 16:
        return Title(f"{name.rstrip('s')}s {noun[2]}", f"{name}’s {noun[3]}")
    if kind == 17:
        return Title(f"Brev till {name}, {dice.pick(words.PLACES)[0]}", f"Letters to {name}")
    if kind == 18:
        return Title(f"När {noun[0]} vaknar", f"When the {noun[3]} Wakes")
    return Title(f"Efter {noun[0]}", f"After the {noun[3]}")


def _synopsis(dice: Dice) -> tuple[str, str]:
    who, where, what = dice.pick(words.PROTAGONISTS), dice.pick(words.SETTINGS), dice.pick(words.INCIDENTS)
    tones = dice.sample(words.TONES, dice.between(1, 3))
    if dice.chance(0.5):
        opening = (
            f"{who[0].capitalize()} {what[0]} {where[0]}.",
            f"{who[1].capitalize()} {what[1]} {where[1]}.",
        )
    else:
        opening = (
            f"{where[0].capitalize()} möter vi {who[0]}. Allt förändras den dag någon {what[0]}.",
            f"{where[1].capitalize()} we meet {who[1]}. All of it changes the day someone {what[1]}.",
        )
    swedish = " ".join([opening[0], *(tone[0] for tone in tones)])
    english = " ".join([opening[1], *(tone[1] for tone in tones)])
    return swedish, english


def film(dice: Dice, year: int, whole: int | None = None) -> Film:
    """The whole film; `dice` must be fresh from the film's key. `year`: the newest it can be of."""
    name = title(dice, whole)
    home = dice.pick(TRADITIONS)
    directors = tuple(person(dice, home) for _ in range(2 if dice.chance(0.1) else 1))
    countries = [(home.country_sv, home.country_en)]
    for _ in range(dice.pick((0, 0, 0, 1, 1, 2))):
        other = dice.pick(TRADITIONS)
        if (other.country_sv, other.country_en) not in countries:
            countries.append((other.country_sv, other.country_en))
    swedish, english = _synopsis(dice)
    short = dice.chance(0.12)
    status = dice.pick(words.STATUSES)
    family = dice.pick(home.family)
    return Film(
        title=name,
        original=name.sv if home.language == "Swedish" else ("" if dice.chance(0.3) else name.en),
        directors=directors,
        cast=tuple(person(dice, home).name for _ in range(dice.between(0, 5))),
        script=directors[0].name if dice.chance(0.6) else person(dice, home).name,
        producer=person(dice, home).name,
        photographer=person(dice).name,
        composer=person(dice).name if dice.chance(0.8) else "",
        company=f"{family} {dice.pick(('Film', 'Pictures', 'Produktion', '& Co', 'Filmkollektiv'))}",
        countries=tuple(countries),
        language=home.language if dice.chance(0.8) else f"{home.language}, English",
        year=year - dice.pick((0, 0, 0, 1, 1, 2, 34)),
        length=dice.between(6, 28) if short else dice.between(74, 168),
        synopsis_sv=swedish,
        synopsis_en=english,
        status_sv=status[0],
        status_en=status[1],
        youtube="" if dice.chance(0.25) else dice.letters(_YOUTUBE, 11),
        imdb=""
        if dice.chance(0.2)
        else f"{'tt' if dice.chance(0.5) else ''}{dice.between(1000000, 19999999)}",
    )
