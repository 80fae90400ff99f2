"""All that the page of one person shows: profile, vita, what they made and when it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.models import Credit, Event, Film, Image, Person, Showing
from aggregator.vocabulary import Kind
from aggregator.web import structured
from aggregator.web.attributes import Attribute, Terms, attributes, professions, terms_of, word_in
from aggregator.web.attribution import Attribution, Link, attribution, link_to, outward
from aggregator.web.cards import Card
from aggregator.web.elsewhere import elsewhere, works_of
from aggregator.web.illustration import picture_of
from aggregator.web.origins import Origin
from aggregator.web.structured.writing import Thing
from aggregator.web.texts import Text, pick_rich
from aggregator.web.timetable import Dates, coming_and_past
from aggregator.web.trailers import Trailer, trailers
from aggregator.web.words import LINKS, ROLES

MOST_WORKS = 200
VITA: Mapping[str, Any] = {
    "film": gettext_lazy("Film"),
    "television": gettext_lazy("Television"),
    "theatre": gettext_lazy("Theatre"),
    "internet": gettext_lazy("Internet"),
    "commercial": gettext_lazy("Commercials"),
    "audio": gettext_lazy("Audio"),
    "other": gettext_lazy("Other work"),
    "award": gettext_lazy("Awards"),
    "education": gettext_lazy("Education"),
    "primary_education": gettext_lazy("Training"),
}
_DETAILS = ("episode_name", "director", "station", "theatre", "distributor", "producer", "info")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a vita. *years* as written, such as 2018–2020; *sort* says what sort of part or work it was."""

    years: str
    name: str
    role: str
    sort: tuple[Text, ...]
    details: tuple[str, ...]
    notes: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person for a template. *works* are films and events here that name them, with what they did."""

    name: str
    withdrawn: bool
    professions: tuple[Text, ...]
    year_of_birth: int | None
    description: Text
    attributes: tuple[Attribute, ...]
    vita: tuple[tuple[Any, tuple[Line, ...]], ...]
    works: tuple[Link, ...]
    trailers: tuple[Trailer, ...]
    agency: Link | None
    coming: tuple[Card, ...]
    past: tuple[Card, ...]
    links: tuple[tuple[Any, str], ...]
    elsewhere: tuple[Link, ...]
    picture: Image | None
    attribution: Attribution
    structured: tuple[Thing, ...]


def find(pk: int) -> Person | None:
    """The person with our id *pk*, withdrawn or not; None for one that is hidden by hand or not public."""
    rows = Person.objects.filter(pk=pk, hidden_at=None, public=True)
    return rows.select_related("agency", "picture").first()


def describe(person: Person, language: str, now: datetime, known: Mapping[str, Origin]) -> PersonPage:
    """The page of *person* for a visitor who reads *language*.

    Of somebody who was withdrawn nothing but the name is told: being listed is what they agreed to.
    """
    if person.withdrawn_at is not None:
        return _withdrawn(person, now, known)
    terms = terms_of(person, language)
    credits = list(_credits(person))
    dates = _showings(credits, language, now, known)
    trades = professions(person.professions, terms)
    return PersonPage(
        name=person.name or _("Unnamed"),
        withdrawn=False,
        professions=trades,
        year_of_birth=person.year_of_birth,
        description=pick_rich(person.descriptions, language),
        attributes=attributes(person.attributes, terms),
        vita=_vita(person, terms),
        works=_with_linked(_works(credits, language), works_of(person, language)),
        trailers=trailers(person.trailers),
        agency=link_to(Kind.ORGANISATION, person.agency, language),
        coming=dates.coming,
        past=dates.past,
        links=outward(person.links, LINKS),
        elsewhere=elsewhere(person, language),
        picture=picture_of(person),
        attribution=attribution(person, known, now),
        structured=(structured.person(person, language, trades, picture_of(person)),),
    )


def _withdrawn(person: Person, now: datetime, known: Mapping[str, Origin]) -> PersonPage:
    empty: tuple[Any, ...] = ()
    return PersonPage(
        name=person.name or _("Unnamed"),
        withdrawn=True,
        professions=empty,
        year_of_birth=None,
        description=Text(""),
        attributes=empty,
        vita=empty,
        works=empty,
        trailers=empty,
        agency=None,
        coming=empty,
        past=empty,
        links=empty,
        elsewhere=empty,
        picture=None,
        attribution=attribution(person, known, now),
        structured=(),
    )


def _credits(person: Person) -> Any:
    """What names *person* and can be seen, newest first."""
    seen = Q(event__isnull=False, event__hidden_at=None, event__withdrawn_at=None)
    seen |= Q(film__isnull=False, film__hidden_at=None, film__withdrawn_at=None)
    rows = Credit.objects.filter(seen, person=person).select_related("film", "event")
    return rows.order_by(
        F("film__year").desc(nulls_last=True), F("event_id").desc(nulls_last=True), "position", "id"
    )[:MOST_WORKS]


def _works(credits: list[Credit], language: str) -> tuple[Link, ...]:
    """Each film and event once, with all that the person did in it."""
    done: dict[tuple[Kind, int], tuple[Film | Event, list[str]]] = {}
    for credit in credits:
        work: Any = credit.film or credit.event
        key = (Kind.FILM if credit.film else Kind.EVENT, work.pk)
        part = f"{ROLES[credit.role]} ({credit.character})" if credit.character else str(ROLES[credit.role])
        done.setdefault(key, (work, []))[1].append(part)
    found = (
        link_to(kind, work, language, ", ".join(dict.fromkeys(parts)))
        for (kind, _pk), (work, parts) in done.items()
    )
    return tuple(link for link in found if link)


def _with_linked(named: tuple[Link, ...], linked: tuple[Link, ...]) -> tuple[Link, ...]:
    """*named* and those of *linked* that are not among them."""
    known = {one.path for one in named}
    return (*named, *(one for one in linked if one.path not in known))


def _showings(credits: list[Credit], language: str, now: datetime, known: Mapping[str, Origin]) -> Dates:
    events = {credit.event_id for credit in credits if credit.event_id}
    films = {credit.film_id for credit in credits if credit.film_id}
    rows = Showing.objects.public().filter(Q(event__in=events) | Q(event__film__in=films))
    return coming_and_past(rows, language, now, known)


def _vita(person: Person, terms: Terms) -> tuple[tuple[Any, tuple[Line, ...]], ...]:
    """Lines by group, known groups first, the newest line of a group first."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for line in person.vita:
        groups.setdefault(str(line.get("group") or "other"), []).append(line)
    order = [*(name for name in VITA if name in groups), *(name for name in groups if name not in VITA)]
    return tuple(
        (
            VITA.get(name) or name.replace("_", " ").capitalize(),
            tuple(_line(line, terms) for line in sorted(groups[name], key=_year, reverse=True)),
        )
        for name in order
    )


def _year(line: Mapping[str, Any]) -> int:
    found = line.get("year_to") or line.get("year_from")
    return found if isinstance(found, int) else 0


def _line(line: Mapping[str, Any], terms: Terms) -> Line:
    first, last = line.get("year_from"), line.get("year_to")
    years = "–".join(str(year) for year in dict.fromkeys((first, last)) if year)
    details = [str(line[name]) for name in _DETAILS if line.get(name)]
    if line.get("caster"):
        details.append(_("Casting: %(name)s") % {"name": line["caster"]})
    notes = [
        label
        for name, label in (("award_nominated", _("nominated")), ("in_development", _("in development")))
        if line.get(name)
    ]
    return Line(
        years=years,
        name=str(line.get("name") or ""),
        role=str(line.get("role") or ""),
        sort=tuple(
            word_in(name, str(line[name]), terms) for name in ("role_type", "type_genre") if line.get(name)
        ),
        details=tuple(dict.fromkeys(details)),
        notes=tuple(notes),
    )
