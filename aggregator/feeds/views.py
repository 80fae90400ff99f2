"""The addresses of feeds: each reads its query, asks one function and writes."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from aggregator import languages
from aggregator.addresses import absolute
from aggregator.feeds import asked, atom, sitemaps
from aggregator.feeds.calendars import calendar
from aggregator.feeds.entries import entries
from aggregator.models import Event, Film, Showing, Tombstone
from aggregator.web import cards, clock, filters, origins, programme

#: A calendar keeps what was on lately, for whoever was there.
_KEPT = timedelta(days=30)
#: In one calendar: what comes next before what is past.
MOST_EVENTS = 2000
MOST_NEWS = 60


@require_safe
@gzip_page
def listing_calendar(request: HttpRequest) -> HttpResponse:
    """Any filtered listing as a calendar; 304 while nothing of it changed. Two queries, one for a 304; five at most
    where there is more than a calendar holds.
    """
    criteria, refusal = asked.read(request)
    if refusal:
        return refusal
    wanted = asked.from_day(criteria, clock.today(timezone.now()) - _KEPT)
    return _calendar(request, asked.showings(wanted), lambda: asked.name_of(criteria))


@require_safe
@gzip_page
def row_calendar(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """All showings of one event or film as a calendar. What was withdrawn stays in it as cancelled: whoever subscribed
    would else go on relying on it. 410 once it was forgotten.
    """
    row: Any = {"event": Event, "film": Film}[kind].objects.filter(pk=pk, hidden_at=None).first()
    if row is None:
        if Tombstone.objects.filter(kind=kind, row=pk).exists():
            return HttpResponse(status=410)
        raise Http404
    rows = Showing.objects.filter(
        hidden_at=None, event__hidden_at=None, **{"event" if kind == "event" else "event__film": pk}
    )
    return _calendar(request, rows.order_by("starts_at", "id"), lambda: f"Marquee: {row}")


def _calendar(request: HttpRequest, found: Any, name: Any) -> HttpResponse:
    parts, told = _kept(asked.stamped(found))
    etag = asked.etag_of("calendar", told)
    if asked.is_known(request, etag):
        return asked.not_modified(etag)
    language = languages.current()
    shown = [entry for part in parts for entry in entries(part, language)]
    content = calendar(name(), language, shown)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="marquee.ics"'
    return asked.with_headers(response, etag)


def _kept(rows: Any) -> tuple[list[Any], list[Any]]:
    """The part of *rows*, which are in order of time, that a calendar has room for, in one or two query sets, and the
    ``TOLD`` of each: all of them, else the next ones, and of the past as much as there is still room for, the last
    first.
    """
    told = list(rows.values_list(*asked.TOLD)[: MOST_EVENTS + 1])
    if len(told) <= MOST_EVENTS:
        return [rows[:MOST_EVENTS]], told
    today = clock.earliest_today(timezone.now())
    parts = [rows.filter(local_end_date__gte=today)[:MOST_EVENTS]]
    told = list(parts[0].values_list(*asked.TOLD))
    if room := MOST_EVENTS - len(told):
        parts.append(rows.filter(local_end_date__lt=today).reverse()[:room])
        told += parts[1].values_list(*asked.TOLD)
    return parts, told


@require_safe
@gzip_page
def listing_news(request: HttpRequest) -> HttpResponse:
    """What is new in any filtered listing from today on, as Atom; 304 while nothing of it changed."""
    criteria, refusal = asked.read(request)
    if refusal:
        return refusal
    now, language = timezone.now(), languages.current()
    wanted = asked.from_day(criteria, clock.today(now, programme.zone_of(criteria)))
    rows = asked.stamped(asked.showings(wanted)).order_by("-stamp", "-id")[:MOST_NEWS]
    etag = asked.etag_of("news", rows.values_list(*asked.TOLD))
    if asked.is_known(request, etag):
        return asked.not_modified(etag)
    known = origins.known(now)
    found = list(cards.listed(rows, "first_seen_at", "updated_at", pictures=False))
    shown = list(zip(found, cards.cards(found, language, now, known), strict=True))
    query = filters.query(criteria)
    query = "" if query == "?" else query
    address = absolute(languages.in_language(request.path, language)) + query
    page = absolute(languages.in_language(reverse("web:events"), language)) + query
    content = atom.feed(asked.name_of(criteria), language, address, page, shown)
    return asked.with_headers(HttpResponse(content, content_type="application/atom+xml; charset=utf-8"), etag)


@require_safe
@gzip_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of all sitemaps, a query for each kind."""
    return HttpResponse(sitemaps.index(), content_type="application/xml; charset=utf-8")


@require_safe
@gzip_page
def sitemap(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One sitemap. One query."""
    content = sitemaps.part(kind, number)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: the pages. Of invented data nothing."""
    closed = ("/admin/", "/accounts/", "/planner/", "/hooks/", "/trailers/", "/language/")
    prefixes = ["", *(f"/{code}" for code, _name in settings.LANGUAGES)]
    lines = ["User-agent: *"]
    lines += (
        ["Disallow: /"] if settings.DEMO else [f"Disallow: {p}{path}" for path in closed for p in prefixes]
    )
    lines += ["", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
