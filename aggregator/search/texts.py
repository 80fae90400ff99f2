"""Analysing the texts of records before the transaction that stores them begins.

What is analysed here is remembered for a while, so that writing entries only puts tokens together. It changes nothing
about what is written.
"""

from collections.abc import Iterable, Mapping

from aggregator.records import Record
from aggregator.search.analyser import analysed, flattened, text_of
from aggregator.search.documents import MOST_DESCRIPTION, MOST_NAMES, MOST_TITLES

_TITLES = ("titles",)
_RICH = ("summaries", "descriptions")


def prepare(records: Iterable[Record]) -> None:
    """Analyse the titles, names and descriptions of *records*."""
    for record in records:
        _analyse(record, _TITLES, MOST_TITLES)
        for name in _RICH:
            texts = getattr(record, name, None)
            if isinstance(texts, Mapping):
                for tag, text in flattened(dict(texts)):
                    analysed(tag, text_of(text), MOST_DESCRIPTION)
        for credit in getattr(record, "credits", ()):
            analysed("", credit.name, MOST_NAMES)


def _analyse(record: Record, names: Iterable[str], most: int) -> None:
    for name in names:
        texts = getattr(record, name, None)
        if isinstance(texts, Mapping):
            for tag, text in flattened(dict(texts)):
                analysed(tag, text, most)
