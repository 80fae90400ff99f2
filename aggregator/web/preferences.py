"""What a visitor's browser remembers for them: a language and a home city. A cookie each, no account, no session."""

from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from aggregator import languages
from aggregator.admission import plain_text
from aggregator.models import Venue

CITY_COOKIE = "city"
_LONGEST_CITY = 200
_AGE = 365 * 24 * 3600

# Both are exempt from Django's check, so that no page needs a token of its own and pages can be kept by caches. What
# could be done to somebody here is to change a language or a city, and only a page of ours can.


@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language posted as ``language`` and go back to the page, under it if it stood under one."""
    code = request.POST.get("language", "")
    if is_from_elsewhere(request):
        return HttpResponseForbidden()
    came_from = origin_page(request)
    if code not in dict(settings.LANGUAGES):
        return HttpResponseRedirect(came_from)
    back = languages.in_language(came_from, code) if languages.split(came_from)[0] else came_from
    response = HttpResponseRedirect(back)
    languages.remember(response, code)
    return response


@csrf_exempt
@require_POST
def city(request: HttpRequest) -> HttpResponse:
    """Remember the city posted as ``city``, or forget it for an empty one, and go back to the page."""
    if is_from_elsewhere(request):
        return HttpResponseForbidden()
    name = plain_text(request.POST.get("city", "")[:_LONGEST_CITY], _LONGEST_CITY)
    response = HttpResponseRedirect(origin_page(request))
    if not name:
        response.delete_cookie(CITY_COOKIE, samesite="Lax")
    elif Venue.objects.public().filter(city=name).exists():
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(
            CITY_COOKIE, quote(name), max_age=_AGE, secure=secure, httponly=True, samesite="Lax"
        )
    return response


def home_city(request: HttpRequest) -> str:
    """The remembered city, or ""."""
    kept = request.COOKIES.get(CITY_COOKIE, "")
    return plain_text(unquote(kept), _LONGEST_CITY) if len(kept) <= 9 * _LONGEST_CITY else ""


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this. Browsers too old to say anything are let through."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def origin_page(request: HttpRequest) -> str:
    """Path and query of the page that a form was sent from; the programme where nobody says.

    The browser's own word counts for more than the form's: htmx may have changed the address since the form was made.
    """
    host = request.get_host()
    for address in (request.headers.get("Referer", ""), request.POST.get("next", "")):
        if address and url_has_allowed_host_and_scheme(address, {host}):
            parts = urlsplit(address)
            path = "/" + parts.path.lstrip("/")
            return f"{path}?{parts.query}" if parts.query else path
    return reverse("web:events")
