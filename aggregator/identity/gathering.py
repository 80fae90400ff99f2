"""Rows of the database as subjects, a fixed number of queries a kind.

Hidden and withdrawn rows are gathered too: a link outlives them, and whoever shows one asks what may be seen.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from aggregator.identity.names import fold, person_key
from aggregator.identity.subjects import CREDIT, Subject
from aggregator.models import Credit, Event, Film, Person, Showing, Venue
from aggregator.models.listing import best_text
from aggregator.vocabulary import CoordinatePrecision, CreditRole, Kind, Precision, ShowingKind

#: Of an event with very many showings, the last ones are compared.
MOST_STARTS = 200

_IMDB = re.compile(r"imdb\.com/title/(tt\d{5,10})")
_ROWS: dict[str, Any] = {Kind.FILM: Film, Kind.EVENT: Event, Kind.VENUE: Venue, Kind.PERSON: Person}


def gather(kind: str, rows: Collection[int]) -> dict[int, Subject]:
    """The subjects of these rows by id; rows that are gone are left out."""
    return {subject.row: subject for subject in _GATHERERS[kind](rows)} if rows else {}


def credits_of(kind: str, rows: Collection[int]) -> list[Subject]:
    """The names in credits of these films or events that upstream tied to nobody."""
    column = {Kind.FILM: "film", Kind.EVENT: "event"}[Kind(kind)]
    found = (
        Credit.objects.filter(**{f"{column}__in": rows}, person=None).exclude(name="").select_related(column)
    )
    return [_credit(each, kind, getattr(each, column)) for each in found]


def credit_key(kind: str, external_id: str, role: str, name: str) -> str:
    """What links call a name in a role of the film or event *external_id*."""
    digest = hashlib.sha256(f"{role}\0{fold(name)}".encode()).hexdigest()[:16]
    return f"{kind}:{external_id}"[:180] + f":{digest}"


def _credit(credit: Credit, kind: str, owner: Any) -> Subject:
    return Subject(
        kind=CREDIT,
        provider=owner.provider,
        key=credit_key(kind, owner.external_id, credit.role, credit.name),
        row=owner.pk,
        label=f"{credit.name} ({credit.role}, {best_text(owner.titles)})",
        names=(credit.name,),
        role=credit.role,
        works=frozenset(map(fold, _names(owner))),
        year=getattr(owner, "year", None),
    )


def _names(row: Any) -> tuple[str, ...]:
    names = (*row.titles.values(), getattr(row, "original_title", ""))
    return tuple(dict.fromkeys(name for name in names if name))


def _directors(owner: str, rows: Collection[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    named = Credit.objects.filter(**{f"{owner}__in": rows}, role=CreditRole.DIRECTOR)
    for row, name in named.values_list(f"{owner}_id", "name"):
        found[row].add(person_key(name))
    return {row: frozenset(filter(None, names)) for row, names in found.items()}


def _starts(through: str, rows: Collection[int]) -> dict[int, list[tuple[int, Venue | None]]]:
    """Exact starts in minutes since 1970 with their venues, by event or film."""
    found: dict[int, list[tuple[int, Venue | None]]] = defaultdict(list)
    timed = Showing.objects.filter(**{f"{through}__in": rows}, precision=Precision.EXACT)
    for showing in timed.select_related("venue", "event").order_by("-starts_at"):
        row = showing.event_id if through == "event" else showing.event.film_id
        if row is not None and len(found[row]) < MOST_STARTS:
            found[row].append((_minute(showing.starts_at), showing.venue))
    return found


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _films(rows: Collection[int]) -> Iterable[Subject]:
    directors, starts = _directors("film", rows), _starts("event__film", rows)
    for film in Film.objects.filter(pk__in=rows):
        shown = starts.get(film.pk, [])
        yield Subject(
            kind=Kind.FILM,
            provider=film.provider,
            key=film.external_id,
            row=film.pk,
            label=best_text(film.titles),
            names=_names(film),
            year=film.year,
            imdb=film.imdb_id,
            people=directors.get(film.pk, frozenset()),
            length=film.length,
            starts=frozenset(start for start, _ in shown),
            city=_only({venue.city for _, venue in shown if venue and venue.city}),
        )


def _only(found: set[str]) -> str:
    """The one there is; "" for none and for several."""
    return next(iter(found)) if len(found) == 1 else ""


def _events(rows: Collection[int]) -> Iterable[Subject]:
    directors, starts = _directors("event", rows), _starts("event", rows)
    for event in Event.objects.filter(pk__in=rows):
        held = starts.get(event.pk, [])
        venues = {venue.pk: venue for _, venue in held if venue is not None}
        points = {point for venue in venues.values() if (point := _point(venue))}
        match = _IMDB.search(" ".join(map(str, event.links.values())))
        yield Subject(
            kind=Kind.EVENT,
            provider=event.provider,
            key=event.external_id,
            row=event.pk,
            label=best_text(event.titles),
            names=_names(event),
            imdb=match[1] if match else "",
            people=directors.get(event.pk, frozenset()),
            starts=frozenset(start for start, _ in held),
            city=_only({venue.city for venue in venues.values() if venue.city}),
            point=next(iter(points)) if len(points) == 1 else None,
            places=frozenset(venue.name for venue in venues.values() if venue.name),
            shows_films=event.event_kind == ShowingKind.SCREENING,
            film_known=event.film_id is not None,
        )


def _point(venue: Venue) -> tuple[float, float] | None:
    exact = venue.coordinates == CoordinatePrecision.EXACT
    if not exact or venue.latitude is None or venue.longitude is None:
        return None
    return venue.latitude, venue.longitude


def _venues(rows: Collection[int]) -> Iterable[Subject]:
    for venue in Venue.objects.filter(pk__in=rows):
        yield Subject(
            kind=Kind.VENUE,
            provider=venue.provider,
            key=venue.external_id,
            row=venue.pk,
            label=venue.name,
            names=(venue.name,),
            city=venue.city,
            street=venue.street,
            house=venue.house,
            point=_point(venue),
        )


def _persons(rows: Collection[int]) -> Iterable[Subject]:
    for person in Person.objects.filter(pk__in=rows):
        yield Subject(
            kind=Kind.PERSON,
            provider=person.provider,
            key=person.external_id,
            row=person.pk,
            label=person.name,
            names=(person.name,),
            year=person.year_of_birth,
            works=frozenset(filter(None, (fold(str(line.get("name", ""))) for line in person.vita))),
            professions=frozenset(fold(str(each)) for each in person.professions),
            addresses=frozenset(filter(None, map(_address, person.links.values()))),
        )


def _address(url: object) -> str:
    """Host and path of a page of somebody's own; "" for a mere host, which says nothing."""
    try:
        parts = urlsplit(str(url).casefold())
    except ValueError:
        return ""
    host, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
    own_host = not any(shared in host for shared in ("facebook", "instagram", "youtube", "imdb", "spotify"))
    return f"{host}{path}" if host and (path or own_host) else ""


_GATHERERS: dict[str, Callable[[Collection[int]], Iterable[Subject]]] = {
    Kind.FILM: _films,
    Kind.EVENT: _events,
    Kind.VENUE: _venues,
    Kind.PERSON: _persons,
}
