"""All that the pages of a festival and of its sections show, in a constant number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.addresses import path_of
from aggregator.models import Credit, Festival, Film, Image, Section, Selection, Showing
from aggregator.vocabulary import CreditRole, Kind
from aggregator.web import clock, structured
from aggregator.web.attribution import Attribution, Link, attribution, link_to
from aggregator.web.cards import USUAL_LENGTH, Card, card, listed_apart
from aggregator.web.film_page import accent
from aggregator.web.grid import DayGrid, Timed, lay_out
from aggregator.web.illustration import picture_of
from aggregator.web.origins import Origin
from aggregator.web.structured.writing import Thing
from aggregator.web.texts import Text, pick, pick_rich

#: A festival with more showings than this is shown a day at a time.
MOST_AT_ONCE = 600
MOST_A_DAY = 1000
MOST_FILMS = 400


@dataclass(frozen=True, slots=True)
class DayLink:
    """One day of a festival above its grid. *query* asks for it alone; *anchor* is where it stands on this page or
    "".
    """

    label: str
    day: date
    number: int
    query: str
    anchor: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A section of a festival, and how many films it has."""

    name: str
    path: str
    films: int


@dataclass(frozen=True, slots=True)
class FestivalPage:
    """One festival for a template. *days* are the days shown, *earlier* those that are over while others are still to
    come, *strip* all there are. *alone* is the one day that is shown; *is_divided* says that there is no page of all.
    *accent* is its colour.
    """

    name: str
    accent: int
    withdrawn: bool
    when: str
    standing: str
    sale_starts: str
    zone_note: str
    description: Text
    films: int
    showings: int
    sections: tuple[SectionLink, ...]
    strip: tuple[DayLink, ...]
    earlier: tuple[DayGrid, ...]
    days: tuple[DayGrid, ...]
    alone: date | None
    is_divided: bool
    picture: Image | None
    attribution: Attribution
    structured: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class SectionFilm:
    """A film of a section: *byline* is who made it, where, when; *next* when it is first shown from now on or ""."""

    link: Link
    byline: str
    next: str


@dataclass(frozen=True, slots=True)
class SectionPage:
    """One section for a template."""

    name: str
    accent: int
    withdrawn: bool
    festival: Link | None
    description: Text
    films: tuple[SectionFilm, ...]
    attribution: Attribution
    structured: tuple[Thing, ...]


def find(pk: int) -> Festival | None:
    """The festival with our id *pk*, withdrawn or not; None where there is none or it is hidden by hand."""
    return Festival.objects.filter(pk=pk, hidden_at=None).select_related("picture").first()


def find_section(pk: int) -> Section | None:
    """The section with our id *pk*; None where there is none or it or its festival is hidden by hand."""
    rows = Section.objects.filter(pk=pk, hidden_at=None, festival__hidden_at=None)
    return rows.select_related("festival").first()


def describe(
    festival: Festival, language: str, now: datetime, known: Mapping[str, Origin], wanted: date | None = None
) -> FestivalPage:
    """The page of *festival*; of its showings those of the day *wanted* alone, if it is given and has any.

    Where there are too many to be shown at once, it is one day in any case: today's, or else the next, or the first.
    """
    numbers = _numbers(festival)
    alone = wanted if wanted in numbers else None
    total = sum(numbers.values())
    if alone is None and total > MOST_AT_ONCE:
        today = clock.today(now)
        alone = next((day for day in numbers if day >= today), next(iter(numbers)))
    days = _days(festival, alone, language, now, known)
    over = sum(one.day < clock.today(now) for one in days)
    over = over if over < len(days) else 0
    first = clock.today(now) if over else date.min
    return FestivalPage(
        name=str(festival),
        accent=accent(festival.pk),
        withdrawn=festival.withdrawn_at is not None,
        when=when(festival),
        standing=standing(festival, now),
        sale_starts=_sale_starts(festival, now),
        zone_note="" if festival.zone == clock.SITE_ZONE else clock.zone_label(festival.zone),
        description=pick_rich(festival.descriptions, language),
        films=Selection.objects.public().filter(festival=festival).values("film").distinct().count(),
        showings=total,
        sections=_sections(festival),
        strip=_strip({day: number for day, number in numbers.items() if alone or day >= first}, alone, now),
        earlier=days[:over],
        days=days[over:],
        alone=alone,
        is_divided=total > MOST_AT_ONCE,
        picture=picture_of(festival),
        attribution=attribution(festival, known, now),
        structured=(structured.festival(festival, language, _cities(days)),),
    )


def describe_section(
    section: Section, language: str, now: datetime, known: Mapping[str, Origin]
) -> SectionPage:
    """The page of *section* for a visitor who reads *language*."""
    festival = section.festival
    return SectionPage(
        name=section.name or _("Unnamed"),
        accent=accent(festival.pk),
        withdrawn=section.withdrawn_at is not None,
        festival=link_to(Kind.FESTIVAL, festival, language),
        description=pick_rich(section.descriptions, language),
        films=_films(section, language, now),
        attribution=attribution(section, known, now),
        structured=(structured.section(section, language),),
    )


def _cities(days: Iterable[DayGrid]) -> tuple[str, ...]:
    """The cities of the showings on *days*, in which a festival takes place."""
    cities = (card.city for day in days for card in (*day.untimed, *(cell.card for cell in day.cells)))
    return tuple(dict.fromkeys(filter(None, cities)))


def _numbers(festival: Festival) -> dict[date, int]:
    """How many showings each programme day begins with, in order."""
    rows = Showing.objects.public().filter(event__festival=festival, event__hidden_at=None)
    counted = rows.order_by("local_start_date").values_list("local_start_date").annotate(Count("id"))
    return dict(counted)


def _days(
    festival: Festival, alone: date | None, language: str, now: datetime, known: Mapping[str, Origin]
) -> tuple[DayGrid, ...]:
    rows = Showing.objects.public().filter(event__festival=festival, event__hidden_at=None)
    if alone:
        rows = rows.filter(local_start_date=alone)
    found = listed_apart(rows.order_by("local_start_date", "starts_at", "id"))
    timed: dict[date, list[Timed]] = {}
    untimed: dict[date, list[Card]] = {}
    for row in found[: MOST_A_DAY if alone else MOST_AT_ONCE]:
        one = card(row, language, now, known)
        day = row.local_start_date
        if one.exact:
            timed.setdefault(day, []).append(_timed(row, one))
        else:
            untimed.setdefault(day, []).append(one)
    return tuple(
        lay_out(
            day, clock.day_label(day, now), clock.nearness(day, now), timed.get(day, ()), untimed.get(day, ())
        )
        for day in sorted(timed.keys() | untimed.keys())
    )


def _timed(row: Showing, one: Card) -> Timed:
    """Where nobody says when a showing ends, it is as long as its film."""
    zone = clock.zone_named(row.zone)
    start = row.starts_at.astimezone(zone)
    minutes = (start.date() - row.local_start_date).days * 24 * 60 + start.hour * 60 + start.minute
    film = row.event.film
    usual = timedelta(minutes=film.length) if film and film.length else USUAL_LENGTH
    length = (row.ends_at - row.starts_at) if row.ends_at else usual
    return Timed(one, minutes, minutes + int(length.total_seconds() // 60))


def _strip(numbers: Mapping[date, int], alone: date | None, now: datetime) -> tuple[DayLink, ...]:
    return tuple(
        DayLink(
            label=clock.nearness(day, now) or clock.short_day(day),
            day=day,
            number=number,
            query=f"?day={day.isoformat()}",
            anchor="" if alone else f"#day-{day:%Y%m%d}",
            chosen=day == alone,
        )
        for day, number in numbers.items()
    )


def _sections(festival: Festival) -> tuple[SectionLink, ...]:
    shown = Q(selections__withdrawn_at=None, selections__hidden_at=None)
    rows = Section.objects.public().filter(festival=festival).exclude(name="")
    counted = rows.annotate(films=Count("selections__film", filter=shown, distinct=True)).order_by(
        "name", "id"
    )
    return tuple(
        SectionLink(name, path_of(Kind.SECTION, pk, name), films)
        for pk, name, films in counted.values_list("pk", "name", "films")
    )


def _films(section: Section, language: str, now: datetime) -> tuple[SectionFilm, ...]:
    """The films of *section* by title. Three queries."""
    chosen = Selection.objects.public().filter(section=section).values("film")
    rows = list(Film.objects.public().filter(pk__in=chosen).order_by("id")[:MOST_FILMS])
    directors: dict[int, list[str]] = {}
    credits = Credit.objects.filter(film__in=[row.pk for row in rows], role=CreditRole.DIRECTOR)
    for film, name in credits.order_by("position").values_list("film_id", "name"):
        directors.setdefault(film, []).append(name)
    coming = Showing.objects.public().filter(
        event__festival=section.festival_id, event__film__in=chosen, event__hidden_at=None, starts_at__gte=now
    )
    soonest = dict(coming.order_by().values_list("event__film").annotate(Min("local_start_date")))
    found = [_section_film(row, directors.get(row.pk, ()), soonest.get(row.pk), language) for row in rows]
    return tuple(sorted((one for one in found if one), key=lambda one: one.link.title.value.casefold()))


def _section_film(
    film: Film, directors: Sequence[str], day: date | None, language: str
) -> SectionFilm | None:
    link = link_to(Kind.FILM, film, language)
    length = _("%(minutes)d min") % {"minutes": film.length} if film.length else ""
    told: tuple[Any, ...] = (
        ", ".join(directors[:3]),
        pick(film.countries, language),
        film.year or "",
        length,
    )
    byline = " · ".join(str(part) for part in told if part)
    return SectionFilm(link, byline, clock.short_day(day) if day else "") if link else None


def when(festival: Festival) -> str:
    """The days of an edition in words, or the one that is known."""
    first, last = festival.starts_on, festival.ends_on
    if first and last and first != last:
        return clock.span(first, last)
    day = first or last
    return clock.long_day(day) if day else ""


def standing(festival: Festival, now: datetime) -> str:
    """Whether it is on, over or to come, in words."""
    today, first, last = clock.today(now, festival.zone), festival.starts_on, festival.ends_on
    if last and last < today:
        return _("Over")
    if first and first > today:
        days = (first - today).days
        said = ngettext("Begins in %(days)d day", "Begins in %(days)d days", days)
        return _("Begins tomorrow") if days == 1 else said % {"days": days}
    return _("On now") if first else ""


def _sale_starts(festival: Festival, now: datetime) -> str:
    opens = festival.sale_starts_at
    if opens is None or opens <= now:
        return ""
    local = opens.astimezone(clock.zone_named(festival.zone))
    return f"{clock.short_day(local.date())} {local:%H:%M}"
