"""Addresses of our own pages and of our API's objects, and the check that foreign ones are web addresses."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from aggregator.models.listing import best_text, slug_of


def event_path(pk: int, titles: Mapping[str, str]) -> str:
    """The canonical path of an event's page; the same in every language."""
    return f"/events/{pk}-{slug_of(best_text(dict(titles)))}/"


def person_path(pk: int, name: str) -> str:
    """The canonical path of a person's page; the same in every language."""
    return f"/people/{pk}-{slug_of(name)}/"


def api_path(kind: str, pk: int | None = None) -> str:
    """The path of a list of the API (``"events"``), or of one object in it."""
    return f"/api/v1/{kind}/" if pk is None else f"/api/v1/{kind}/{pk}/"


def absolute(path: str) -> str:
    """*path* on the site as the world knows it."""
    return str(settings.SITE_URL).rstrip("/") + path


def web_link(url: Any) -> str:
    """*url* if it is http(s), else "". Stored addresses have passed the border; this is the second lock."""
    return url if isinstance(url, str) and url.lower().startswith(("http://", "https://")) else ""
