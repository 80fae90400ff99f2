"""The pages of single rows, one view for all kinds: found, hidden, forgotten, or at another address.

What differs between kinds stands in ``DETAILS``: how a row is found and described, and the template.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from aggregator import languages
from aggregator.addresses import path_of
from aggregator.models import Tombstone
from aggregator.search.criteria import read_day
from aggregator.vocabulary import Kind
from aggregator.web import (
    clock,
    event_page,
    festival_page,
    film_page,
    indexes,
    organisation_page,
    origins,
    person_page,
    venue_page,
)
from aggregator.web.listings import choices
from aggregator.web.origins import Origin
from aggregator.web.texts import Text, pick
from aggregator.web.trailers import PLAYER_ORIGINS, trailers
from aggregator.web.validators import revalidated

Describe = Callable[[Any, str, datetime, Mapping[str, Origin]], Any]


@dataclass(frozen=True, slots=True)
class Detail:
    """How one kind's page is made. *title* is what its slug is made of: a name, or titles by language. *zone* is where
    a row lies, "" for nowhere in particular: today is today there.
    """

    find: Callable[[int], Any]
    title: Callable[[Any], str | Mapping[str, str]]
    describe: Describe
    template: str
    zone: Callable[[Any], str] = lambda row: ""


def _own_zone(row: Any) -> str:
    return str(row.zone)


DETAILS: Mapping[str, Detail] = {
    Kind.EVENT: Detail(event_page.find, lambda row: row.titles, event_page.describe, "web/event.html"),
    Kind.FILM: Detail(film_page.find, lambda row: row.titles, film_page.describe, "web/film.html"),
    Kind.PERSON: Detail(person_page.find, lambda row: row.name, person_page.describe, "web/person.html"),
    Kind.VENUE: Detail(venue_page.find, str, venue_page.describe, "web/venue.html", _own_zone),
    Kind.FESTIVAL: Detail(festival_page.find, str, festival_page.describe, "web/festival.html", _own_zone),
    Kind.SECTION: Detail(festival_page.find_section, str, festival_page.describe_section, "web/section.html"),
    Kind.ORGANISATION: Detail(
        organisation_page.find, str, organisation_page.describe, "web/organisation.html"
    ),
}


@require_safe
@revalidated
@gzip_page
def page(request: HttpRequest, kind: str, pk: str, slug: str | None = None) -> HttpResponse:
    """One row's page, at one address: any other spelling of it leads there for good."""
    detail = DETAILS[kind]
    row = detail.find(int(pk))
    if row is None:
        return _missing(request, kind, int(pk))
    path = path_of(kind, row.pk, detail.title(row))
    if request.path != path:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    now = timezone.now()
    known = origins.known(now)
    further = _asked_of_festival(request) if kind == Kind.FESTIVAL else {}
    with clock.reckoned_in(detail.zone(row)):
        described = detail.describe(row, languages.current(), now, known, **further)
    context = {
        "page": described,
        "row": row,
        "path": path,
        "origins": origins.told(known),
        "view": request.GET.get("view", ""),
    }
    return render(request, detail.template, context)


@csp_update({"frame-src": list(PLAYER_ORIGINS)})  # type: ignore[arg-type]
@require_safe
def trailer(request: HttpRequest, kind: str, pk: int, number: int) -> HttpResponse:
    """The player of one clip, on a page of its own: whoever opens it has asked for the host that plays it."""
    detail = DETAILS.get(kind)
    row = detail.find(pk) if detail else None
    if detail is None or row is None or row.withdrawn_at is not None:
        raise Http404
    film = getattr(row, "film", None)
    found = trailers(getattr(row, "trailers", ()), film.trailers if film and film.hidden_at is None else ())
    clip = next((one for one in found if one.player and one.number == number), None)
    if clip is None:
        raise Http404
    title = detail.title(row)
    named = Text(title) if isinstance(title, str) else pick(title, languages.current())
    context = {"clip": clip, "title": named or Text(str(row)), "back": path_of(kind, pk, title)}
    return render(request, "web/trailer.html", context)


@require_safe
@revalidated
@gzip_page
def index(request: HttpRequest, kind: str) -> HttpResponse:
    """All rows of one kind, paged; those that are searched for where something is."""
    now = timezone.now()
    listed = indexes.index(kind, dict(request.GET.lists()), languages.current(), now)
    context = {
        "index": listed,
        "notes": choices.notes(listed.bad),
        "path": request.path,
        "origins": origins.told(origins.known(now)),
    }
    return render(request, "web/index.html", context)


def _missing(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """410 for somebody or something that was forgotten, else 404."""
    if Tombstone.objects.filter(kind=kind, row=pk).exists():
        return render(request, "410.html", status=410)
    raise Http404


def _asked_of_festival(request: HttpRequest) -> dict[str, date | None]:
    """The day asked for; one that cannot be read is no day."""
    try:
        return {"wanted": read_day(request.GET.get("day", ""))}
    except ValueError:
        return {"wanted": None}
