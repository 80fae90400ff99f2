"""What somebody who mistyped may have meant, out of the words that our own entries hold."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from aggregator.models import SearchEntry
from aggregator.search import vocabulary
from aggregator.search.analyser import folded, plain, stems_of
from aggregator.search.criteria import Criteria
from aggregator.search.matching import matching
from aggregator.vocabulary import Kind

MOST_WORDS = 8
# Candidates for one word that are tried, and questions asked in all.
_MOST_CANDIDATES, _MOST_TRIED = 3, 6
_WORD = re.compile(r"[^\W_]+")


def did_you_mean(criteria: Criteria) -> str | None:
    """The first text of *criteria* with its unknown words replaced by known ones that are spelt alike.

    None where every word is known, where nothing is spelt alike, and where no corrected text finds anything: among the
    showings that meet the rest of *criteria*, else among rows of any kind.
    """
    if not criteria.texts:
        return None
    corrected = list(_corrections(criteria.texts[0]))[:_MOST_TRIED]
    for text in corrected:
        if _finds(replace(criteria, texts=(text,)), Kind.SHOWING):
            return text
    for text in corrected:
        if any(
            _finds(Criteria(texts=(text,)), kind) for kind in (Kind.EVENT, Kind.PERSON, Kind.VENUE, Kind.FILM)
        ):
            return text
    return None


def _finds(criteria: Criteria, kind: Kind) -> bool:
    asked = None if kind is Kind.SHOWING else ("texts",)
    return matching(criteria, kind, asked).narrow(SearchEntry.objects.all()).exists()


def _corrections(text: str) -> Iterator[str]:
    """*text* with each unknown word replaced, by the nearest known ones first; then with two words as one."""
    spelt = list(_WORD.finditer(text))[:MOST_WORDS]
    found = [plain(match[0]) for match in spelt]
    nearest = {
        place: _nearest(word)
        for place, word in enumerate(found)
        if not _is_known(word, is_last=place == len(found) - 1)
    }
    if nearest and all(nearest.values()):
        for choice in range(_MOST_CANDIDATES):
            chosen = {place: words[min(choice, len(words) - 1)] for place, words in nearest.items()}
            if choice == 0 or any(len(words) > choice for words in nearest.values()):
                yield _replaced(text, spelt, chosen)
    held = vocabulary.known().spellings
    for place, (one, other) in enumerate(pairwise(found)):
        if folded(one + other) in held and text[spelt[place].end() : spelt[place + 1].start()].isspace():
            yield text[: spelt[place].end()] + text[spelt[place + 1].start() :]


def _replaced(text: str, spelt: list[re.Match[str]], chosen: dict[int, str]) -> str:
    for place in sorted(chosen, reverse=True):
        text = text[: spelt[place].start()] + chosen[place] + text[spelt[place].end() :]
    return text


def _is_known(word: str, *, is_last: bool) -> bool:
    held = vocabulary.known()
    if any(folded(one) in held.spellings for one in (word, *stems_of(word))):
        return True
    return held.remembered(
        ("known", word, is_last),
        lambda: bool(
            (is_last and vocabulary.completions(held, word, 1)) or vocabulary.compounds(held, word, 1)
        ),
    )


def _nearest(word: str) -> list[str]:
    """Known words within one slip (two in a word of six letters or more), nearest first, as they are mostly spelt."""
    held = vocabulary.known()
    return held.remembered(("nearest", word), lambda: _looked_up(word, held))


def _looked_up(word: str, held: vocabulary.Known) -> list[str]:
    bare = folded(word)
    slips = 0 if len(bare) < 3 else 1 if len(bare) < 6 else 2
    near = [
        one
        for length in range(len(bare) - slips, len(bare) + slips + 1)
        for one in held.by_length.get(length, ())
    ]
    scored = process.extract(bare, near, scorer=OSA.distance, score_cutoff=slips, limit=40) if slips else []
    # Of two words that are as near, the one that begins as the slip does is likelier.
    ordered = sorted(
        scored, key=lambda one: (one[1], one[0][:1] != bare[:1], abs(len(one[0]) - len(bare)), one[0])
    )
    return [held.spellings[one[0]][0] for one in ordered[:_MOST_CANDIDATES]]
