"""One text looked for in all kinds at once, with the place where it was found."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aggregator.models import Event, Festival, Film, Organisation, Person, SearchEntry, Section, Venue
from aggregator.models.listing import best_text
from aggregator.search import ranking
from aggregator.search.analyser import folded, plain, stems_of, text_of
from aggregator.search.criteria import Criteria
from aggregator.search.matching import Matching, matching
from aggregator.search.showings import COUNTED
from aggregator.vocabulary import Kind

Fragment = tuple[tuple[str, bool], ...]
# Letters shown before the first word that was found, and in all.
_BEFORE, _LONGEST = 60, 180
_WORD = re.compile(r"[^\W_]+")
_KINDS = (Kind.EVENT, Kind.FILM, Kind.PERSON, Kind.VENUE, Kind.FESTIVAL, Kind.SECTION, Kind.ORGANISATION)


@dataclass(frozen=True, slots=True)
class Hit:
    """One row: our id, its title, and a stretch of its text as (text, marked) pairs, which are never HTML. *lang* and
    *fragment_lang* are the languages of both where these are known and not the one that was asked for, else "".
    """

    kind: Kind
    id: int
    title: str
    fragment: Fragment
    score: float
    lang: str = ""
    fragment_lang: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The best hits of one kind, and how many there are (counted to a limit, then *total_is_minimum*)."""

    kind: Kind
    total: int
    hits: tuple[Hit, ...]
    total_is_minimum: bool = False


def search_everything(text: str, language: str = "", per_kind: int = 5) -> tuple[Group, ...]:
    """Groups of hits for *text*, the kind with the best hit first; kinds without a hit are left out.

    Titles and fragments are in *language* where the row has it. Showings stand behind their events.
    """
    groups = []
    asked = matching(Criteria(texts=(text,)), Kind.EVENT, ("texts",))
    for kind in () if asked.hopeless else _KINDS:
        matched = replace(asked, kind=kind)
        if not (ranked := ranking.best(matched, max(per_kind, 1) * 4)):
            continue
        number = matched.narrow(SearchEntry.objects.all()).order_by()[: COUNTED + 1].count()
        hits = tuple(_hits(matched, ranked[:per_kind], language))
        groups.append(Group(kind, min(number, COUNTED), hits, number > COUNTED))
    return tuple(sorted((group for group in groups if group.hits), key=lambda group: -group.hits[0].score))


def _hits(matched: Matching, ranked: Sequence[ranking.Ranked], language: str) -> Iterator[Hit]:
    """One query; a row that went meanwhile is left out."""
    texts = _TEXTS[matched.kind]([one.row for one in ranked])
    marks = _marks(matched)
    for one in ranked:
        if one.row in texts:
            title, further = texts[one.row][0], texts[one.row][1:]
            tag, shown = _best(title, language)
            found, said = _fragment((tag, shown), further, marks, language)
            yield Hit(matched.kind, one.row, shown, found, one.score, tag, said)


def _of(model: Any, *columns: str) -> Callable[[Sequence[int]], Mapping[int, tuple[Any, ...]]]:
    def texts(ids: Sequence[int]) -> Mapping[int, tuple[Any, ...]]:
        rows = model.objects.filter(id__in=ids).values_list("id", *columns)
        return {pk: tuple(values) for pk, *values in rows}

    return texts


_TEXTS: Mapping[Kind, Callable[[Sequence[int]], Mapping[int, tuple[Any, ...]]]] = {
    Kind.EVENT: _of(Event, "titles", "summaries", "descriptions", "film__descriptions"),
    Kind.FILM: _of(Film, "titles", "original_title", "descriptions"),
    Kind.PERSON: _of(Person, "name", "descriptions"),
    Kind.VENUE: _of(Venue, "name", "house", "street", "city", "descriptions"),
    Kind.FESTIVAL: _of(Festival, "name", "descriptions"),
    Kind.SECTION: _of(Section, "name", "festival__name", "descriptions"),
    Kind.ORGANISATION: _of(Organisation, "name", "descriptions"),
}


def _marks(matched: Matching) -> Callable[[str], bool]:
    """Whether a word as it stands in a text is one that was asked for."""
    clauses = [clause for text in matched.question.texts for clause in text.wanted]
    forms = {form for clause in clauses for form in (*clause.forms, *clause.phrase)}
    begun = tuple(folded(clause.word) for clause in clauses if clause.is_prefix)

    def is_marked(word: str) -> bool:
        spelt = plain(word)
        bare = folded(spelt)
        return not forms.isdisjoint((spelt, bare, *stems_of(spelt), *stems_of(bare))) or (
            bool(begun) and bare.startswith(begun)
        )

    return is_marked


def _best(value: Any, language: str) -> tuple[str, str]:
    """The text of a column that suits *language*, behind the language it is in where that is another one."""
    if not isinstance(value, dict):
        return "", value or ""
    text = best_text(value, language)
    tag = next((tag for tag, one in value.items() if one == text), "")
    return "" if value.get(language) == text else tag, text


def _fragment(
    title: tuple[str, str], further: Iterable[Any], is_marked: Callable[[str], bool], language: str
) -> tuple[Fragment, str]:
    """The first text with a word that was asked for, cut around it, and its language; the title where none has one."""
    for tag, text in (*_texts(further, language), title):
        for match in _WORD.finditer(text):
            if is_marked(match[0]):
                return _marked(_cut(text, match.start()), is_marked), tag
    return ((title[1], False),), title[0]


def _texts(columns: Iterable[Any], language: str) -> Iterator[tuple[str, str]]:
    """All texts of *columns* without their markup, each behind its language, those that suit *language* first."""
    for value in columns:
        tag, text = _best(value, language)
        yield tag, text_of(text, 20_000)
        if isinstance(value, dict):
            yield from (
                ("" if tag == language else tag, text_of(text, 20_000)) for tag, text in value.items()
            )


def _cut(text: str, place: int) -> str:
    start = 0 if place <= _BEFORE else text.find(" ", place - _BEFORE) + 1
    end = len(text) if len(text) - start <= _LONGEST else text.rfind(" ", start, start + _LONGEST)
    end = end if end > place else start + _LONGEST
    return f"{'… ' if start else ''}{' '.join(text[start:end].split())}{' …' if end < len(text) else ''}"


def _marked(text: str, is_marked: Callable[[str], bool]) -> Fragment:
    parts: list[tuple[str, bool]] = []
    done = 0
    for match in _WORD.finditer(text):
        if is_marked(match[0]):
            parts += [(text[done : match.start()], False), (match[0], True)]
            done = match.end()
    parts.append((text[done:], False))
    return tuple(part for part in parts if part[0])
