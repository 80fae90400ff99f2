"""What is written for an entry, and what an index is asked: the interface that both databases stand behind.

A ``Document`` has four fields of falling weight; each holds folded words in order and further forms (see ``analyser``).
Beside them stand labels: tokens for what an entry is filed under, written with an underscore, which no word holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from aggregator.search.analyser import SEPARATOR, analysed, folded, plain
from aggregator.search.questions import TextQuestion

LONGEST_LABEL = 120


class Field(IntEnum):
    """Where words stand, the weightiest first."""

    TITLE = 0
    NAMES = 1
    PLACES = 2
    DESCRIPTION = 3


@dataclass(frozen=True, slots=True)
class Stream:
    """Folded words in order, further forms in none, and the words as they were (plain)."""

    words: Sequence[str] = ()
    further: Sequence[str] = ()
    plain: Sequence[str] = ()


def stream(texts: Iterable[tuple[str, str]], most: int = 400) -> Stream:
    """The stream for (language tag, text) pairs; of all texts together at most about *most* words count."""
    folded_words: list[str] = []
    as_they_were: list[str] = []
    further: dict[str, None] = {}
    for tag, text in texts:
        if text and len(folded_words) < most:
            found, forms = analysed(tag, text, most)
            if folded_words:
                folded_words.append(SEPARATOR)
            folded_words += map(folded, found)
            as_they_were += found
            further.update(dict.fromkeys(forms))
    return Stream(folded_words, tuple(further), as_they_were)


@dataclass(frozen=True, slots=True)
class Document:
    """The tokens of one entry under its key: a stream per ``Field``, in their order, and labels."""

    key: int
    streams: tuple[Stream, Stream, Stream, Stream]
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What an index is asked.

    texts: any one of these, each searched in *fields*. labels: of each group any one label must be there.
    """

    texts: tuple[TextQuestion, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    fields: tuple[Field, ...] = field(default=tuple(Field))

    def __bool__(self) -> bool:
        return bool(self.texts or self.labels)


def label(prefix: str, value: object) -> str:
    """The label for *value* in the list that *prefix* names: ``c_stockholm``, ``v_17``."""
    written = "".join(sign if sign.isalnum() else "_" for sign in plain(str(value)))
    return f"{prefix}_{written}"[:LONGEST_LABEL]


def title_label(folded_words: Iterable[str]) -> str:
    """The label of a whole title, by which an exact title is found."""
    return f"x_{'_'.join(folded_words)}"[:LONGEST_LABEL]
