"""What a page says about itself to machines, in its head."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from aggregator import languages
from aggregator.addresses import absolute
from aggregator.models import Image
from aggregator.web import illustration, structured
from aggregator.web.structured.writing import plain

register = template.Library()

_TYPES = {"Movie": "video.movie", "Person": "profile", "Place": "place"}
_DESCRIPTION = 200
#: Open Graph wants a country with each language.
_LOCALES = {"en": "en_GB", "sv": "sv_SE", "fr": "fr_FR", "de": "de_DE"}


@register.simple_tag
def canonical_links(path: str) -> SafeString:
    """Links to the canonical address of the page at *path* and to it in every language; *path* has no foreign part."""
    own = absolute(languages.in_language(path, languages.current()))
    others = [(code, absolute(one)) for code, one in languages.versions(path)]
    others.append(("x-default", absolute(languages.plain(path))))
    return format_html(
        '<link rel="canonical" href="{}">{}',
        own,
        format_html_join("", '<link rel="alternate" hreflang="{}" href="{}">', others),
    )


@register.simple_tag
def canonical_address(path: str) -> str:
    """The one address of the page at *path* in the page's language, without any query."""
    return absolute(languages.in_language(path, languages.current()))


@register.inclusion_tag("web/_shared.html")
def shared(title: str, path: str, image: Image | None = None) -> dict[str, Any]:
    """What those are told who share the list at *path*; *image* is the picture of one of its rows."""
    return {
        "title": title,
        "address": canonical_address(path),
        "type": "website",
        "locale": _locale(),
        "image": illustration.shared_address(image),
    }


def _locale() -> str:
    return _LOCALES.get(languages.current(), languages.current())


@register.inclusion_tag("web/_head.html")
def head(page: Any, path: str) -> dict[str, Any]:
    """Everything that the head of a row's page tells machines; *page* has ``structured`` and a title or a name."""
    things = page.structured
    first = things[0] if things else {}
    # What takes no place any more is told to nobody as an event, but the page still says what it is.
    said = (str(getattr(page, name, "")) for name in ("summary", "description"))
    text = first.get("description", "") or next((plain(text) for text in said if text), "")
    return {
        "path": path,
        "title": str(getattr(page, "title", "") or getattr(page, "name", "")),
        "description": text if len(text) <= _DESCRIPTION else f"{text[: _DESCRIPTION - 1].rstrip()}…",
        "address": absolute(languages.in_language(path, languages.current())),
        "type": _TYPES.get(first.get("@type", ""), "article"),
        "locale": _locale(),
        "structured": structured.element(things) if things else "",
        "image": illustration.shared_address(getattr(page, "picture", None)),
        "withdrawn": page.withdrawn,
    }
