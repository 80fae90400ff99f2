"""Names as they are compared: folded, without what only decorates them. Pure.

It knows no provider. What it takes for decoration is written down here and nowhere else.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_APOSTROPHES = re.compile(r"['’`´]")
_GAPS = re.compile(r"[\W_]+")
_YEAR = re.compile(r"[(\[]\s*((?:18|19|20)\d\d)\s*[)\]]")
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_JOINTS = re.compile(r"\s+[-–—|•]\s+|\s*:\s+")

#: A word that joins, in our four languages; "&" and "+" are gaps already.
_CONJUNCTIONS = frozenset({"and", "och", "et", "und"})
_ARTICLES = frozenset(
    (
        *("the", "a", "an", "le", "la", "les", "l", "un", "une", "der", "die", "das", "ein", "eine"),
        *("en", "ett", "den", "det", "de"),
    )
)
_COUNTED = frozenset(
    ["part", "del", "teil", "partie", "chapter", "kapitel", "chapitre", "volume", "vol", "episode", "tome"]
)
_NUMBER_WORDS = {
    **dict(
        zip(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], "123456789", strict=True
        )
    ),
    **dict(zip(["ett", "tva", "tre", "fyra", "fem"], "12345", strict=True)),
    **dict(zip(["un", "deux", "trois", "quatre", "cinq"], "12345", strict=True)),
    **dict(zip(["eins", "zwei", "drei", "vier", "funf"], "12345", strict=True)),
}
_ROMAN = dict(
    zip(["ii", "iii", "iv", "vi", "vii", "viii", "ix"], ["2", "3", "4", "6", "7", "8", "9"], strict=True)
)

# Alone these are letters and words; behind "part" or "volume" they count.
_SINGLE_ROMAN = {"i": "1", "v": "5", "x": "10"}

#: What a session is, where the title says so. Two titles with different markers are two things.
_MARKERS = {
    "early": r"early (?:show|session|screening)|tidig (?:visning|forestallning)|fruhvorstellung",
    "late": r"late (?:show|session|screening|night)|sen (?:visning|forestallning)|spatvorstellung",
    "matinee": r"matinees?|matine|matinevisning",
    "35 mm": r"35 ?mm",
    "70 mm": r"70 ?mm",
    "16 mm": r"16 ?mm",
    "imax": r"imax",
    "3d": r"3 ?d",
    "dubbed": r"dubbed|dubbad|version francaise|vf|synchronfassung|svenskt tal",
    "original language": r"vo|vost|vostfr|omu|version originale|originalfassung|originalversion",
    "sing-along": r"sing ?a ?long|allsang",
    "another cut": r"(?:director s|directors|extended|final|theatrical) cut|redux|langversion",
}
_MARKED = {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in _MARKERS.items()}

#: Words around a title that say what kind of evening it is.
_CARRIERS = re.compile(
    r"(?:(?:world|swedish|european|nordic) )?(?:film|bio|cine ?club|cinema|kino|preview|premiere|premiar|"
    r"forhandsvisning|avant premiere|vorpremiere|voraufffuhrung|klassiker|classic|invigningsfilm|oppningsfilm|"
    r"avslutningsfilm|opening film|closing film|film d ouverture|eroffnungsfilm|q ?a|face2face|face to face|"
    r"en concert(?: exceptionnel)?|in concert|i konsert|konsert|konzert|concert|live)"
)
_TRAILING = re.compile(
    r"\s(?:en concert(?: exceptionnel)?|in concert|i konsert|im konzert|live)(?: a paris)?$"
)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case, no accents, single blanks between words; letters of other scripts stay."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _GAPS.sub(" ", _APOSTROPHES.sub(" ", plain)).strip()


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart. *key* is what remains; *numbers* are the figures in it; *year* stood in brackets, *asides*
    are what else did.
    """

    key: str
    markers: frozenset[str]
    numbers: frozenset[str]
    year: int | None
    asides: frozenset[str] = frozenset()

    @property
    def distinctive(self) -> bool:
        """Whether two things are unlikely to bear it by chance: not one short word."""
        return len(self.key.split()) >= 3 or len(self.key) >= 10


@lru_cache(maxsize=65_536)
def title(text: str) -> Title:
    """*text* without its year, markers, carriers ("Preview:"), articles and conjunctions."""
    year = _YEAR.search(text)
    whole = fold(text)
    markers = frozenset(name for name, pattern in _MARKED.items() if pattern.search(whole))
    words = _words(_bare(text))
    return Title(
        key=" ".join(words),
        markers=markers,
        numbers=_figures(words),
        year=int(year[1]) if year else None,
        asides=frozenset(fold(aside) for aside in _ASIDE.findall(_YEAR.sub(" ", text))) - {""},
    )


def _figures(words: list[str]) -> frozenset[str]:
    """What counts things that are called alike: figures, and a single letter at the end ("Babyrytmik B")."""
    lettered = words[-1:] if len(words) > 1 and len(words[-1]) == 1 else []
    return frozenset([*(word for word in words if word.isdigit()), *lettered])


def _bare(text: str) -> str:
    """The folded part of *text* that names the thing."""
    asides = _ASIDE.sub(" ", text)
    parts = [fold(part) for part in _JOINTS.split(asides)]
    telling = [part for part in parts if part and not _CARRIERS.fullmatch(part)]
    bare = " ".join(telling) or fold(asides) or fold(text) or text.casefold().strip()
    bare = _TRAILING.sub("", bare)
    for pattern in _MARKED.values():
        without = pattern.sub(" ", bare).strip()
        bare = without or bare
    return bare


def _words(bare: str) -> list[str]:
    words = bare.split()
    if len(words) > 1 and words[-1] == "the":
        words.pop()
    while len(words) > 1 and words[0] in _ARTICLES:
        words.pop(0)
    read: list[str] = []
    for word in words:
        counted = bool(read) and read[-1] in _COUNTED
        read.append((_ROMAN | _SINGLE_ROMAN | _NUMBER_WORDS if counted else _ROMAN).get(word, word))
    return [word for word in read if word not in _CONJUNCTIONS] or read


def alike(left: Title, right: Title) -> float:
    """How much two titles are one: 1 the same, 0.9 and more a matter of spelling, 0.8 one within the other, else 0.

    Other figures make another thing, since "Part 2" is not "Part 3".
    """
    if not left.key or not right.key:
        return 0.0
    if left.key == right.key or left.key.replace(" ", "") == right.key.replace(" ", ""):
        return 1.0
    if left.numbers != right.numbers:
        return 0.0
    spelt = max(fuzz.ratio(left.key, right.key), fuzz.token_sort_ratio(left.key, right.key)) / 100
    if spelt >= 0.9 and min(len(left.key), len(right.key)) >= 6:
        return float(spelt) if spelt < 1 else 0.99
    shorter, longer = sorted((left, right), key=lambda one: len(one.key))
    within = f" {shorter.key} " in f" {longer.key} "
    return 0.8 if within and shorter.distinctive else 0.0


def best_alike(left: Iterable[Title], right: Iterable[Title]) -> tuple[float, Title | None]:
    """The most alike pair of two rows' titles, and the left one of that pair."""
    others = tuple(right)
    best, which = 0.0, None
    for one in left:
        for other in others:
            if (score := alike(one, other)) > best:
                best, which = score, one
    return best, which


def person_key(name: str) -> str:
    """A person's name whichever way round it is written: its folded words in alphabetical order."""
    return " ".join(sorted(fold(name).split()))
