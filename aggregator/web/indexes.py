"""The lists of films, people, venues, festivals and organisations: paged, searchable, a constant number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.addresses import path_of
from aggregator.models import Credit, Festival, Film, Image, Organisation, Person, Venue
from aggregator.search import (
    BadValue,
    Criteria,
    count,
    find_festivals,
    find_films,
    find_organisations,
    find_people,
    find_venues,
    read_criteria,
)
from aggregator.search.criteria import read_id
from aggregator.vocabulary import CreditRole, Kind
from aggregator.web import attributes, cards, filters
from aggregator.web.countries import country_name
from aggregator.web.festival_page import standing, when
from aggregator.web.film_page import accent
from aggregator.web.organisation_page import KINDS as ORGANISATION_KINDS
from aggregator.web.stretches import Order, Stretch, stretch
from aggregator.web.texts import Text, pick

PAGE_SIZE = 48


@dataclass(frozen=True, slots=True)
class Line:
    """One row in a list. *above* and *below* are what little is said of it; *accent* a festival's colour,
    *picture* what stands for the row."""

    title: Text
    path: str
    above: str
    below: str
    accent: int | None = None
    picture: Image | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """A stretch of a list for a template. *total* is at least that many where *is_minimum*. *preset* is the size of its
    pictures, "" for a list without. *is_beginning* says that the list begins with it, *lead* is the picture that stands
    for it.
    """

    kind: str
    title: Any
    lines: tuple[Line, ...]
    preset: str
    total: int
    is_minimum: bool
    search: str
    lead: Image | None
    is_beginning: bool
    previous: str
    next: str
    bad: tuple[BadValue, ...]


@dataclass(frozen=True, slots=True)
class _List:
    """How one kind is listed: found, ordered, and told in *language*."""

    title: Any
    find: Callable[[Criteria], QuerySet[Any]]
    order: Order
    lines: Callable[[Sequence[Any], str, datetime], list[Line]]
    preset: str = ""


def index(kind: str, values: Mapping[str, Sequence[str]], language: str, now: datetime) -> Index:
    """The list of *kind* for a query string's *values*: the programme's names, ``after`` and ``before``."""
    listed = LISTS[kind]
    criteria, bad = read_criteria(values, settings.PROVIDERS)
    found = listed.find(replace(criteria, ordering=""))
    total, is_minimum = count(found)
    shown, astray = _stretch(listed, criteria, found, values)
    lines = tuple(listed.lines(shown.rows, language, now))
    return Index(
        kind=kind,
        title=listed.title,
        lines=lines,
        preset=listed.preset,
        total=total,
        is_minimum=is_minimum,
        search=" ".join(criteria.texts),
        lead=_lead(lines),
        is_beginning=shown.before is None,
        previous=filters.query(criteria, before=shown.before) if shown.before else "",
        next=filters.query(criteria, after=shown.after) if shown.after else "",
        bad=(*bad, *astray),
    )


def _lead(lines: Sequence[Line]) -> Image | None:
    pictures = (line.picture for line in lines if line.picture)
    return next((one for one in pictures if one.content_hash and one.is_public), None)


def _stretch(
    listed: _List, criteria: Criteria, found: QuerySet[Any], values: Mapping[str, Sequence[str]]
) -> tuple[Stretch, tuple[BadValue, ...]]:
    """What of *found* is asked for, from its beginning where that makes no sense."""
    order = _BY_ID.get(criteria.ordering, listed.order)
    best: Sequence[int] = ()
    if criteria.texts and criteria.ordering not in _BY_ID:
        best = list(listed.find(replace(criteria, ordering="relevance")).values_list("pk", flat=True))
    if listed.preset:
        found = found.select_related("picture")
    end, astray = _end(values)
    try:
        return stretch(found, order, PAGE_SIZE, best=best, **end), astray
    except LookupError:
        (name,) = end
        sentence = _("What stood there is no longer in the list; it is shown from its beginning.")
        return stretch(found, order, PAGE_SIZE, best=best), (*astray, BadValue(name, sentence))


def _end(values: Mapping[str, Sequence[str]]) -> tuple[dict[str, int], tuple[BadValue, ...]]:
    """``after`` or else ``before``, and what of these could not be read."""
    bad: list[BadValue] = []
    if any(values.get("page", ())):
        bad.append(BadValue("page", _("Pages have no numbers here; the list is shown from its beginning.")))
    for name in ("after", "before"):
        given = [value for value in values.get(name, ()) if value]
        try:
            if given:
                return {name: read_id(given[-1])}, tuple(bad)
        except ValueError as error:
            bad.append(BadValue(name, str(error)))
    return {}, tuple(bad)


def _films(rows: Sequence[Film], language: str, now: datetime) -> list[Line]:
    directors: dict[int | None, list[str]] = {}
    credits = Credit.objects.filter(film__in=[row.pk for row in rows], role=CreditRole.DIRECTOR)
    for film, name in credits.order_by("position").values_list("film_id", "name"):
        directors.setdefault(film, []).append(name)
    return [
        Line(
            pick(row.titles, language) or Text(row.original_title or _("Untitled")),
            path_of(Kind.FILM, row.pk, row.titles),
            ", ".join(directors.get(row.pk, ())[:3]),
            _joined(
                pick(row.countries, language),
                row.year,
                _("%(minutes)d min") % {"minutes": row.length} if row.length else "",
            ),
            picture=row.picture,
        )
        for row in rows
    ]


def _people(rows: Sequence[Person], language: str, now: datetime) -> list[Line]:
    terms = attributes.terms_of_professions(rows, language)
    return [
        Line(
            Text(row.name or _("Unnamed")),
            path_of(Kind.PERSON, row.pk, row.name),
            "",
            _joined(*attributes.professions(row.professions[:3], terms.get(row.provider, {}))),
            picture=row.picture,
        )
        for row in rows
    ]


def _venues(rows: Sequence[Venue], language: str, now: datetime) -> list[Line]:
    return [
        Line(
            Text(cards.venue_name(row) or row.city or _("Unnamed place")),
            path_of(Kind.VENUE, row.pk, str(row)),
            "",
            _joined(row.street, row.city, country_name(row.country) if row.country else ""),
        )
        for row in rows
    ]


def _festivals(rows: Sequence[Festival], language: str, now: datetime) -> list[Line]:
    return [
        Line(
            Text(str(row)),
            path_of(Kind.FESTIVAL, row.pk, str(row)),
            standing(row, now),
            when(row),
            accent(row.pk),
        )
        for row in rows
    ]


def _organisations(rows: Sequence[Organisation], language: str, now: datetime) -> list[Line]:
    return [
        Line(
            Text(row.name or _("Unnamed")),
            path_of(Kind.ORGANISATION, row.pk, row.name),
            "",
            str(ORGANISATION_KINDS[row.organisation_kind]),
        )
        for row in rows
    ]


def _joined(*parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part)


class _InOrder(Lower):
    """A name as it is sorted: in the order of its signs, whatever their case, as SQLite does of itself."""

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Without the collation of the database, which depends on how that was set up."""
        template = '%(function)s((%(expressions)s) COLLATE "C")'
        return self.as_sql(compiler, connection, template=template, **context)


_BY_SORT_NAME = _InOrder(Coalesce(NullIf("sort_name", Value("")), "name", output_field=TextField()))
_BY_ID = {"id": Order(F("id")), "-id": Order(F("id"), backwards=True)}
#: Where nobody says when, it was long ago, on every database.
_NO_YEAR, _NO_DAY = Value(0), Value(date(1, 1, 1))
#: By kind, in the order in which they are offered.
LISTS: Mapping[str, _List] = {
    Kind.FILM: _List(
        gettext_lazy("Films"),
        find_films,
        Order(Coalesce("year", _NO_YEAR), backwards=True),
        _films,
        "poster-200x286",
    ),
    Kind.FESTIVAL: _List(
        gettext_lazy("Festivals"),
        find_festivals,
        Order(Coalesce("starts_on", _NO_DAY), backwards=True),
        _festivals,
    ),
    Kind.VENUE: _List(gettext_lazy("Venues"), find_venues, Order(_InOrder("name")), _venues),
    Kind.PERSON: _List(gettext_lazy("People"), find_people, Order(_BY_SORT_NAME), _people, "poster-200x286"),
    Kind.ORGANISATION: _List(
        gettext_lazy("Organisers and agencies"), find_organisations, Order(_InOrder("name")), _organisations
    ),
}
