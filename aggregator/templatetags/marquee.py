"""What every template may ask for, with or without a request: an error page has none."""

from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from aggregator import languages
from aggregator.web import clock, numbers
from aggregator.web.listings.state import State
from aggregator.web.origins import Origin
from aggregator.web.preferences import home_city
from aggregator.web.words import Badge

register = template.Library()


@register.simple_tag
def is_demo() -> bool:
    """Whether what is shown is invented."""
    return bool(settings.DEMO)


@register.filter
def grouped(number: int) -> str:
    """A count as the visitor's language writes it."""
    return numbers.grouped(number)


@register.filter
def showings(number: int) -> str:
    """So many showings, in words."""
    return numbers.showings(number)


@register.filter
def more_showings(number: int, within: str = "") -> str:
    """More than so many showings, in words; *within* a sentence if anything is given."""
    return numbers.more_showings(number, within=bool(within))


@register.filter
def dated_day(day: date) -> str:
    """A day with its year, in few letters."""
    return clock.dated_day(day)


@register.inclusion_tag("web/_text.html")
def text(text: object) -> dict[str, object]:
    """A ``Text`` with its language marked where it is not the page's."""
    return {"text": text}


@register.simple_tag
def plain_url(name: str, *args: Any, **kwargs: Any) -> str:
    """Like ``{% url %}``, for what exists once and under no language: pictures, the API, the admin."""
    return languages.plain(reverse(name, args=args, kwargs=kwargs))


@register.inclusion_tag("web/_languages.html", takes_context=True)
def language_chooser(context: template.Context) -> dict[str, object]:
    """Buttons that change the language of this page and are remembered."""
    request = context.get("request")
    return {
        "languages": settings.LANGUAGES,
        "current": languages.current(),
        "page": request.get_full_path() if request else "",
    }


@register.inclusion_tag("web/_account.html", takes_context=True)
def account_link(context: template.Context) -> dict[str, object]:
    """The way to one's account, or to signing in. Asks for no session where the visitor brings none."""
    request = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {"signed_in": False}
    return {"signed_in": request.user.is_authenticated}


@register.simple_tag
def tiles() -> dict[str, str]:
    """Where a map gets its tiles from us, and whom they are owed to; an empty address for no tiles."""
    if not settings.MAP_TILES_URL:
        return {"url": "", "attribution": ""}
    host = urlsplit(settings.MAP_TILES_URL).hostname or ""
    owed = "© OpenStreetMap" if host.endswith("openstreetmap.org") else host
    return {"url": "/tiles/{z}/{x}/{y}", "attribution": owed}


@register.simple_tag(takes_context=True)
def programme_path(context: template.Context) -> str:
    """The programme's address for this visitor: of their home city, where they have one."""
    request = context.get("request")
    home = home_city(request) if request else ""
    return reverse("web:events") + (State(values={"city": (home,)}).query() if home else "")


@register.simple_tag
def badge(shown: Badge) -> SafeString:
    """A state in a word with its symbol. Made once for each state and language: a list shows hundreds."""
    return _badge(shown.look, shown.symbol, str(shown.label))


@register.simple_tag
def credit(origin: Origin) -> SafeString:
    """The provider of a row with its link and age, made once for each."""
    return _credit(origin, languages.current())


@lru_cache(maxsize=256)
def _badge(look: str, symbol: str, label: str) -> SafeString:
    shown = {"look": look, "symbol": symbol, "label": label}
    return SafeString(render_to_string("web/_badge.html", {"badge": shown}).strip())


@lru_cache(maxsize=256)
def _credit(origin: Origin, language: str) -> SafeString:
    return SafeString(render_to_string("web/_origin.html", {"origin": origin}).strip())
