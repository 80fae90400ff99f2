"""What every request to the API passes first: recognising keys, limiting, and saying how much is left.

Middleware, so that it holds for every address under ``/api/``, for answers without a body and for refusals. It asks
for no session and writes nothing to the database; a key costs one query.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from aggregator.api import keys, problems, throttles
from aggregator.clients import address_of
from aggregator.models import ApiKey

Answer = Callable[[HttpRequest], HttpResponseBase]


class Gate:
    """Middleware. ``request.api_key`` becomes the key that came along, or None."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, with what is left of the limit in its headers."""
        if not request.path_info.startswith("/api/") or request.method == "OPTIONS":
            return self.get_response(request)
        now = timezone.now()
        secret = _presented(request)
        key = keys.find(secret, now) if secret is not None else None
        request.api_key = key  # type: ignore[attr-defined]
        allowance = _allowance(request, key)
        granted = allowance is None or allowance.granted
        response: HttpResponseBase
        if not granted:
            response = problems.refuse("too-many-requests", _too_many(key))
        elif secret is not None and key is None:
            response = problems.refuse("bad-key", headers={"WWW-Authenticate": _CHALLENGE})
        else:
            response = self.get_response(request)
        if allowance is not None:
            for name, value in allowance.headers().items():
                response[name] = value
        if key is not None:
            keys.note_use(key, now, refused=not granted)
        return response


_CHALLENGE = 'Bearer realm="marquee", error="invalid_token"'


def _presented(request: HttpRequest) -> str | None:
    """The secret in ``Authorization: Bearer``; None where there is none."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _allowance(request: HttpRequest, key: ApiKey | None) -> throttles.Allowance | None:
    rate = throttles.rate_of(keyed=key is not None)
    if rate is None:
        return None
    who = throttles.name_of_address(address_of(request)) if key is None else str(key.pk)
    return throttles.spend(who, rate)


def _too_many(key: ApiKey | None) -> str:
    wait = "Wait for the seconds that Retry-After names."
    if key is not None:
        return wait
    return f"{wait} With a key you may ask {throttles.KEY_MULTIPLE} times as often: /accounts/keys/"
