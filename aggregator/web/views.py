"""The public pages: each view reads its input, asks one module and renders."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from aggregator.addresses import absolute, event_path
from aggregator.models import Tombstone
from aggregator.search.criteria import Criteria, read_criteria
from aggregator.search.paging import page_of
from aggregator.vocabulary import Kind
from aggregator.web import clock, event_page, filters, origins, programme, source_page
from aggregator.web.cards import by_day, cards, listed


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Tonight, the days ahead, what goes on, festivals, and how fresh it all is."""
    now, language = timezone.now(), _language()
    today, known = clock.today(now), origins.known(now)
    running = programme.ongoing(Criteria(start=today, end=today)).order_by("local_end_date", "id")
    context: dict[str, Any] = {
        "now": now,
        "today": clock.day_label(today, now),
        "tonight": cards(listed(programme.tonight(now))[: programme.TONIGHT], language, now, known),
        "days": by_day(cards(listed(programme.days_ahead(now)), language, now, known), now),
        "ongoing": cards(listed(running)[: programme.ONGOING], language, now, known),
        "festivals": programme.festivals_now(now),
        "freshness": [one for one in known.values() if one.configured],
        "origins": origins.told(known),
    }
    return render(request, "web/home.html", context)


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Coming showings by programme day with ongoing runs apart, or the runs alone with ``view=ongoing``."""
    now, language, values = timezone.now(), _language(), dict(request.GET.lists())
    criteria, bad = read_criteria(values, settings.PROVIDERS)
    asked, astray = filters.read_asked(values)
    effective = programme.from_today(criteria, now)
    rows = programme.ongoing(effective) if asked.ongoing else programme.dated(effective)
    page = page_of(listed(rows), programme.PAGE_SIZE, after=asked.after, before=asked.before)
    known = origins.known(now)
    shown = cards(page.rows, language, now, known)
    aside = () if asked.ongoing else listed(programme.ongoing(effective).order_by("local_end_date", "id"))
    strip = replace(
        criteria, start=clock.today(now), end=clock.today(now) + timedelta(days=filters.STRIP_DAYS)
    )
    context = {
        "now": now,
        "criteria": criteria,
        "search": " ".join(criteria.texts),
        "notes": filters.notes((*bad, *astray)),
        "narrowed": filters.is_narrowed(criteria),
        "unfolded": filters.is_narrowed(replace(criteria, texts=())),
        "only_ongoing": asked.ongoing,
        "days": () if asked.ongoing else by_day(shown, now),
        "runs": shown if asked.ongoing else cards(aside[: programme.ONGOING], language, now, known),
        "strip": filters.day_strip(criteria, programme.numbers_by_day(strip), now),
        "options": filters.options(criteria, programme.cities()),
        "carried": filters.carried(criteria),
        "previous": _stretch(criteria, asked.ongoing, before=page.before),
        "next": _stretch(criteria, asked.ongoing, after=page.after),
        "ongoing_query": filters.query(criteria, view="ongoing"),
        "programme_query": filters.query(criteria),
        "continued": page.before is not None,
        "origins": origins.told(known),
    }
    return render(request, "web/events.html", context)


def _stretch(criteria: Criteria, ongoing: bool, **place: Any) -> str:
    """The query string of a neighbouring stretch, or "" where there is none."""
    if not any(place.values()):
        return ""
    return filters.query(criteria, view="ongoing" if ongoing else None, **place)


@require_safe
def event(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    """One event, at one address: any other spelling of it leads there for good."""
    row = event_page.find(pk)
    if row is None:
        if Tombstone.objects.filter(kind=Kind.EVENT, row=pk).exists():
            return render(request, "410.html", status=410)
        raise Http404
    path = event_path(row.pk, row.titles)
    if request.path != path:
        return HttpResponsePermanentRedirect(path)
    now = timezone.now()
    known = origins.known(now)
    page = event_page.describe(row, _language(), now, known)
    context = {"page": page, "canonical": absolute(path), "origins": origins.told(known)}
    return render(request, "web/event.html", context)


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """How every provider is doing, in plain words; never a secret and never a traceback."""
    return render(request, "web/sources.html", {"sources": source_page.describe(timezone.now())})
