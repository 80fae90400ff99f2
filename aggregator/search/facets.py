"""What a search could be narrowed by, with how many showings each choice would leave.

Each facet is counted with its own filter lifted, so that a second value of it can be chosen. Numbers are exact as long
as at most ``COUNTED`` showings meet the rest; of more, the first so many in programme order are counted and ``exact``
says so. Such numbers are kept for a minute, since they are the dearest and the vaguest.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.cache import cache

from aggregator.models import Category, Festival, SearchEntry, Section, Venue
from aggregator.models.listing import best_text
from aggregator.search.criteria import PARAMETERS, Criteria
from aggregator.search.matching import matching
from aggregator.search.showings import COUNTED
from aggregator.search.tokens import label

# Choices of one facet that are named; the rest can still be asked for.
MOST_CHOICES = 100
KEPT_SECONDS = 60
# Field of ``Criteria`` → column of an entry, in the order of ``_FIELDS``.
_COLUMNS: Mapping[str, str] = {
    "providers": "provider",
    "cities": "city",
    "countries": "country",
    "categories": "categories",
    "venues": "venues",
    "festivals": "festival",
    "sections": "sections",
    "kinds": "showing_kind",
    "languages": "languages",
    "availability": "availability",
    "free": "is_free",
}
_FIELDS = tuple(_COLUMNS)
# Columns that hold several values between blanks, or on a line each.
_SEVERAL: Mapping[str, Callable[[str], Iterable[Any]]] = {
    "cities": str.splitlines,
    "countries": str.split,
    "categories": lambda held: map(int, held.split()),
    "venues": lambda held: map(int, held.split()),
    "sections": lambda held: map(int, held.split()),
    "languages": str.split,
}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice: what is put into the query string, what it is called, what it would leave.

    The label of a word of a closed list is the word; whoever shows it knows its translation.
    """

    value: str
    label: str
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """Choices by parameter name, most frequent first. *exact* False: counted among the first ``COUNTED`` hits."""

    choices: Mapping[str, tuple[FacetValue, ...]]
    total: int
    total_is_minimum: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A parameter to drop (one *value* of it, or all where that is "") and how many showings would then be found."""

    parameter: str
    value: str
    number: int
    is_minimum: bool = False


@dataclass(frozen=True, slots=True)
class _Tally:
    """Numbers by field for one set of entries, and whether there were more entries than were counted."""

    total: int
    is_minimum: bool
    numbers: Mapping[str, Mapping[Any, int]]


def facets(criteria: Criteria, language: str = "") -> Facets:
    """The facets of the showings that meet *criteria*; labels of rows in *language* where they have it.

    One query for the hits and one for every field that is chosen, and four for labels.
    """
    whole = _tally(criteria, _FIELDS)
    exact = not whole.is_minimum
    choices: dict[str, tuple[FacetValue, ...]] = {}
    for field in _FIELDS:
        chosen = getattr(criteria, field)
        numbers = whole.numbers[field]
        if chosen:
            nothing: dict[str, Any] = {field: ()}
            lifted = _tally(replace(criteria, **nothing), (field,))
            exact = exact and not lifted.is_minimum
            numbers = lifted.numbers[field]
        choices[PARAMETERS[field]] = _choices(field, numbers, chosen, language)
    return Facets(choices, whole.total, whole.is_minimum, exact)


def numbers_of(criteria: Criteria, field: str) -> Mapping[Any, int]:
    """How many of the showings that meet *criteria* have each value of *field*, of the first ``COUNTED`` at most. One
    query.
    """
    numbers = _tally(criteria, (field,)).numbers[field]
    return _one_spelling(numbers, ()) if field == "cities" else numbers


def relaxations(criteria: Criteria) -> tuple[Relaxation, ...]:
    """What to drop from *criteria* so that more is found, the largest number first; nothing that finds nothing."""
    found = []
    for field, parameter in PARAMETERS.items():
        if getattr(criteria, field):
            entries = matching(replace(criteria, **{field: getattr(Criteria(), field)}))
            number = entries.narrow(SearchEntry.objects.all()).order_by()[: COUNTED + 1].count()
            if number:
                found.append(Relaxation(parameter, "", min(number, COUNTED), number > COUNTED))
    return tuple(sorted(found, key=lambda one: -one.number))


def _tally(criteria: Criteria, fields: Sequence[str]) -> _Tally:
    plain_criteria = replace(criteria, ordering="")
    name = hashlib.blake2b(repr((plain_criteria, fields)).encode(), digest_size=16).hexdigest()
    kept: _Tally | None = cache.get(f"search:facets:{name}")
    if kept is None:
        kept = _counted(plain_criteria, fields)
        if kept.is_minimum:
            cache.set(f"search:facets:{name}", kept, KEPT_SECONDS)
    return kept


def _counted(criteria: Criteria, fields: Sequence[str]) -> _Tally:
    matched = matching(criteria)
    entries = matched.narrow(SearchEntry.objects.all()).order_by(matched.order)
    rows = list(entries.values_list(*(_COLUMNS[field] for field in fields))[: COUNTED + 1])
    columns = list(zip(*rows[:COUNTED], strict=True)) or [()] * len(fields)
    numbers = {field: _numbers(field, values) for field, values in zip(fields, columns, strict=True)}
    return _Tally(min(len(rows), COUNTED), len(rows) > COUNTED, numbers)


def _numbers(field: str, values: Iterable[Any]) -> Mapping[Any, int]:
    numbers: Counter[Any] = Counter(values)
    read = _SEVERAL.get(field)
    if read is None:
        return {value: number for value, number in numbers.items() if value not in (None, "")}
    single: Counter[Any] = Counter()
    for several, number in numbers.items():
        for value in read(several):
            single[value] += number
    return single


def _choices(
    field: str, numbers: Mapping[Any, int], chosen: tuple[Any, ...], language: str
) -> tuple[FacetValue, ...]:
    given = _one_spelling(numbers, chosen) if field == "cities" else {**dict.fromkeys(chosen, 0), **numbers}
    listed = sorted(given.items(), key=lambda item: (-item[1], str(item[0])))
    listed = [item for place, item in enumerate(listed) if place < MOST_CHOICES or item[0] in chosen]
    labels = _labels(field, [value for value, _ in listed], language)
    return tuple(
        FacetValue(_written(value), labels.get(value) or _written(value), number, value in chosen)
        for value, number in listed
    )


def _one_spelling(numbers: Mapping[str, int], chosen: tuple[str, ...]) -> Mapping[str, int]:
    """Cities that the filter takes for the same, as one: spelt as it was asked for, else as most spell it."""
    spelt = {label("c", city): city for city in sorted(numbers, key=lambda city: numbers[city])}
    spelt |= {label("c", city): city for city in chosen}
    together: Counter[str] = Counter(dict.fromkeys(chosen, 0))
    for city, number in numbers.items():
        together[spelt[label("c", city)]] += number
    return together


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _labels(field: str, values: list[Any], language: str) -> Mapping[Any, str]:
    if field == "providers":
        return {slug: entry.provider.name for slug, entry in settings.PROVIDERS.items()}
    if field == "categories":
        rows = Category.objects.filter(id__in=values).values_list("id", "names")
        return {pk: best_text(names, language) for pk, names in rows}
    named: Mapping[str, Any] = {"venues": Venue, "festivals": Festival, "sections": Section}
    if field in named:
        return dict(named[field].objects.filter(id__in=values).values_list("id", "name"))
    return {}
