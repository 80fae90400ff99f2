"""Invented evenings in Swedish towns: what they are called and what their organisers write about them."""

from __future__ import annotations

from dataclasses import dataclass

from providers.simulation.world import evening_words as words
from providers.simulation.world.dice import Dice
from providers.simulation.world.film_words import NAMES
from providers.simulation.world.people import TRADITIONS, person


@dataclass(frozen=True)
class Evening:
    """Title as plain text; `short` and `long` are HTML with entities, "" where there is none."""

    kind: str
    title: str
    short: str
    long: str
    doors: int


def _filled(text: str, dice: Dice) -> str:
    """The sentence with each brace filled in by a throw of its own."""
    while "{" in text:
        before, _, rest = text.partition("{")
        slot, _, after = rest.partition("}")
        text = f"{before}{_word(slot, dice)}{after}"
    return text


def _word(slot: str, dice: Dice) -> str:
    if slot == "person":
        return person(dice, TRADITIONS[0] if dice.chance(0.8) else None).name
    if slot == "efternamn":
        return dice.pick(TRADITIONS[0].family)
    if slot == "Sak":
        thing = dice.pick(words.THINGS)
        return thing[0].upper() + thing[1:]
    lists = {
        "sak": words.THINGS,
        "plats": words.PLACES,
        "hus": words.HOUSES,
        "band": words.BANDS,
        "skiva": words.ALBUMS,
        "namn": NAMES,
    }
    return dice.pick(lists[slot])


def _paragraph(text: str) -> str:
    return f"<p>{text}</p>"


def evening(dice: Dice) -> Evening:
    """One evening; follows from the dice alone."""
    kind = dice.pick(words.KINDS)
    title = _filled(dice.pick(kind.titles), dice)
    # A band or club may have "&" in its name: in HTML it must be written as an entity.
    short = _filled(dice.pick(kind.shorts), dice)
    parts = [
        _paragraph(_escaped(_filled(text, dice)))
        for text in dice.sample(kind.paragraphs, dice.between(1, len(kind.paragraphs)))
    ]
    if dice.chance(0.3):
        parts.append(dice.pick(words.AWKWARD))
    return Evening(
        kind.word,
        title,
        "" if dice.chance(0.04) else _paragraph(_escaped(short)),
        "" if dice.chance(0.04) else "".join(parts),
        kind.doors,
    )


def _escaped(text: str) -> str:
    return text.replace(" & ", " &amp; ")
