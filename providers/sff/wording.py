"""Reading of the festival's free texts: languages, and lists of people in one string."""

import re
from collections.abc import Sequence

_BREAKS = re.compile(r"\s*(?:;|\||\n|\r|<br\s*/?>)\s*", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|esq)\.?", re.IGNORECASE)
_AND = re.compile(r"\s+(?:&|och|and)\s+")
_LEADING_AND = re.compile(r"(?:&|och|and)\s+")
_PARTICLES = {
    "af",
    "al",
    "ap",
    "bin",
    "da",
    "de",
    "del",
    "della",
    "den",
    "der",
    "di",
    "do",
    "dos",
    "du",
    "el",
}
_PARTICLES |= {"ibn", "la", "le", "mac", "mc", "op", "ten", "ter", "van", "von", "y", "zu"}


def texts(untagged: str = "", **tagged: str) -> dict[str, str]:
    """Texts per language without the empty ones; *untagged* is the one whose language upstream does not say
    (Q16).
    """
    return {tag: text for tag, text in {"": untagged, **tagged}.items() if text}


def people(text: str) -> tuple[str, ...]:
    """The names in a credit line, in order, each once.

    Semicolons and line breaks divide always. Commas divide, but not inside brackets, not before "Jr." and its
    like, and not in "Surname, Forename". "&", "och" and "and" divide where they end a list with commas, or
    where both sides are full names; "Ethan & Joel Coen" and "Florence and the Machine" stay whole.
    """
    found: list[str] = []
    for line in _BREAKS.split(text):
        parts = _by_commas(line)
        for place, part in enumerate(parts):
            last_of_list = len(parts) > 1 and place == len(parts) - 1
            found += _by_and(part, listed=last_of_list)
    return tuple(dict.fromkeys(name for name in found if name))


def _by_commas(line: str) -> list[str]:
    parts: list[str] = []
    for piece in _outside_brackets(line):
        if parts and _SUFFIX.fullmatch(piece):
            parts[-1] = f"{parts[-1]}, {piece}"
        elif piece:
            parts.append(piece)
    if len(parts) == 2 and not any(" " in part for part in parts):
        return [", ".join(parts)]
    return parts


def _outside_brackets(line: str) -> Sequence[str]:
    pieces, depth = [""], 0
    for character in line:
        depth += (character in "([") - (character in ")]" and depth > 0)
        if character == "," and not depth:
            pieces.append("")
        else:
            pieces[-1] += character
    return [piece.strip() for piece in pieces]


def _by_and(part: str, *, listed: bool) -> list[str]:
    """*listed* says that *part* ends a list with commas."""
    if listed:
        part = _LEADING_AND.sub("", part, count=1) if _LEADING_AND.match(part) else part
    sides = [side.strip() for side in _AND.split(part)]
    if len(sides) > 1 and all(_is_full_name(side) for side in sides):
        return sides
    return [part]


def _is_full_name(text: str) -> bool:
    """At least two words, each with a capital letter but for particles such as "von"."""
    words = text.split()
    if len(words) < 2 or words[0].casefold() == "the" or "(" in text:
        return False
    return all(word.casefold() in _PARTICLES or not word[0].islower() for word in words)
