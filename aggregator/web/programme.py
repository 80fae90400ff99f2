"""What the programme pages ask of the database. Which showings match is left to ``search``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from aggregator.models import Festival, Showing, Venue
from aggregator.search.criteria import Criteria
from aggregator.search.showings import find_showings
from aggregator.vocabulary import Precision
from aggregator.web import clock

PAGE_SIZE = 48
TONIGHT = 12
DAYS_AHEAD = 6
PER_DAY = 4
ONGOING = 8
MOST_CITIES = 300


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
    found = find_showings(replace(criteria, start=None)).exclude(precision=Precision.RUN)
    return found.filter(local_start_date__gte=criteria.start) if criteria.start else found


def ongoing(criteria: Criteria) -> QuerySet[Showing]:
    """The matching showings that ``dated`` leaves out: runs, and what began before and goes on."""
    apart = Q(precision=Precision.RUN)
    if criteria.start:
        apart |= Q(local_start_date__lt=criteria.start)
    return find_showings(criteria).filter(apart)


def tonight(now: datetime) -> QuerySet[Showing]:
    """What is still to begin, or to take place at no certain time, in the current programme day."""
    today = clock.today(now)
    return dated(Criteria(start=today, end=today)).filter(
        Q(starts_at__gte=now) | ~Q(precision=Precision.EXACT)
    )


def days_ahead(now: datetime) -> QuerySet[Showing]:
    """The first few showings of each of the next days, those with a time of day before those without."""
    today = clock.today(now)
    found = dated(Criteria(start=today + timedelta(days=1), end=today + timedelta(days=DAYS_AHEAD)))
    untimed = Case(When(precision=Precision.EXACT, then=0), default=1)
    place = Window(RowNumber(), partition_by=F("local_start_date"), order_by=(untimed, "starts_at", "id"))
    return found.annotate(place=place).filter(place__lte=PER_DAY)


def numbers_by_day(criteria: Criteria) -> dict[date, int]:
    """How many dated showings stand under each day."""
    counted = dated(criteria).order_by().values_list("local_start_date").annotate(Count("id"))
    return dict(sorted(counted))


def festivals_now(now: datetime) -> Sequence[Festival]:
    """Festivals that are on, and those that begin within two months, soonest first."""
    today = clock.today(now)
    soon = Q(starts_on__lte=today + timedelta(days=60), ends_on__gte=today)
    return list(Festival.objects.public().filter(soon).order_by("starts_on", "id")[:8])


def cities() -> Sequence[str]:
    """The cities that there are venues in."""
    found = Venue.objects.public().exclude(city="").order_by("city").values_list("city", flat=True).distinct()
    return list(found[:MOST_CITIES])
