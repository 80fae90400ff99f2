"""Which showings a feed is about: the same query string as the programme's, read by the same function."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from aggregator import languages
from aggregator.models import Festival, Showing, Venue
from aggregator.search import BadValue, Criteria, find_showings, read_criteria
from aggregator.web.listings.choices import notes
from aggregator.web.words import KINDS

#: Raised when feeds are written differently, so that readers fetch them anew.
FORM = 2
#: What of a showing that ``stamped`` gave tells whether a feed would be written the same: a hand that hides a part of
#: it moves no stamp.
TOLD = ("pk", "stamp", "venue__hidden_at", "event__film__hidden_at")


def read(request: HttpRequest) -> tuple[Criteria, HttpResponse | None]:
    """What a feed was asked for, or the refusal: a subscription must not silently widen to everything."""
    values = {name: request.GET.getlist(name) for name in request.GET}
    criteria, bad = read_criteria(values, settings.PROVIDERS)
    return criteria, _refusal(bad) if bad else None


def from_day(criteria: Criteria, day: date) -> Criteria:
    """*criteria* beginning on *day* unless they begin or end somewhere themselves."""
    if criteria.start is None and (criteria.end is None or criteria.end >= day):
        return replace(criteria, start=day)
    return criteria


def stamped(rows: QuerySet[Showing]) -> QuerySet[Any]:
    """*rows* with ``stamp``: when they, their event, film or venue last changed, or they were withdrawn. Seats do not
    count as a change.
    """
    zero = "updated_at"
    return rows.annotate(
        stamp=Greatest(
            "updated_at",
            "event__updated_at",
            Coalesce("event__film__updated_at", zero),
            Coalesce("venue__updated_at", zero),
            Coalesce("withdrawn_at", zero),
            Coalesce("event__withdrawn_at", zero),
        )
    )


def etag_of(form: str, told: Iterable[tuple[Any, ...]]) -> str:
    """A strong ETag of a feed of *form* with these showings, as their ``TOLD``: the same for as long as it would be
    written the same.
    """
    said = [str(FORM), form, languages.current(), str(settings.SITE_URL)]
    said += [f"{pk}.{stamp.isoformat()}.{'.'.join(map(str, hidden))}" for pk, stamp, *hidden in told]
    return f'"{hashlib.blake2b(" ".join(said).encode(), digest_size=16).hexdigest()}"'


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether the reader has what *etag* stands for."""
    given = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    return etag in given or "*" in given


def not_modified(etag: str) -> HttpResponse:
    """304, with what caches need to go on."""
    return with_headers(HttpResponse(status=304), etag)


def with_headers(response: HttpResponse, etag: str) -> HttpResponse:
    """*response* that is asked for again each time, and costs nothing while it is unchanged."""
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300"
    return response


def name_of(criteria: Criteria) -> str:
    """A feed's name: what it is narrowed to, in words. A query each for festivals and venues that are asked for."""
    parts = [*criteria.texts, *criteria.cities, *(str(KINDS[kind]) for kind in criteria.kinds)]
    if criteria.festivals:
        parts += [str(row) for row in Festival.objects.public().filter(pk__in=criteria.festivals)[:3]]
    if criteria.venues:
        parts += [str(row) for row in Venue.objects.public().filter(pk__in=criteria.venues)[:3]]
    if True in criteria.free:
        parts.append(_("Free"))
    return ": ".join(filter(None, ("Marquee", ", ".join(parts[:6]))))


def site_host() -> str:
    """The host that our identifiers are under; they stay the same for as long as the site keeps its address."""
    return urlsplit(str(settings.SITE_URL)).hostname or "localhost"


def showings(criteria: Criteria) -> QuerySet[Showing]:
    """The showings that *criteria* find, as the programme and the API find them, in the order of the programme."""
    return find_showings(replace(criteria, ordering=""))


def _refusal(bad: Iterable[BadValue]) -> HttpResponse:
    lines = [_("This could not be understood:"), *notes(tuple(bad))]
    return HttpResponse("\n".join(lines) + "\n", status=400, content_type="text/plain; charset=utf-8")
