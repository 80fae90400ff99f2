"""Where one row comes from, as the foot of its page says it, and links from one page to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.addresses import path_of, web_link
from aggregator.models import Listing
from aggregator.vocabulary import Kind
from aggregator.web import clock
from aggregator.web.origins import Origin, origin_of
from aggregator.web.texts import Text, pick


@dataclass(frozen=True, slots=True)
class Attribution:
    """Where a row comes from. *url* is its upstream page or ""; *changed* is an age in words."""

    origin: Origin
    url: str
    changed: str


@dataclass(frozen=True, slots=True)
class Link:
    """Another page of ours. *note* says in few words what it has to do with this one, "" for nothing."""

    title: Text
    path: str
    note: str = ""


def attribution(row: Listing, known: Mapping[str, Origin], now: datetime) -> Attribution:
    """The origin of *row*; *known* are the providers by slug."""
    return Attribution(origin_of(row.provider, known), web_link(row.url), clock.age(row.updated_at, now))


def link_to(kind: Kind, row: Any, language: str, note: str = "") -> Link | None:
    """A link to the page of *row*, which has ``titles`` or a ``name``; None where visitors cannot see it."""
    if row is None or not row.is_public or not getattr(row, "public", True):
        return None
    titles = getattr(row, "titles", None)
    title = pick(titles, language) if titles is not None else Text(str(row))
    return Link(
        title or Text(str(row)), path_of(kind, row.pk, titles if titles is not None else str(row)), note
    )


def outward(links: Mapping[str, str], labels: Mapping[str, Any]) -> tuple[tuple[Any, str], ...]:
    """(label, address) of pages elsewhere: http(s) only, each address once, a label in words where there are some."""
    found: dict[str, Any] = {}
    for label, url in links.items():
        if web_link(url):
            found.setdefault(url, labels.get(label) or label.replace("_", " ").capitalize())
    return tuple((label, url) for url, label in found.items())
