"""Finding people by name, in the plain way.

Everybody who lists people comes through ``find_people``; what a better search needs is put behind it.
"""

from collections.abc import Iterable
from functools import reduce
from operator import and_, or_

from django.db.models import Q, QuerySet

from aggregator.models import Person
from aggregator.search.criteria import Criteria

MOST_WORDS = 8


def find_people(criteria: Criteria) -> QuerySet[Person]:
    """People whose profile visitors may see and who meet *criteria* (``texts`` and ``providers`` alone), by id.

    Withdrawn and hidden people and those whose profile is not public are left out.
    """
    found = Person.objects.public().filter(public=True)
    if criteria.providers:
        found = found.filter(provider__in=criteria.providers)
    if criteria.texts:
        found = found.filter(reduce(or_, [_named(text) for text in criteria.texts]))
    return found.order_by("id")


def _named(text: str) -> Q:
    """All words of *text* stand somewhere in the name."""
    return reduce(and_, [_spelt(_spellings(word)) for word in text.split()[:MOST_WORDS]])


def _spelt(spellings: Iterable[str]) -> Q:
    fields = ("name", "sort_name")
    return reduce(or_, [Q(**{f"{field}__icontains": word}) for field in fields for word in spellings])


def _spellings(word: str) -> tuple[str, ...]:
    """*word* as names write it: SQLite tells Å from å, while everything else is the databases' own affair."""
    if word.isascii():
        return (word,)
    return tuple(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize(), word.title())))
