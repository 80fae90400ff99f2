"""The language of a page, and the language in an address.

``/events/`` speaks the language that the visitor's cookie or browser asks for; ``/sv/events/`` is the same page in
Swedish, whoever asks, and is the address that search engines are told. Nothing redirects from one to the other.

A language in front of an address is a mount point like any other in WSGI: the middleware moves it from the path to the
script name. So ``reverse()``, ``{% url %}``, ``redirect("name")`` and ``aggregator.addresses`` keep the language that
the visitor's address names, with nothing to remember; only an address written out by hand loses it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.cache import patch_vary_headers

#: Addresses that have no words, or words for machines; they are never found under a language.
_WORDLESS = frozenset({"api", "static", "images", "tiles", "hooks", "healthz", "readyz", "metrics"})
_ONCE = _WORDLESS | {"admin"}
_PREFERENCE_AGE = 365 * 24 * 3600


class LanguageMiddleware:
    """Takes Django's ``LocaleMiddleware``'s place. ``request.LANGUAGE_CODE`` is the page's language,
    ``request.language_prefix`` the part of the address that named it ("/sv") or "".
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page in the right language, or the redirect to where it is."""
        code, rest = split(request.path_info)
        first = rest[1:].partition("/")[0]
        if code and (not rest or first in _ONCE):
            return _elsewhere(request, rest or f"/{code}/")
        wordless = first in _WORDLESS
        language = code or (settings.LANGUAGE_CODE if wordless else _wanted(request))
        request.LANGUAGE_CODE, request.language_prefix = language, f"/{code}" if code else ""  # type: ignore[attr-defined]
        with translation.override(language), _mounted(request, code, rest):
            response = self.get_response(request)
        if not wordless:
            response.headers.setdefault("Content-Language", language)
            if not code:
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def current() -> str:
    """The code of the page's language, such as "sv"."""
    return (translation.get_language() or settings.LANGUAGE_CODE).split("-")[0]


def split(path: str) -> tuple[str, str]:
    """The language that *path* begins with and the rest of it ("" where there is not even a slash), or "" and
    *path*.
    """
    code, slash, rest = path[1:].partition("/")
    if path.startswith("/") and code in dict(settings.LANGUAGES):
        return code, slash + rest
    return "", path


def plain(path: str) -> str:
    """*path* without a language: for what exists once, such as ``plain(reverse("…image…"))``."""
    code, rest = split(path)
    return rest or "/" if code else path


def in_language(path: str, code: str) -> str:
    """*path* as it stands for one language, whatever language it named before. May carry a query string."""
    return f"/{code}{plain(path)}"


def versions(path: str) -> list[tuple[str, str]]:
    """Code and path of *path* in every language: what ``hreflang`` and sitemaps list."""
    return [(code, in_language(path, code)) for code, _ in settings.LANGUAGES]


def remember(response: HttpResponse, code: str) -> None:
    """Let addresses without a language speak *code* from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_PREFERENCE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _wanted(request: HttpRequest) -> str:
    return translation.get_language_from_request(request).split("-")[0]


def _elsewhere(request: HttpRequest, path: str) -> HttpResponse:
    """The one address of something, with the same method and query."""
    prefix, query = get_script_prefix().rstrip("/"), request.META.get("QUERY_STRING", "")
    # One slash: an address that begins with two would name another host.
    target = f"{prefix}/{path.lstrip('/')}" + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(target, preserve_request=True)


@contextmanager
def _mounted(request: HttpRequest, code: str, rest: str) -> Iterator[None]:
    """*request* as if the site were mounted under its language."""
    if not code:
        yield
        return
    before = get_script_prefix()
    request.path_info = rest
    request.META["SCRIPT_NAME"] = f"{request.META.get('SCRIPT_NAME', '')}/{code}"
    request.META["PATH_INFO"] = rest
    set_script_prefix(f"{before}{code}/")
    try:
        yield
    finally:
        set_script_prefix(before)
