"""Which entries speak of which rows: a showing's entry names its event, film, venue, festival and so on.

Reads only. For every kind there is one query per kind of row that speaks of it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from aggregator.models import Event, Film, Person, Section, Selection, Showing
from aggregator.vocabulary import Kind

Rows = Callable[[Collection[int]], QuerySet[Any]]


def _showings_of(condition: str) -> Rows:
    return lambda ids: Showing.objects.filter(**{f"{condition}__in": ids})


def _events_of(condition: str) -> Rows:
    return lambda ids: Event.objects.filter(**{f"{condition}__in": ids})


def _in_section(ids: Collection[int]) -> QuerySet[Event]:
    """Events of films that were chosen for a section; whether the festival fits is for the entry to find out."""
    return Event.objects.filter(film__in=Selection.objects.filter(section__in=ids).values("film"))


# Kind → the rows that speak of it. Two steps are written as one: a film's showings, not its events' showings.
SPEAKING: Mapping[Kind, tuple[tuple[Kind, Rows], ...]] = {
    Kind.EVENT: ((Kind.SHOWING, _showings_of("event")),),
    Kind.FILM: ((Kind.EVENT, _events_of("film")), (Kind.SHOWING, _showings_of("event__film"))),
    Kind.FESTIVAL: (
        (Kind.SECTION, lambda ids: Section.objects.filter(festival__in=ids)),
        (Kind.FILM, lambda ids: Film.objects.filter(selections__festival__in=ids).distinct()),
        (Kind.EVENT, _events_of("festival")),
        (Kind.SHOWING, _showings_of("event__festival")),
    ),
    Kind.SECTION: (
        (Kind.FILM, lambda ids: Film.objects.filter(selections__section__in=ids).distinct()),
        (Kind.EVENT, _in_section),
        (Kind.SHOWING, lambda ids: Showing.objects.filter(event__in=_in_section(ids).values("id"))),
    ),
    Kind.SELECTION: (
        (Kind.FILM, lambda ids: Film.objects.filter(selections__in=ids).distinct()),
        (Kind.EVENT, lambda ids: Event.objects.filter(film__selections__in=ids).distinct()),
        (Kind.SHOWING, lambda ids: Showing.objects.filter(event__film__selections__in=ids).distinct()),
    ),
    Kind.ORGANISATION: (
        (Kind.PERSON, lambda ids: Person.objects.filter(agency__in=ids)),
        (Kind.EVENT, _events_of("organisation")),
        (Kind.SHOWING, _showings_of("event__organisation")),
    ),
    Kind.CATEGORY: (
        (Kind.EVENT, lambda ids: Event.objects.filter(categories__in=ids).distinct()),
        (Kind.SHOWING, lambda ids: Showing.objects.filter(event__categories__in=ids).distinct()),
    ),
    Kind.VENUE: (
        (Kind.EVENT, lambda ids: Event.objects.filter(showings__venue__in=ids).distinct()),
        (
            Kind.SHOWING,
            lambda ids: Showing.objects.filter(Q(venue__in=ids) | Q(further_venues__in=ids)).distinct(),
        ),
    ),
}


def of(
    rows: Mapping[Kind, Collection[int]], most: int
) -> tuple[Mapping[Kind, set[int]], list[tuple[Kind, int]]]:
    """Ids of the rows that speak of *rows*, by kind; and those of *rows* of which more than *most* rows do."""
    found: defaultdict[Kind, set[int]] = defaultdict(set)
    waiting: list[tuple[Kind, int]] = []
    for kind, ids in rows.items():
        if not ids:
            continue
        theirs = {
            other: list(speaking(ids).order_by().values_list("id", flat=True)[: most + 1])
            for other, speaking in SPEAKING.get(kind, ())
        }
        if any(len(some) > most for some in theirs.values()):
            waiting += [(kind, pk) for pk in ids]
            continue
        for other, some in theirs.items():
            found[other].update(some)
    return found, waiting


def events_of(showings: Iterable[int]) -> set[int]:
    """The events of *showings*."""
    return set(Showing.objects.filter(id__in=list(showings)).values_list("event", flat=True))
