"""The best of what matches: a bounded number of candidates, the likely ones first, then looked at one by one.

Candidates are asked for in tiers: the very title; all words in the title; all in titles, names and places; all
anywhere. A tier gives its first rows in their usual order, so a frequent word costs no more than a rare one. Among the
candidates a title spelt as asked comes before one that is alike, a short one before a long.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from aggregator.models import SearchEntry
from aggregator.search.analyser import folded, words
from aggregator.search.matching import Matching
from aggregator.search.questions import TextQuestion
from aggregator.search.tokens import Field, Question, title_label

MOST = 200


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row with its titles and a score between 0 and 1."""

    row: int
    title: str
    score: float


def best(matched: Matching, most: int) -> list[Ranked]:
    """The best *most* rows for the texts of *matched*, best first. Four queries."""
    found: dict[int, tuple[int, str]] = {}
    rows: dict[int, int] = {}
    for tier, question in enumerate(_tiers(matched.question)):
        entries = replace(matched, question=question).narrow(SearchEntry.objects.all())
        for key, row, title in entries.order_by(matched.order).values_list("key", "row", "title")[:most]:
            found.setdefault(key, (tier, title))
            rows[key] = row
    asked = [_plain_words(text) for text in matched.question.texts]
    scored = [(_score(tier, title, asked), len(title), key, title) for key, (tier, title) in found.items()]
    scored.sort(key=lambda one: (-one[0], one[1], one[2]))
    return [Ranked(rows[key], title, score) for score, _, key, title in scored[:most]]


def ranked(rows: QuerySet[Any], ids: Sequence[int]) -> QuerySet[Any]:
    """Those of *rows* whose id is among *ids*, in the order of these."""
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(ids)]
    if not places:
        return rows.none()
    place = Case(*places, default=Value(len(places)), output_field=IntegerField())
    return rows.filter(pk__in=ids).order_by(place)


def _tiers(question: Question) -> Iterator[Question]:
    exact = [title_label(map(folded, _plain_words(text))) for text in question.texts if not text.excluded]
    if exact:
        yield replace(question, labels=(*question.labels, tuple(exact)))
    yield replace(question, fields=(Field.TITLE,))
    yield replace(question, fields=(Field.TITLE, Field.NAMES, Field.PLACES))
    yield question


def _plain_words(text: TextQuestion) -> list[str]:
    return [word for clause in text.wanted for word in ([clause.word] if clause.word else clause.phrase)]


def _score(tier: int, titles: str, asked: Sequence[Sequence[str]]) -> float:
    """How well the best of *titles* (a line each) answers the best of the texts *asked*."""
    closest = max(
        (_closeness(words(title), text) for title in titles.split("\n") for text in asked if text),
        default=0.0,
    )
    return round((3 - tier) / 3 * 0.5 + closest * 0.5, 4)


def _closeness(title: Sequence[str], asked: Sequence[str]) -> float:
    """1 for the very title, less for one that is folded alike, begins so, holds the words spelt so, or folded so."""
    if not title:
        return 0.0
    if list(title) == list(asked):
        return 1.0
    bare_title, bare = [folded(word) for word in title], [folded(word) for word in asked]
    if bare_title == bare:
        return 0.95
    spelt = sum(word in title for word in asked) / len(asked)
    alike = sum(word in bare_title for word in bare) / len(bare)
    begun = sum(any(one.startswith(word) for one in bare_title) for word in bare) / len(bare)
    brief = min(1.0, len(asked) / len(title))
    leads = 0.15 if bare_title[0].startswith(bare[0]) else 0.0
    return 0.25 * spelt + 0.15 * alike + 0.1 * begun + 0.25 * brief + leads
