"""Structured data as text that is safe inside a page. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from aggregator.admission import text_of_html

Thing = dict[str, Any]
_LONGEST = 600
# What could end the script element, or a line of JavaScript, is written as JSON's own escapes.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def element(things: Iterable[Thing]) -> SafeString:
    """A JSON-LD document of *things* in its element: a block of data, which no browser runs and no policy forbids.

    The document itself holds no ``<``, ``>`` or ``&``, so that nothing in it can end the element.
    """
    document = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    safe = mark_safe(text.translate(_ESCAPES))  # noqa: S308  escaped for JSON in HTML
    return format_html('<script type="application/ld+json">{}</script>', safe)


def filled(thing: Mapping[str, Any]) -> Thing:
    """*thing* without what says nothing: None, "", and empty containers."""
    return {name: value for name, value in thing.items() if value not in (None, "", [], {}, ())}


def plain(html: str) -> str:
    """Rich text as plain text of reasonable length."""
    text = text_of_html(html)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
