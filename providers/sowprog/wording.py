"""What Sowprog's texts mean beyond their letters: links, labels, countries, numbers, hints in titles. Pure."""

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from aggregator.admission import plain_text, web_url
from aggregator.vocabulary import ShowingKind
from providers.sowprog.schema import Linked

LANGUAGE: Final = "fr"

#: Upstream's field → how the link is called.
_LINKS: Final = {
    "website": "website",
    "facebookFanPage": "Facebook",
    "googlePlusFanPage": "Google+",
    "twitterID": "Twitter",
    "mySpacePage": "Myspace",
    "youTubeChannel": "YouTube",
    "dailyMotionChannel": "Dailymotion",
    "soundCloudChannel": "SoundCloud",
    "whyd": "Whyd",
    "sceneLocale": "Scène locale",
}
_HANDLE: Final = re.compile(r"@?([A-Za-z0-9_]{1,15})", re.ASCII)
_COUNTRIES: Final = {
    "france": "FR",
    "belgique": "BE",
    "suisse": "CH",
    "luxembourg": "LU",
    "monaco": "MC",
    "allemagne": "DE",
    "espagne": "ES",
    "italie": "IT",
    "royaume-uni": "GB",
    "pays-bas": "NL",
    "canada": "CA",
}
_KINDS: Final = {
    "concert": ShowingKind.CONCERT,
    "clubbing": ShowingKind.PARTY,
    "danse": ShowingKind.STAGE,
    "theatre": ShowingKind.STAGE,
}
_PLACEHOLDERS: Final = frozenset({"", "0", "0100000000"})
_HINTS: Final = (
    ("hint:cancelled", "ANNUL[EÉ]E?S?"),
    ("hint:soldout", "COMPL(?:ET|[EÈ]TE)S?"),
    ("hint:postponed", "REPORT[EÉ]E?S?"),
)
# In capitals anywhere, or in any letters between brackets or slashes.
_SHOUTED: Final = {tag: re.compile(rf"(?<!\w){word}(?!\w)") for tag, word in _HINTS}
_SET_OFF: Final = {tag: re.compile(rf"[\[(/*]\s*{word}\s*[\])/*!]", re.IGNORECASE) for tag, word in _HINTS}


def plain(text: str, limit: int = 500) -> str:
    """Titles, names and labels as one line. Entities are rare and decoded once; what looks like a tag is text."""
    return plain_text(html.unescape(text), limit)


def in_french(text: str) -> dict[str, str]:
    """A text under its language, nothing for none."""
    return {LANGUAGE: text} if text.strip() else {}


def links(source: Linked) -> dict[str, str]:
    """What of the links is fit to be one. A bare Twitter name is completed."""
    found = {}
    for field, name in _LINKS.items():
        if not (text := getattr(source, field)):
            continue
        handle = _HANDLE.fullmatch(text) if field == "twitterID" else None
        if url := web_url(f"https://twitter.com/{handle[1]}" if handle else text):
            found[name] = url
    return found


def label(text: str) -> str:
    """A price's or shop's label without the colon that it may end in."""
    return plain(text, 200).rstrip(" :\u00a0")


def country(name: str) -> str:
    """The code of a country in French; "" for one that is not known here."""
    word = plain(name).casefold()
    return word.upper() if re.fullmatch("[a-z]{2}", word) else _COUNTRIES.get(word, "")


def phone(*numbers: str) -> str:
    """The first number that is one and no placeholder."""
    for number in numbers:
        digits = re.sub(r"\D", "", number)
        if digits not in _PLACEHOLDERS and digits.strip("0"):
            return plain(number, 50)
    return ""


def kind(type_label: str) -> ShowingKind:
    """What an event of this type is."""
    return _KINDS.get(_folded(type_label), ShowingKind.OTHER)


def hints(title: str) -> Iterator[str]:
    """Tags for what a title shouts (``/ANNULÉ/``, ``[COMPLET]``). A hint for visitors, no fact."""
    composed = unicodedata.normalize("NFC", title)
    for tag, shouted in _SHOUTED.items():
        if shouted.search(composed) or _SET_OFF[tag].search(composed):
            yield tag


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", plain(text))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
