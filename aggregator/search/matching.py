"""Criteria as a question to the index and conditions on entries: the one reading that finding and counting share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Min, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from aggregator.models import SearchEntry, Showing
from aggregator.search import keys, vocabulary
from aggregator.search.criteria import Criteria
from aggregator.search.indexes import path_of
from aggregator.search.near import Surroundings, surroundings
from aggregator.search.questions import Clause, TextQuestion, read_text, widened
from aggregator.search.tables import Among
from aggregator.search.tokens import Question, label
from aggregator.vocabulary import Kind

MOST_COMPLETIONS = 60
MOST_COMPOUNDS = 24
# Criteria that are labels of an entry; the prefix of each is what ``documents`` writes.
LABELS: Mapping[str, str] = {
    "providers": "p",
    "cities": "c",
    "countries": "l",
    "categories": "g",
    "venues": "v",
    "festivals": "f",
    "sections": "s",
    "kinds": "k",
    "languages": "t",
    "free": "e",
}


@dataclass(frozen=True, slots=True)
class Matching:
    """What must hold of an entry. *around* is set where a place was asked for. *hopeless*: nothing can be found.

    *start* is met by what goes on into it, or where *is_beginning* by what begins then or later.
    """

    kind: Kind
    question: Question
    start: date | None = None
    end: date | None = None
    availability: tuple[str, ...] = ()
    around: Surroundings | None = None
    hopeless: bool = False
    is_beginning: bool = False

    @property
    def order(self) -> str:
        """The column that sorts entries in their usual order, as a path from the entry; it is its key either way."""
        return f"{path_of(self.kind)}__pk" if self.question else "key"

    def narrow(self, rows: QuerySet[Any], entry: str = "") -> QuerySet[Any]:
        """*rows* whose entry matches; *entry* is the path to it, "entry__" or "" for entries themselves."""
        if self.hopeless:
            return rows.none()
        first, end = keys.range_of(self.kind)
        if self.end:
            end = min(end, keys.behind(self.end))
        floor: Any = first
        if self.start:
            floor = keys.day_key(self.start) if self.is_beginning else _floor(self.start)
        # Said of the words' own key: SQLite begins to read there.
        rows = rows.filter(**{f"{entry}{self.order}__gte": floor, f"{entry}{self.order}__lt": end})
        if self.question:
            rows = rows.filter(**{f"{entry}{path_of(self.kind)}__tokens__fits": self.question})
        if self.start and not self.is_beginning:
            rows = rows.filter(**{f"{entry}last_day__gte": self.start})
        if self.availability:
            rows = rows.filter(**{f"{entry}availability__in": self.availability})
        if self.around is not None:
            rows = rows.filter(self._held_around(entry, self.around.within))
        return rows

    @staticmethod
    def _held_around(entry: str, venues: Iterable[int]) -> Q:
        """The first venue is around; or a further one is, which few showings have."""
        chosen = list(venues)
        links = Showing.further_venues.through.objects.filter(Among("venue_id", chosen))
        further = SearchEntry.objects.filter(kind=Kind.SHOWING, showing__in=links.values("showing"))
        return Q(Among(f"{entry}venue", chosen)) | Q(**{f"{entry}key__in": further.values("key")})


def _floor(start: date) -> Coalesce:
    """The key of the first showing that goes on into *start* from before, else the first key of *start* itself.

    It adds nothing to what is found: it lets the database walk the programme in its own order from there.
    """
    # Festivals have days, too, and keys below all of showings.
    own, _ = keys.range_of(Kind.SHOWING)
    going_on = SearchEntry.objects.filter(
        last_day__gt=F("day"), last_day__gte=start, day__lt=start, key__gte=own
    )
    first = going_on.order_by().values(together=Value(1)).annotate(first=Min("key")).values("first")
    return Coalesce(Subquery(first), Value(keys.day_key(start)), output_field=BigIntegerField())


def matching(criteria: Criteria, kind: Kind = Kind.SHOWING, asked: Iterable[str] | None = None) -> Matching:
    """What *criteria* ask of entries of *kind*; *asked* names the fields that such entries know, by default all."""
    known = {*LABELS, "texts", "start", "end", "availability", "near"} if asked is None else {*asked}
    labels = tuple(
        tuple(label(prefix, int(value) if isinstance(value, bool) else value) for value in values)
        for name, prefix in LABELS.items()
        if name in known and (values := getattr(criteria, name))
    )
    texts = tuple(read(text) for text in criteria.texts) if "texts" in known else ()
    # A text without a word in it is met by nothing.
    telling = tuple(text for text in texts if text)
    near = criteria.near if "near" in known else None
    return Matching(
        kind=kind,
        question=Question(telling, labels),
        start=criteria.start if "start" in known else None,
        end=criteria.end if "end" in known else None,
        availability=criteria.availability if "availability" in known else (),
        around=surroundings(near) if near else None,
        hopeless=bool(texts) and not telling,
    )


def read(text: str) -> TextQuestion:
    """The question that *text* asks, with what our own vocabulary adds to it: completions and compounds."""
    question = read_text(text)
    if not question.wanted:
        return question
    held = vocabulary.known()

    def further(clause: Clause) -> tuple[str, ...]:
        completed = vocabulary.completions(held, clause.word, MOST_COMPLETIONS) if clause.is_prefix else []
        return (*completed, *vocabulary.compounds(held, clause.word, MOST_COMPOUNDS))

    def remembered(clause: Clause) -> tuple[str, ...]:
        return held.remembered(("forms", clause.word, clause.is_prefix), lambda: further(clause))

    return widened(question, remembered)


def without_texts(matched: Matching) -> Matching:
    """*matched* whatever the words are."""
    return replace(matched, question=replace(matched.question, texts=()), hopeless=False)
