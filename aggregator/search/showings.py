"""Finding showings and events.

Everybody who lists showings or events comes through ``find_showings`` and ``find_events``.
"""

from dataclasses import replace
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from aggregator.models import Event, SearchEntry, Showing
from aggregator.search import ranking
from aggregator.search.criteria import Criteria
from aggregator.search.matching import Matching, matching, without_texts
from aggregator.search.near import Surroundings, surroundings
from aggregator.search.tables import Among, Told
from aggregator.search.tokens import label
from aggregator.vocabulary import Kind, Precision

COUNTED = 10_000
# What an event's own entry knows; everything else is asked of its showings.
_OF_EVENTS = (*("texts", "providers", "categories", "festivals", "sections", "kinds", "languages", "free"),)
_OF_SHOWINGS = ("start", "end", "cities", "countries", "venues", "availability", "near")


def find_showings(criteria: Criteria) -> QuerySet[Showing]:
    """Showings that visitors may see and that meet all of *criteria*, in ``criteria.ordering``.

    The usual order is that of the programme: day, start, id. Withdrawn and hidden showings, and showings of hidden
    events, are left out. The past is included. Where ``criteria.near`` is given, each row bears ``distance_km`` and
    ``distance_is_about`` (see ``near``). Ordered by relevance, only the best ``ranking.MOST`` are listed.
    """
    return _found(matching(criteria), criteria)


def find_beginning(criteria: Criteria) -> QuerySet[Showing]:
    """Like ``find_showings``, but without what began before ``criteria.start`` and goes on, and without runs."""
    return _found(replace(matching(criteria), is_beginning=True), criteria).exclude(precision=Precision.RUN)


def find_ongoing(criteria: Criteria) -> QuerySet[Showing]:
    """What ``find_beginning`` leaves out of ``find_showings``: runs, and what began before and goes on."""
    matched = matching(criteria)
    labels = (*matched.question.labels, (label("o", 1),))
    apart = Q(precision=Precision.RUN)
    if criteria.start:
        apart |= Q(local_start_date__lt=criteria.start)
    return _found(replace(matched, question=replace(matched.question, labels=labels)), criteria).filter(apart)


def _found(matched: Matching, criteria: Criteria) -> QuerySet[Showing]:
    found = matched.narrow(Showing.objects.public(), "entry__")
    if matched.around is not None:
        found = _measured(found, matched.around)
    if criteria.ordering == "relevance" and criteria.texts:
        return ranking.ranked(found, [one.row for one in ranking.best(matched, ranking.MOST)])
    if criteria.ordering in ("id", "-id"):
        return found.order_by(criteria.ordering)
    order = f"entry__{matched.order}"
    if criteria.ordering == "distance":
        return found.order_by(F("distance_km").asc(nulls_last=True), order)
    return found.order_by(f"-{order}" if criteria.ordering == "-start" else order)


def not_placed(criteria: Criteria) -> tuple[int, bool]:
    """How many showings meet *criteria* but for ``near``, and have no place that could be measured."""
    if criteria.near is None:
        return 0, False
    nowhere = surroundings(criteria.near).not_placed
    entries = matching(replace(criteria, near=None)).narrow(SearchEntry.objects.all())
    return count(entries.filter(Q(venue=None) | Q(Among("venue", nowhere))))


def _measured(found: QuerySet[Showing], around: Surroundings) -> QuerySet[Showing]:
    far = {venue: distance.km for venue, distance in around.within.items()}
    about = [venue for venue, distance in around.within.items() if distance.about]
    return found.annotate(
        distance_km=Told("venue_id", far), distance_is_about=Coalesce(Among("venue_id", about), Value(False))
    )


def find_events(criteria: Criteria) -> QuerySet[Event]:
    """Events that visitors may see and that meet *criteria*, by id unless ordered otherwise.

    What concerns time, place and tickets must be met by one and the same showing, together with the words; ``kinds``
    are the event's own. "start" orders them by the first showing that meets the rest.
    """
    found = Event.objects.public()
    own = matching(criteria, Kind.EVENT, _OF_EVENTS)
    if own.question or own.hopeless:
        found = found.filter(id__in=own.narrow(SearchEntry.objects.all()).values("row"))
    if any(getattr(criteria, name) for name in _OF_SHOWINGS):
        found = found.filter(
            id__in=_their_showings(criteria).narrow(SearchEntry.objects.all()).values("event")
        )
    if criteria.ordering == "relevance" and criteria.texts:
        return ranking.ranked(found, [one.row for one in ranking.best(own, ranking.MOST)])
    if criteria.ordering in ("start", "-start"):
        return by_first_showing(found, criteria, backwards=criteria.ordering == "-start")
    return found.order_by("-id" if criteria.ordering == "-id" else "id")


def by_first_showing(events: QuerySet[Event], criteria: Criteria, backwards: bool) -> QuerySet[Event]:
    """*events* by the first showing of each that meets *criteria*, whatever its words; those without one at the end."""
    entries = without_texts(_their_showings(criteria)).narrow(SearchEntry.objects.all())
    first = Subquery(entries.filter(event=OuterRef("pk")).order_by("key").values("key")[:1])
    order = first.desc(nulls_last=True) if backwards else first.asc(nulls_last=True)
    return events.order_by(order, "-id" if backwards else "id")


def _their_showings(criteria: Criteria) -> Matching:
    """What the showings of an event must meet."""
    return matching(criteria, Kind.SHOWING, ("texts", *_OF_SHOWINGS))


def count(found: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows were found, counted up to ``COUNTED``, and whether there are more than that."""
    number = found.order_by()[: COUNTED + 1].count()
    return min(number, COUNTED), number > COUNTED
