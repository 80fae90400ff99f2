"""The limit of those without a key for views outside the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from aggregator.api import throttles
from aggregator.clients import address_of

View = Callable[..., HttpResponse]


def limited(view: View) -> View:
    """*view*, and 429 for an address that has asked too often. What the API counted counts here too."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rate = throttles.rate_of(keyed=False)
        if rate is None:
            return view(request, *args, **kwargs)
        allowance = throttles.spend(throttles.name_of_address(address_of(request)), rate)
        if allowance is not None and not allowance.granted:
            return HttpResponse(status=429, headers=allowance.headers())
        return view(request, *args, **kwargs)

    return answer
