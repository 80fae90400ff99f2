"""All that the page of one film shows, in a number of queries that does not grow with its showings or credits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aggregator.addresses import path_of, web_link
from aggregator.models import Credit, Film, Image, Selection, Showing
from aggregator.vocabulary import Kind
from aggregator.web import structured
from aggregator.web.attribution import Attribution, Link, attribution, outward
from aggregator.web.cards import Card
from aggregator.web.credits import Role, by_role
from aggregator.web.elsewhere import elsewhere
from aggregator.web.illustration import picture_of
from aggregator.web.origins import Origin
from aggregator.web.structured.writing import Thing
from aggregator.web.texts import Text, pick, pick_rich
from aggregator.web.timetable import Dates, coming_and_past, offers_of
from aggregator.web.trailers import Trailer, trailers

POSTERS = 6


@dataclass(frozen=True, slots=True)
class Edition:
    """A festival that shows the film, and the sections that it shows it in."""

    festival: Link
    accent: int
    sections: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class FilmPage:
    """One film for a template. *poster* picks one of the sheets' looks. *facts* are labels with plain values."""

    title: Text
    original_title: str
    poster: int
    accent: int | None
    withdrawn: bool
    byline: str
    description: Text
    facts: tuple[tuple[Any, Text], ...]
    credits: tuple[Role, ...]
    trailers: tuple[Trailer, ...]
    editions: tuple[Edition, ...]
    coming: tuple[Card, ...]
    past: tuple[Card, ...]
    links: tuple[tuple[Any, str], ...]
    elsewhere: tuple[Link, ...]
    picture: Image | None
    attribution: Attribution
    structured: tuple[Thing, ...]


def find(pk: int) -> Film | None:
    """The film with our id *pk*, withdrawn or not; None where there is none or it is hidden by hand."""
    return Film.objects.filter(pk=pk, hidden_at=None).select_related("picture").first()


def describe(film: Film, language: str, now: datetime, known: Mapping[str, Origin]) -> FilmPage:
    """The page of *film* for a visitor who reads *language*; *known* are the providers by slug."""
    events = {row.pk: row for row in film.events.select_related("festival", "organisation")}
    dates = coming_and_past(Showing.objects.filter(event__film=film), language, now, known, events)
    title = pick(film.titles, language) or Text(film.original_title or _("Untitled"))
    shown_at = editions(film, language)
    own = shown_at[0].accent if shown_at else None
    clips = trailers(film.trailers)
    credits = by_role(Credit.objects.filter(film=film).order_by("position"), film)
    return FilmPage(
        title=title,
        original_title=original_title(film, film.titles.values()),
        poster=film.pk % POSTERS if own is None else own,
        accent=own,
        withdrawn=film.withdrawn_at is not None,
        byline=_byline(film, credits),
        description=pick_rich(film.descriptions, language),
        facts=facts(film, language),
        credits=credits,
        trailers=clips,
        editions=shown_at,
        coming=dates.coming,
        past=dates.past,
        links=links(film),
        elsewhere=elsewhere(film, language),
        picture=picture_of(film),
        attribution=attribution(film, known, now),
        structured=_structured(film, language, credits, clips, dates),
    )


def _structured(
    film: Film, language: str, credits: Sequence[Role], clips: Sequence[Trailer], dates: Dates
) -> tuple[Thing, ...]:
    if film.withdrawn_at is not None:
        return ()
    for row in dates.rows:
        row.event.film = film
    shown = structured.events(dates.rows, language, offers_of(dates.rows), image=picture_of(film))
    return (structured.film(film, language, credits, clips, picture_of(film)), *shown)


def original_title(film: Film | None, titles: Iterable[str]) -> str:
    """The film's original title, "" where it is among *titles* already."""
    original = film.original_title if film else ""
    return "" if original.casefold() in {title.casefold() for title in titles} else original


def facts(film: Film, language: str) -> tuple[tuple[Any, Text], ...]:
    """What there is to say about a film in a word or two, each with its label."""
    length = Text(_("%(minutes)d minutes") % {"minutes": film.length}) if film.length else Text("")
    said: Sequence[tuple[Any, Text]] = (
        (gettext_lazy("Country"), pick(film.countries, language)),
        (gettext_lazy("Year"), Text(str(film.year or ""))),
        (gettext_lazy("Length"), length),
        (gettext_lazy("Language"), Text(film.languages)),
        (gettext_lazy("Subtitles"), pick(film.subtitles, language)),
        (gettext_lazy("Premiere"), pick(film.statuses, language)),
        (gettext_lazy("Production"), Text(film.companies)),
        (gettext_lazy("Rights"), Text(film.rights)),
        (gettext_lazy("Distribution"), Text(film.distribution)),
    )
    return tuple((label, value) for label, value in said if value)


def links(film: Film) -> tuple[tuple[Any, str], ...]:
    """The film elsewhere."""
    found = {_("The film's own site"): web_link(film.website)}
    if film.imdb_id.startswith("tt") and film.imdb_id[2:].isdigit():
        found["IMDb"] = f"https://www.imdb.com/title/{film.imdb_id}/"
    return outward(found, {label: label for label in found})


def editions(film: Film, language: str, festival: int | None = None) -> tuple[Edition, ...]:
    """Festivals that selected *film*, newest first, with their sections; of *festival* alone where given. One query."""
    rows = Selection.objects.public().filter(film=film, festival__withdrawn_at=None, festival__hidden_at=None)
    if festival is not None:
        rows = rows.filter(festival=festival)
    sections: dict[Any, dict[int, Link]] = {}
    for row in rows.select_related("festival", "section").order_by(
        F("festival__starts_on").desc(nulls_last=True), "section__name", "id"
    ):
        held = sections.setdefault(row.festival, {})
        if row.section and row.section.is_public and row.section.name:
            path = path_of(Kind.SECTION, row.section.pk, row.section.name)
            held[row.section.pk] = Link(Text(row.section.name), path)
    return tuple(
        Edition(
            Link(Text(str(one)), path_of(Kind.FESTIVAL, one.pk, str(one))),
            accent(one.pk),
            tuple(held.values()),
        )
        for one, held in sections.items()
    )


def accent(festival: int) -> int:
    """Which of the accents is that of the festival with our id *festival*: the same one on every page."""
    return festival % POSTERS


def _byline(film: Film, credits: Sequence[Role]) -> str:
    """Who made it, when and how long, on one line."""
    directors = next((role.names for role in credits if role.word == "director"), ())
    names = ", ".join(name.name for name in directors[:4])
    length = _("%(minutes)d min") % {"minutes": film.length} if film.length else ""
    return " · ".join(filter(None, (names, str(film.year or ""), length)))
