"""Showings as a calendar (RFC 5545), written by the room that writes the site's own."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from aggregator import languages
from aggregator.api.answers import answer
from aggregator.api.problems import BadParameter
from aggregator.api.resources import Resource
from aggregator.feeds.asked import stamped
from aggregator.feeds.calendars import calendar
from aggregator.feeds.entries import entries
from aggregator.models import Showing

MOST = 2000


def showings(resource: Resource, found: QuerySet[Any]) -> QuerySet[Showing]:
    """The showings of *found*, which are showings or events, that visitors may see."""
    if resource.name == "showings":
        return found.filter(withdrawn_at=None)
    # By way of ids: the order of the events, and the limit on the calendar, are none of the subquery's.
    rows = Showing.objects.public().filter(event__in=found.order_by().values("pk"), event__hidden_at=None)
    return rows.order_by("starts_at", "id")


def answered(request: HttpRequest, name: str, found: QuerySet[Showing]) -> HttpResponseBase:
    """All of *found* as a calendar called *name*, under its ETag. One query.

    Raises ``BadParameter`` for more than ``MOST``: a calendar that leaves some out looks as if they were not there.
    """
    language = languages.current()
    written = entries(stamped(found)[: MOST + 1], language)
    if len(written) > MOST:
        sentence = (
            f"A calendar holds up to {MOST} showings, and these are more. Narrow them with from and to."
        )
        raise BadParameter("format", sentence)
    content = calendar(name, language, written)
    headers = {"Content-Disposition": 'attachment; filename="marquee.ics"'}
    return answer(request, content, "text/calendar; charset=utf-8", headers=headers)
