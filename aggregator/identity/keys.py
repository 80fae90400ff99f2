"""The words under which a row is looked up to find what it might be compared with. Pure.

Two rows that share no key are never compared. A key is for one family of kinds and begins with a letter that says
which.
"""

from collections.abc import Callable, Iterator

from aggregator.identity.names import fold, person_key
from aggregator.identity.subjects import CREDIT, Subject
from aggregator.vocabulary import Kind

LONGEST = 100
MOST_STARTS = 12


def keys_of(subject: Subject) -> frozenset[str]:
    """The keys of one row or credit, each at most LONGEST characters."""
    return frozenset(key[:LONGEST] for key in _KEYS[subject.kind](subject))


def may_meet(one: str, other: str, key: str) -> bool:
    """Whether rows of these kinds are compared for standing under *key*: two events only for a common start."""
    return (one == other == Kind.EVENT) == key.startswith("s:")


def _of_titles(subject: Subject) -> Iterator[str]:
    for each in subject.titles:
        yield "t:" + each.key.replace(" ", "")
        for word in _telling(each.key):
            yield f"w:{word}"
    if subject.imdb:
        yield f"i:{subject.imdb}"


def _of_event(subject: Subject) -> Iterator[str]:
    yield from _of_titles(subject)
    words = {word[:6] for each in subject.titles for word in _telling(each.key)}
    for start in sorted(subject.starts)[-MOST_STARTS:]:
        for word in words:
            yield f"s:{start}:{word}"


def _telling(key: str) -> tuple[str, ...]:
    """The first and the last of the longer words; where none is long, the first of all."""
    words = key.split()
    longer = [word for word in words if len(word) >= 4] or words[:1]
    return tuple(dict.fromkeys(longer[:1] + longer[-1:]))


def _of_venue(subject: Subject) -> Iterator[str]:
    for word in fold(subject.names[0]).split() if subject.names else ():
        if len(word) >= 3:
            yield f"v:{word}"


def _of_name(subject: Subject) -> Iterator[str]:
    words = person_key(subject.names[0]).split() if subject.names else []
    if words:
        yield f"n:{' '.join(words)}"
    # A name spelt a little otherwise keeps one word and the initial of another.
    if subject.kind == Kind.PERSON and len(words) == 2:
        yield f"m:{words[0]}:{words[1][0]}"
        yield f"m:{words[1]}:{words[0][0]}"


_KEYS: dict[str, Callable[[Subject], Iterator[str]]] = {
    Kind.FILM: _of_titles,
    Kind.EVENT: _of_event,
    Kind.VENUE: _of_venue,
    Kind.PERSON: _of_name,
    CREDIT: _of_name,
}
