"""What upstream's English words say about the kind of an event, and its flags as words of our own. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from aggregator.vocabulary import ShowingKind

#: The first that fits decides. A "closing party" is a party, an "opening reception" an opening.
_KINDS: Final = (
    (r"openings?|vernissage", ShowingKind.OPENING),
    (r"party|parties|after-?hours|gala|celebration|closing reception|closing", ShowingKind.PARTY),
    (r"talks?|lectures?|conversations?|panels?|discussions?|readings?|symposium|seminar", ShowingKind.TALK),
    (r"q ?& ?a|walk-?through|gallery tour|in dialogue|critique", ShowingKind.TALK),
    (r"screenings?|films?|cinema", ShowingKind.SCREENING),
    (r"concerts?|live music|recital", ShowingKind.CONCERT),
    (r"performances?|dance|theater|theatre", ShowingKind.STAGE),
    (r"receptions?|previews?", ShowingKind.OPENING),
)
_PATTERNS: Final = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), kind) for words, kind in _KINDS)

ART_PRACTICAL_PICK: Final = "art-practical-pick"
PICKPOCKET_ALMANACK: Final = "pickpocket-almanack"
_NAMES: Final[Mapping[str, str]] = {
    ART_PRACTICAL_PICK: "Art Practical pick",
    PICKPOCKET_ALMANACK: "Pickpocket Almanack",
}


def kind_of(name: str, *, is_run: bool) -> ShowingKind:
    """The kind of something by its name; what lasts several whole days is a run, whatever it is called."""
    if is_run:
        return ShowingKind.RUN
    return next((kind for pattern, kind in _PATTERNS if pattern.search(name)), ShowingKind.OTHER)


def tags(*, ap_pick: bool, pickpocket: bool) -> tuple[str, ...]:
    """The flags that are set. Neither says anything about the price."""
    chosen = ((ap_pick, ART_PRACTICAL_PICK), (pickpocket, PICKPOCKET_ALMANACK))
    return tuple(word for is_set, word in chosen if is_set)


def category_names(tag: str) -> dict[str, str]:
    """The category's name per language."""
    return {"en": _NAMES[tag]}
