"""Rows of the kinds that do not take place: films, people, venues, festivals, sections, organisations. Reads only."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aggregator.models import (
    Credit,
    Event,
    Festival,
    Film,
    Listing,
    Organisation,
    Person,
    Section,
    Selection,
    Showing,
    Venue,
)
from aggregator.search import documents, keys
from aggregator.search.analyser import flattened
from aggregator.search.documents import MOST_DESCRIPTION, MOST_NAMES, Entry, Texts, entry, rich
from aggregator.search.languages import spoken
from aggregator.search.tokens import label, stream
from aggregator.vocabulary import Kind


def _entry(
    kind: Kind,
    row: Mapping[str, Any],
    *,
    titles: Texts,
    names: Texts = (),  # type: ignore[assignment]
    places: Texts = (),  # type: ignore[assignment]
    descriptions: Texts = (),  # type: ignore[assignment]
    labels: Iterable[str] = (),
    **columns: Any,
) -> Entry:
    streams = (
        stream(titles),
        stream(names, MOST_NAMES),
        stream(places),
        stream(descriptions, MOST_DESCRIPTION),
    )
    key = keys.row_key(kind, row["id"])
    every = [label("p", row["provider"]), *labels]
    return entry(kind, row["id"], key, streams, titles, every, {"provider": row["provider"], **columns})


def of_films(ids: Sequence[int]) -> list[Entry]:
    """The entries of films, with credits, festivals and sections. Three queries."""
    columns = (
        "id",
        "provider",
        "titles",
        "original_title",
        "descriptions",
        "countries",
        "languages",
        "companies",
    )
    rows = list(Film.objects.public().filter(id__in=ids).values(*columns))
    credits: defaultdict[int, list[str]] = defaultdict(list)
    for film, name in Credit.objects.filter(film__in=ids).order_by("position").values_list("film_id", "name"):
        credits[film].append(name)
    chosen: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    selections = Selection.objects.public().filter(film__in=ids, festival__hidden_at=None).order_by("id")
    told = ("film_id", "festival_id", "festival__name", "section_id", "section__name")
    for film, *rest in selections.values_list(*told):
        chosen[film].append(tuple(rest))
    return [_of_film(row, credits[row["id"]], chosen[row["id"]]) for row in rows]


def _of_film(row: Mapping[str, Any], credits: Sequence[str], chosen: Sequence[tuple[Any, ...]]) -> Entry:
    titles = flattened(row["titles"])
    if row["original_title"] and row["original_title"] not in row["titles"].values():
        titles.append(("", row["original_title"]))
    names = dict.fromkeys(
        (*credits, *(name for _, festival, _, section in chosen for name in (festival, section)))
    )
    labels = [label("f", festival) for festival, *_ in chosen]
    labels += [label("s", section) for _, _, section, _ in chosen if section]
    labels += [label("t", code) for code in spoken(row["languages"])]
    return _entry(
        Kind.FILM,
        row,
        titles=titles,
        names=[("", name) for name in names if name],
        places=flattened(row["countries"]),
        descriptions=rich(row["descriptions"]),
        labels=dict.fromkeys(labels),
    )


def of_people(ids: Sequence[int]) -> list[Entry]:
    """The entries of people whose profile is public. One query."""
    columns = (
        "id",
        "provider",
        "name",
        "sort_name",
        "professions",
        "descriptions",
        "agency__name",
        "agency__hidden_at",
    )
    rows = Person.objects.public().filter(id__in=ids, public=True).values(*columns)
    return [_of_person(row) for row in rows]


def _of_person(row: Mapping[str, Any]) -> Entry:
    titles = [("", name) for name in dict.fromkeys((row["name"], row["sort_name"])) if name]
    agency = row["agency__name"] if row["agency__hidden_at"] is None else None
    names = [*(str(one) for one in row["professions"]), agency or ""]
    return _entry(
        Kind.PERSON,
        row,
        titles=titles[:1],
        names=[*titles[1:], *(("", name) for name in names if name)],
        descriptions=rich(row["descriptions"]),
    )


def of_venues(ids: Sequence[int]) -> list[Entry]:
    """The entries of venues. One query."""
    columns = (
        "id",
        "provider",
        "name",
        "house",
        "city",
        "vicinity",
        "street",
        "region",
        "country",
        "descriptions",
    )
    rows = Venue.objects.public().filter(id__in=ids).values(*columns, "types")
    return [_of_venue(row) for row in rows]


def _of_venue(row: Mapping[str, Any]) -> Entry:
    around = dict.fromkeys(row[name] for name in ("house", "city", "vicinity", "street", "region"))
    labels = [label("v", row["id"])]
    labels += [label("c", row["city"])] if row["city"] else []
    labels += [label("l", row["country"])] if row["country"] else []
    return _entry(
        Kind.VENUE,
        row,
        titles=[("", row["name"] or row["house"])],
        names=flattened(row["types"]),
        places=[("", place) for place in around if place],
        descriptions=rich(row["descriptions"]),
        labels=labels,
        city=row["city"],
        country=row["country"],
    )


def of_festivals(ids: Sequence[int]) -> list[Entry]:
    """The entries of festivals. One query."""
    columns = ("id", "provider", "name", "starts_on", "ends_on", "descriptions")
    rows = Festival.objects.public().filter(id__in=ids).values(*columns)
    return [
        _entry(
            Kind.FESTIVAL,
            row,
            titles=[("", row["name"])],
            names=[("", str(day.year)) for day in (row["starts_on"], row["ends_on"]) if day],
            descriptions=rich(row["descriptions"]),
            labels=[label("f", row["id"])],
            day=row["starts_on"],
            last_day=row["ends_on"],
        )
        for row in rows
    ]


def of_sections(ids: Sequence[int]) -> list[Entry]:
    """The entries of sections of festivals that visitors may see. One query."""
    columns = ("id", "provider", "name", "descriptions", "festival_id", "festival__name")
    rows = Section.objects.public().filter(id__in=ids, festival__hidden_at=None).values(*columns)
    return [
        _entry(
            Kind.SECTION,
            row,
            titles=[("", row["name"])],
            names=[("", row["festival__name"])],
            descriptions=rich(row["descriptions"]),
            labels=[label("f", row["festival_id"]), label("s", row["id"])],
            festival=row["festival_id"],
        )
        for row in rows
    ]


def of_organisations(ids: Sequence[int]) -> list[Entry]:
    """The entries of organisations. One query."""
    rows = Organisation.objects.public().filter(id__in=ids).values("id", "provider", "name", "descriptions")
    return [
        _entry(Kind.ORGANISATION, row, titles=[("", row["name"])], descriptions=rich(row["descriptions"]))
        for row in rows
    ]


BUILDERS: Mapping[Kind, Callable[[Sequence[int]], list[Entry]]] = {
    Kind.VENUE: of_venues,
    Kind.FESTIVAL: of_festivals,
    Kind.SECTION: of_sections,
    Kind.ORGANISATION: of_organisations,
    Kind.PERSON: of_people,
    Kind.FILM: of_films,
    Kind.EVENT: documents.of_events,
    Kind.SHOWING: documents.of_showings,
}
MODELS: Mapping[Kind, type[Listing]] = {
    Kind.VENUE: Venue,
    Kind.FESTIVAL: Festival,
    Kind.SECTION: Section,
    Kind.ORGANISATION: Organisation,
    Kind.PERSON: Person,
    Kind.FILM: Film,
    Kind.EVENT: Event,
    Kind.SHOWING: Showing,
}
