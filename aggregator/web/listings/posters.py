"""The programme as a wall of posters: every event once, at the first of its showings that fits."""

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from aggregator.models import Showing
from aggregator.search.criteria import Criteria
from aggregator.web import programme


def firsts(criteria: Criteria) -> QuerySet[Showing]:
    """Of each event the first dated showing that meets *criteria*, in programme order."""
    here = programme.dated(criteria)
    same = programme.dated(criteria).filter(event=OuterRef("event")).order_by()
    day, start = OuterRef("local_start_date"), OuterRef("starts_at")
    earlier = (
        Q(local_start_date__lt=day)
        | Q(local_start_date=day, starts_at__lt=start)
        | Q(local_start_date=day, starts_at=start, id__lt=OuterRef("id"))
    )
    return here.filter(~Exists(same.filter(earlier)))


def numbers(criteria: Criteria, events: Sequence[int]) -> dict[int, int]:
    """How many dated showings of each of *events* meet *criteria*. One query."""
    found = programme.dated(criteria).filter(event__in=list(events)).order_by()
    return dict(found.values_list("event").annotate(Count("id")))
