"""The listing's address: reads the state, asks for what it shows, renders the whole page or its results."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from aggregator.web.listings import choices
from aggregator.web.listings.contents import contents
from aggregator.web.listings.state import State, read_state
from aggregator.web.preferences import home_city
from aggregator.web.validators import revalidated


@require_safe
@revalidated
@gzip_page
def events(request: HttpRequest) -> HttpResponse:
    """Coming showings, in one of the views; asked for without any state, those of the visitor's home city."""
    home = home_city(request)
    partial = wants_results_alone(request)
    if home and not request.GET and not partial:
        return HttpResponseRedirect(reverse("web:events") + State(values={"city": (home,)}).query())
    state, bad = read_state(dict(request.GET.lists()), settings.PROVIDERS)
    state = replace(state, home=home)
    context = {**contents(state, timezone.now()), "notes": choices.notes(bad)}
    response = render(request, "web/listing/answer.html" if partial else "web/listing/page.html", context)
    if partial:
        response["HX-Push-Url"] = request.path + state.query(after=state.after, before=state.before)
    patch_vary_headers(response, ("HX-Request",))
    return response


def wants_results_alone(request: HttpRequest) -> bool:
    """Whether htmx asks, and will put the results into a page that stands already."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers
