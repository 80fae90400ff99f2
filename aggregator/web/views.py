"""The public pages: each view reads its input, asks one module and renders."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from aggregator.web import finding, front, source_page
from aggregator.web.preferences import home_city
from aggregator.web.validators import revalidated


@require_safe
@revalidated
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    """What is left of today, the days ahead, what goes on, festivals, and how fresh it all is."""
    return render(request, "web/home.html", front.contents(home_city(request), timezone.now()))


@require_safe
@revalidated
@gzip_page
def search(request: HttpRequest) -> HttpResponse:
    """One text looked for in every kind of row."""
    values = dict(request.GET.lists())
    return render(request, "web/search.html", finding.contents(values, timezone.now()))


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """How every provider is doing, in plain words; never a secret and never a traceback."""
    return render(request, "web/sources.html", {"sources": source_page.describe(timezone.now())})
