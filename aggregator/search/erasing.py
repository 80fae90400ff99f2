"""Taking somebody who was forgotten out of search: their entry, their words, and what the index keeps of them."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from aggregator.models import SearchBacklog, SearchEntry, SearchWord
from aggregator.search import indexes, vocabulary, writing
from aggregator.search.analyser import words
from aggregator.search.questions import Clause, TextQuestion
from aggregator.search.tokens import Question
from aggregator.vocabulary import Kind


def erase(kind: Kind, ids: Sequence[int], named: Mapping[Kind, Iterable[int]]) -> None:
    """Remove the entries of deleted rows, write those of the rows they were *named* in anew, and drop words that only
    they held. In the caller's transaction.
    """
    entries = SearchEntry.objects.filter(kind=kind, row__in=ids)
    held = {word for title in entries.values_list("title", flat=True) for word in words(title)}
    keys = list(entries.values_list("key", flat=True))
    SearchEntry.objects.filter(key__in=keys).delete()
    indexes.remove(kind, keys)
    if keys and kind is Kind.PERSON:
        transaction.on_commit(_overwrite)
    SearchBacklog.objects.filter(kind=kind, row__in=ids).delete()
    writing.written({}, named)
    _drop_words(held)


def _overwrite() -> None:
    """Have SQLite overwrite what its index keeps of deleted people."""
    indexes.index().overwrite_deleted(indexes.PEOPLE)


def _drop_words(held: Iterable[str]) -> None:
    unused = [word for word in sorted(held) if not _is_used(word)]
    if unused:
        SearchWord.objects.filter(word__in=unused).delete()
        vocabulary.renew()


def _is_used(word: str) -> bool:
    """Whether any entry holds *word*; one query of each index, and names have few words."""
    question = Question((TextQuestion((Clause((word,), word=word),)),))
    return any(
        SearchEntry.objects.filter(**{f"{path}__tokens__fits": question}).exists()
        for path in ("text", "people_text")
    )
