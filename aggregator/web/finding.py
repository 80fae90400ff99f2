"""The page that looks for one text in every kind of row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from aggregator import languages
from aggregator.addresses import path_of
from aggregator.search.criteria import Criteria, read_criteria
from aggregator.search.everything import Group, search_everything
from aggregator.search.suggest import did_you_mean
from aggregator.vocabulary import Kind
from aggregator.web import origins
from aggregator.web.indexes import LISTS
from aggregator.web.listings import choices
from aggregator.web.listings.state import State

PER_KIND = 8
KINDS: Mapping[str, Any] = {
    Kind.EVENT: gettext_lazy("Events"),
    Kind.FILM: gettext_lazy("Films"),
    Kind.PERSON: gettext_lazy("People"),
    Kind.VENUE: gettext_lazy("Venues"),
    Kind.FESTIVAL: gettext_lazy("Festivals"),
    Kind.SECTION: gettext_lazy("Sections"),
    Kind.ORGANISATION: gettext_lazy("Organisations"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One row: its page, its title and the stretch of text that was found, as (text, marked) pairs, each with its
    language where that is not the page's.
    """

    path: str
    title: str
    fragment: Sequence[tuple[str, bool]]
    lang: str
    fragment_lang: str


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """The best rows of one kind and how many there are. *query* is the address of all of them, "" where no list has
    them.
    """

    kind: str
    label: Any
    total: int
    is_minimum: bool
    found: tuple[Found, ...]
    query: str


def contents(values: Mapping[str, Sequence[str]], now: datetime) -> dict[str, Any]:
    """The context of the page for a query string's *values*; nothing is looked for without ``q``."""
    criteria, bad = read_criteria({"q": values.get("q", ())}, settings.PROVIDERS)
    text = " ".join(criteria.texts)
    groups = search_everything(text, languages.current(), PER_KIND) if text else ()
    meant = did_you_mean(Criteria(texts=(text,))) if text and not groups else None
    return {
        "search": text,
        "notes": choices.notes(bad),
        "groups": [_group(one, text) for one in groups],
        "meant": meant or "",
        "programme_query": State(values={"q": (text,)}).query() if text else "",
        "origins": origins.told(origins.known(now)),
    }


def _group(group: Group, text: str) -> FoundGroup:
    return FoundGroup(
        kind=str(group.kind),
        label=KINDS[group.kind],
        total=group.total,
        is_minimum=group.total_is_minimum,
        found=tuple(
            Found(path_of(hit.kind, hit.id, hit.title), hit.title, hit.fragment, hit.lang, hit.fragment_lang)
            for hit in group.hits
        ),
        query=_list_of(group.kind, State(values={"q": (text,)}).query()),
    )


def _list_of(kind: Kind, query: str) -> str:
    """The address of the list of *kind* with *query*; "" where there is no such list."""
    if kind == Kind.EVENT:
        return reverse("web:events") + query
    return reverse(f"web:{kind}_index") + query if kind in LISTS else ""
