"""Addresses of our own pages and of our API's objects, and the check that foreign ones are web addresses."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import get_script_prefix

from aggregator.models.listing import best_text, slug_of
from aggregator.vocabulary import Kind

#: Kinds that have pages, and the first part of their addresses, on the site and in the API alike.
PLURALS: Mapping[str, str] = {
    Kind.EVENT: "events",
    Kind.FILM: "films",
    Kind.PERSON: "people",
    Kind.VENUE: "venues",
    Kind.FESTIVAL: "festivals",
    Kind.SECTION: "sections",
    Kind.ORGANISATION: "organisations",
}


def path_of(kind: str, pk: int, title: str | Mapping[str, str]) -> str:
    """The path of a row's page, under the language that the visitor's address names.

    *title* is a plain name or titles per language, of which the slug takes the same one in every language. Raises
    ``KeyError`` for a kind without pages.
    """
    words = title if isinstance(title, str) else best_text(dict(title))
    return f"{get_script_prefix()}{PLURALS[kind]}/{pk}-{slug_of(words)}/"


def event_path(pk: int, titles: Mapping[str, str]) -> str:
    """``path_of`` an event."""
    return path_of(Kind.EVENT, pk, titles)


def person_path(pk: int, name: str) -> str:
    """``path_of`` a person."""
    return path_of(Kind.PERSON, pk, name)


def api_path(kind: str, pk: int | None = None) -> str:
    """The path of a list of the API (``"events"``), or of one object in it."""
    return f"/api/v1/{kind}/" if pk is None else f"/api/v1/{kind}/{pk}/"


def absolute(path: str) -> str:
    """*path* on the site as the world knows it."""
    return str(settings.SITE_URL).rstrip("/") + path


def web_link(url: Any) -> str:
    """*url* if it is http(s), else "". Stored addresses have passed the border; this is the second lock."""
    return url if isinstance(url, str) and url.lower().startswith(("http://", "https://")) else ""
