"""A search text as a question to an index: clauses that must all be met, or must not.

    jazz "lars vilks" -barn natt      →  jazz AND the phrase AND NOT barn AND what begins with natt

Each clause is met by any one of its forms. Whatever else stands in a text is no operator and has no meaning.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from aggregator.search.analyser import folded, stems_of, words

MOST_CLAUSES = 8
MOST_PHRASE = 12
SHORTEST_PREFIX = 2
_PART = re.compile(r'(?P<minus>(?:(?<=\s)|^)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
# Too frequent to tell anything, and often left out by those who search; asked for only where nothing else is.
_EMPTY_WORDS = frozenset(
    word
    for words_of_a_language in (
        "i på och av en ett den det de med för till som från om",
        "the a an of in on at and to with by",
        "le la les l du des d et à au aux un une",
        "der die das und im am zu von mit ein eine",
    )
    for word in words_of_a_language.split()
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing asked for: any of *forms*, or the folded words of *phrase* in a row. *excluded*: must not be there.

    *word* is the plain word it stands for, "" for a phrase; *is_prefix* while the word may still be being typed.
    """

    forms: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    excluded: bool = False
    word: str = ""
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """All clauses of one text; *wanted* in order. Empty where a text holds no word at all."""

    wanted: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted or self.excluded)


def read_text(text: str) -> TextQuestion:
    """The question that *text* asks. Never raises; at most ``MOST_CLAUSES`` clauses count."""
    clauses: list[Clause] = []
    is_prefix = False
    for part in _PART.finditer(text):
        excluded = part["minus"] is not None
        if (phrase := part["phrase"]) is not None:
            clauses += _phrase(words(phrase)[:MOST_PHRASE], excluded)
            is_prefix = False
        elif found := words(part["word"] or ""):
            clauses += [_word(word, excluded) for word in found]
            is_prefix = not excluded
    if is_prefix:
        clauses[-1] = replace(clauses[-1], is_prefix=len(clauses[-1].word) >= SHORTEST_PREFIX)
    telling = [clause for clause in clauses if clause.word not in _EMPTY_WORDS] or clauses
    telling = telling[:MOST_CLAUSES]
    return TextQuestion(
        tuple(clause for clause in telling if not clause.excluded),
        tuple(clause for clause in telling if clause.excluded),
    )


def _word(word: str, excluded: bool) -> Clause:
    """A word is met by itself and by its stems; an excluded one by itself alone."""
    return Clause((word,) if excluded else (word, *stems_of(word)), excluded=excluded, word=word)


def _phrase(found: Sequence[str], excluded: bool) -> list[Clause]:
    """Folded words in a row, and beside that each word with its å, ä and ö. A phrase of one word is that very word."""
    if not found:
        return []
    if len(found) == 1:
        return [Clause((found[0],), excluded=excluded, word=found[0])]
    row = Clause(phrase=tuple(folded(word) for word in found), excluded=excluded)
    if excluded:
        return [row]
    return [row, *(Clause((word,)) for word in found if not word.isascii())]


def widened(question: TextQuestion, further: Callable[[Clause], Sequence[str]]) -> TextQuestion:
    """*question* with more forms for each word, as *further* knows them: completions, compounds."""
    wanted = [
        replace(clause, forms=tuple(dict.fromkeys((*clause.forms, *further(clause)))))
        if clause.word
        else clause
        for clause in question.wanted
    ]
    return replace(question, wanted=tuple(wanted))
