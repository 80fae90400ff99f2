"""Answering "unchanged" to whoever has a page already, without making it again.

What a page shows follows from the rows, the request and the minute: ages are told in minutes. Rows are taken for
unchanged while no change was recorded and no source was read; what is not recorded at once (seats wait a little to be
reported together) shows up within that minute.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag

from aggregator import languages
from aggregator.models import Change, Source

#: What of a request, beside its address and language, changes an answer.
HEADERS = ("HX-Request", "HX-History-Restore-Request", "Accept-Encoding")
View = Callable[..., HttpResponse]


def revalidated(view: View) -> View:
    """*view*, with an ETag and 304 for visitors without a session; those with one get pages of their own.

    For pages that depend on nothing but rows, address, language and cookies. Costs two small queries.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            return response
        etag = validator(request, timezone.now())
        known = get_conditional_response(request, etag=etag)
        response = known if known is not None else view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return answer


def validator(request: HttpRequest, now: datetime) -> str:
    """A quoted ETag for what *request* would be answered at *now*."""
    change = Change.objects.aggregate(last=Max("id"))["last"]
    read = Source.objects.aggregate(last=Max("last_good_at"))["last"]
    said = (
        settings.VERSION,
        f"{now:%Y-%m-%dT%H:%M}",
        languages.current(),
        request.get_full_path(),
        sorted(request.COOKIES.items()),
        [request.headers.get(name, "") for name in HEADERS],
        change,
        read,
    )
    return quote_etag(blake2b(repr(said).encode(), digest_size=12).hexdigest())
