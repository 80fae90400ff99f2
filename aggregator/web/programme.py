"""What the programme pages ask of the database. Which showings match is left to ``search``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from aggregator.models import Festival, Showing, Venue
from aggregator.search.criteria import Criteria
from aggregator.search.facets import numbers_of
from aggregator.search.listings import find_venues
from aggregator.search.near import surroundings
from aggregator.search.showings import find_beginning, find_ongoing
from aggregator.search.tokens import label
from aggregator.vocabulary import Precision
from aggregator.web import clock

PAGE_SIZE = 24
TONIGHT = 12
DAYS_AHEAD = 6
PER_DAY = 4
ONGOING = 8
MOST_CITIES = 300
#: So many places around the one asked for say what time it is there.
_NEAREST = 5


def from_today(criteria: Criteria, now: datetime) -> Criteria:
    """*criteria* beginning today, unless they begin somewhere or end before today."""
    today = clock.today(now)
    if criteria.start is None and (criteria.end is None or criteria.end >= today):
        return replace(criteria, start=today)
    return criteria


def dated(criteria: Criteria) -> QuerySet[Showing]:
    """Matching showings that stand under one day: no runs, and nothing that began before the first day asked
    for.
    """
    return find_beginning(criteria)


def ongoing(criteria: Criteria) -> QuerySet[Showing]:
    """The matching showings that ``dated`` leaves out: runs, and what began before and goes on."""
    return find_ongoing(criteria)


def tonight(criteria: Criteria, now: datetime) -> QuerySet[Showing]:
    """What is still to begin, or to take place at no certain time, in the current programme day."""
    today = clock.today(now)
    return dated(replace(criteria, start=today, end=today)).filter(
        Q(starts_at__gte=now) | ~Q(precision=Precision.EXACT)
    )


def days_ahead(criteria: Criteria, now: datetime) -> QuerySet[Showing]:
    """The first few showings of each of the next days."""
    today = clock.today(now)
    first, last = today + timedelta(days=1), today + timedelta(days=DAYS_AHEAD)
    return first_of_days(replace(criteria, start=first, end=last), PER_DAY)


def first_of_days(criteria: Criteria, number: int) -> QuerySet[Showing]:
    """The first *number* dated showings of each day, those with a time of day before those without."""
    found = dated(criteria)
    untimed = Case(When(precision=Precision.EXACT, then=0), default=1)
    place = Window(RowNumber(), partition_by=F("local_start_date"), order_by=(untimed, "starts_at", "id"))
    return found.annotate(place=place).filter(place__lte=number)


def numbers_by_day(criteria: Criteria) -> dict[date, int]:
    """How many dated showings stand under each day."""
    counted = dated(criteria).order_by().values_list("local_start_date").annotate(Count("id"))
    return dict(sorted(counted))


def festivals_now(now: datetime) -> Sequence[Festival]:
    """Festivals that are on, and those that begin within two months, soonest first."""
    today = clock.today(now)
    soon = Q(starts_on__lte=today + timedelta(days=60), ends_on__gte=clock.earliest_today(now))
    return list(Festival.objects.public().filter(soon).order_by("starts_on", "id")[:8])


def cities(now: datetime, home: str = "") -> Sequence[str]:
    """The cities to choose a home from, by name: those where most is to come, then those that there are venues in.
    *home* is among them in any case. Two queries.
    """
    coming = numbers_of(from_today(Criteria(), now), "cities")
    fullest = sorted(coming, key=lambda city: (-coming[city], city))[:MOST_CITIES]
    kept = dict.fromkeys(filter(None, (home, *fullest)))
    if len(kept) < MOST_CITIES:
        known = {label("c", city) for city in kept}
        rows = (
            Venue.objects.public().exclude(city="").order_by("city").values_list("city", flat=True).distinct()
        )
        further = (city for city in rows[: 2 * MOST_CITIES] if label("c", city) not in known)
        kept |= dict.fromkeys(islice(further, MOST_CITIES - len(kept)))
    return sorted(kept, key=str.casefold)


def zone_of(criteria: Criteria) -> str:
    """The zone of what *criteria* ask about: of its cities, else of the places nearest to the one asked for, else of
    its venues, else of its festivals; "" where these lie in several, or nobody says. At most two queries.
    """
    rows: QuerySet[Any]
    if criteria.cities:
        # Found as the filter finds them, however they are spelt.
        rows = find_venues(Criteria(cities=criteria.cities))
    elif criteria.near:
        within = surroundings(criteria.near).within
        nearest = sorted(within, key=lambda venue: (within[venue].km, venue))[:_NEAREST]
        rows = Venue.objects.filter(pk__in=nearest)
    elif criteria.venues:
        rows = Venue.objects.filter(hidden_at=None, pk__in=criteria.venues)
    elif criteria.festivals:
        rows = Festival.objects.filter(hidden_at=None, pk__in=criteria.festivals)
    else:
        return ""
    found = list(rows.exclude(zone="").order_by("zone").values_list("zone", flat=True).distinct()[:2])
    return found[0] if len(found) == 1 else ""
