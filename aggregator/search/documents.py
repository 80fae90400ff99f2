"""Rows to entries: what of a row is searched, how it weighs, what it is filed under. Reads only.

Every function asks the database a number of times that does not depend on how many rows it is given, and leaves out
rows that visitors may not see.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from aggregator.models import Credit, Event, Selection, Showing, Venue
from aggregator.search import keys
from aggregator.search.analyser import flattened, folded, language_of, text_of, words
from aggregator.search.languages import spoken
from aggregator.search.tokens import Document, Stream, label, stream, title_label
from aggregator.vocabulary import Kind, Precision

Texts = list[tuple[str, str]]

MOST_NAMES = 120
MOST_DESCRIPTION = 80
MOST_TITLES = 80
# Of a repertory that plays in many places, so many stand in the event's own entry.
MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of ``SearchEntry`` and its words. *columns* are those that are not empty, beside key, kind and row."""

    kind: Kind
    row: int
    document: Document
    columns: Mapping[str, Any]
    vocabulary: frozenset[str]


@dataclass(slots=True)
class Parts:
    """What an event and its showings have in common."""

    titles: Texts
    names: Texts
    descriptions: Texts
    labels: list[str]
    columns: dict[str, Any]
    title: Stream = field(init=False)
    name: Stream = field(init=False)
    description: Stream = field(init=False)

    def add_titles(self, titles: Texts) -> None:
        """Have further titles count, such as those of an event's showings."""
        further = [pair for pair in titles if pair not in self.titles]
        if further:
            self.titles += further
            self.title = stream(self.titles, MOST_TITLES)

    def __post_init__(self) -> None:
        self.title = stream(self.titles, MOST_TITLES)
        self.name = stream(self.names, MOST_NAMES)
        self.description = stream(self.descriptions, MOST_DESCRIPTION)


def entry(
    kind: Kind,
    row: int,
    key: int,
    streams: tuple[Stream, Stream, Stream, Stream],
    titles: Texts,
    labels: Iterable[str],
    columns: Mapping[str, Any],
) -> Entry:
    """An entry with a label for each whole title, and its titles a line each."""
    exact = {title_label(map(folded, words(title))) for _, title in titles if title}
    known = frozenset(word for part in streams for word in part.plain if len(word) > 1 and not word.isdigit())
    lines = "\n".join(dict.fromkeys(title for _, title in titles))
    return Entry(
        kind, row, Document(key, streams, [*labels, *sorted(exact)]), {"title": lines, **columns}, known
    )


def rich(texts: Mapping[str, str]) -> Texts:
    """The beginnings of rich texts, without tags."""
    return [(tag, text_of(text)) for tag, text in flattened(texts)]


_EVENT = (
    *("id", "provider", "titles", "summaries", "descriptions", "event_kind", "is_free"),
    *("withdrawn_at", "hidden_at", "film_id", "festival_id"),
    *("film__titles", "film__original_title", "film__descriptions", "film__languages", "film__hidden_at"),
    *("festival__name", "festival__hidden_at", "organisation__name", "organisation__hidden_at"),
)


def parts_of_events(rows: Sequence[Mapping[str, Any]]) -> dict[int, Parts]:
    """The common parts of events, given as their values of ``_EVENT``, by id. Three queries."""
    ids = [row["id"] for row in rows]
    credits = _credits(ids, [row["film_id"] for row in rows if row["film_id"]])
    categories = _categories(ids)
    sections = _sections([row for row in rows if row["film_id"] and row["festival_id"]])
    return {
        row["id"]: _parts(
            row,
            credits["film", row["film_id"]] + credits["event", row["id"]],
            categories[row["id"]],
            sections[row["film_id"], row["festival_id"]],
        )
        for row in rows
    }


def _parts(
    row: Mapping[str, Any],
    credits: Sequence[str],
    categories: Sequence[tuple[int, Mapping[str, str]]],
    sections: Sequence[tuple[int, str]],
) -> Parts:
    film = bool(row["film_id"]) and row["film__hidden_at"] is None
    festival = row["festival_id"] if row["festival__hidden_at"] is None else None
    titles = flattened(row["titles"])
    descriptions = rich(row["summaries"]) + rich(row["descriptions"])
    if film:
        further = [*flattened(row["film__titles"]), ("", row["film__original_title"])]
        titles += [pair for pair in further if pair[1] and pair[1] not in {text for _, text in titles}]
        descriptions += rich(row["film__descriptions"])
    names: Texts = [("", name) for name in credits]
    names += [("", row["festival__name"] or "")] if festival else []
    names += [("", name) for _, name in sections]
    names += [("", row["organisation__name"] or "")] if row["organisation__hidden_at"] is None else []
    names += [pair for _, texts in categories for pair in flattened(texts)]
    languages = _languages(row, film)
    labels = [label("p", row["provider"]), *(label("g", pk) for pk, _ in categories)]
    labels += [label("f", festival)] if festival else []
    labels += [label("s", pk) for pk, _ in sections] + [label("t", code) for code in languages]
    labels += [] if row["is_free"] is None else [label("e", int(row["is_free"]))]
    columns = {
        "provider": row["provider"],
        "festival": festival,
        "sections": _listed(pk for pk, _ in sections),
        "categories": _listed(pk for pk, _ in categories),
        "languages": _listed(languages),
        "is_free": row["is_free"],
    }
    return Parts(titles, names, descriptions, labels, columns)


def _languages(row: Mapping[str, Any], film: bool) -> tuple[str, ...]:
    """What a film is spoken in; where nobody says, what the event's texts are written in."""
    if film and (said := spoken(row["film__languages"] or "")):
        return said
    tags = (*row["titles"], *row["summaries"], *row["descriptions"])
    return tuple(dict.fromkeys(language for tag in tags if (language := language_of(tag))))


def _listed(values: Iterable[object]) -> str:
    text = " ".join(str(value) for value in values)
    return f" {text} " if text else ""


def _credits(events: Sequence[int], films: Sequence[int]) -> Mapping[tuple[str, int | None], list[str]]:
    """Names by ``("film", id)`` and ``("event", id)``, each once. Directors stand first by position."""
    found: defaultdict[tuple[str, int | None], list[str]] = defaultdict(list)
    rows = Credit.objects.filter(Q(event__in=events) | Q(film__in=films)).order_by("position")
    for film, event, name in rows.values_list("film_id", "event_id", "name"):
        names = found["film", film] if film else found["event", event]
        if name not in names:
            names.append(name)
    return found


def _categories(events: Sequence[int]) -> Mapping[int, list[tuple[int, Mapping[str, str]]]]:
    found: defaultdict[int, list[tuple[int, Mapping[str, str]]]] = defaultdict(list)
    links = Event.categories.through.objects.filter(event__in=events, category__hidden_at=None).order_by("id")
    for event, pk, names in links.values_list("event_id", "category_id", "category__names"):
        found[event].append((pk, names))
    return found


def _sections(events: Sequence[Mapping[str, Any]]) -> Mapping[tuple[int, int], list[tuple[int, str]]]:
    """Sections by (film, festival)."""
    found: defaultdict[tuple[int, int], list[tuple[int, str]]] = defaultdict(list)
    films = {row["film_id"] for row in events}
    rows = Selection.objects.public().filter(film__in=films, section__hidden_at=None).exclude(section=None)
    for film, festival, pk, name in rows.order_by("id").values_list(
        "film_id", "festival_id", "section_id", "section__name"
    ):
        found[film, festival].append((pk, name))
    return found


_PLACE = ("id", "name", "house", "city", "vicinity", "country")


def places(ids: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """Venues that visitors may see, by id. One query."""
    rows = Venue.objects.filter(id__in=set(ids), hidden_at=None).values(*_PLACE)
    return {row["id"]: row for row in rows}


def _place_texts(venues: Iterable[Mapping[str, Any]]) -> Texts:
    texts = (venue[name] for venue in venues for name in ("name", "house", "city", "vicinity"))
    return [("", text) for text in dict.fromkeys(texts) if text]


def _place_labels(venues: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for venue in venues:
        yield label("v", venue["id"])
    yield from dict.fromkeys(label("c", venue["city"]) for venue in venues if venue["city"])
    yield from dict.fromkeys(label("l", venue["country"]) for venue in venues if venue["country"])


def _cities(venues: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """The cities of *venues*, each once however it is spelt: what is counted is what the labels find."""
    spelt = {label("c", venue["city"]): venue["city"] for venue in reversed(venues) if venue["city"]}
    return reversed(spelt.values())


def of_showings(ids: Sequence[int]) -> list[Entry]:
    """The entries of those of the showings *ids* that visitors may see. Seven queries."""
    columns = ("id", "event_id", "titles", "starts_at", "precision", "local_start_date", "local_end_date")
    rows = list(
        Showing.objects.public()
        .filter(id__in=ids, event__hidden_at=None)
        .values(*columns, "showing_kind", "availability", "venue_id")
    )
    events = list(Event.objects.filter(id__in={row["event_id"] for row in rows}).values(*_EVENT))
    parts = parts_of_events(events)
    further = _further_venues(ids)
    known = places(
        [row["venue_id"] for row in rows if row["venue_id"]] + [v for them in further.values() for v in them]
    )
    return [_of_showing(row, parts[row["event_id"]], further[row["id"]], known) for row in rows]


def _further_venues(ids: Sequence[int]) -> Mapping[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    links = Showing.further_venues.through.objects.filter(showing__in=ids).order_by("id")
    for showing, venue in links.values_list("showing_id", "venue_id"):
        found[showing].append(venue)
    return found


def _of_showing(
    row: Mapping[str, Any], parts: Parts, further: Sequence[int], known: Mapping[int, Mapping[str, Any]]
) -> Entry:
    first = known.get(row["venue_id"])
    venues = [known[pk] for pk in dict.fromkeys((row["venue_id"], *further)) if pk in known]
    own = [pair for pair in flattened(row["titles"]) if pair not in parts.titles]
    titles = [*own, *parts.titles]
    title = stream(titles, MOST_TITLES) if own else parts.title
    streams = (title, parts.name, stream(_place_texts(venues)), parts.description)
    day: date = row["local_start_date"]
    columns = {
        **parts.columns,
        "showing_id": row["id"],
        "event_id": row["event_id"],
        "day": day,
        "last_day": row["local_end_date"],
        "venue": first["id"] if first else None,
        "venues": _listed(venue["id"] for venue in venues),
        "city": "\n".join(_cities(venues)),
        "country": _listed(dict.fromkeys(venue["country"] for venue in venues if venue["country"])),
        "showing_kind": row["showing_kind"],
        "availability": row["availability"],
    }
    labels = [*parts.labels, label("k", row["showing_kind"]), *_place_labels(venues)]
    if row["precision"] == Precision.RUN or row["local_end_date"] > day:
        labels.append(label("o", 1))
    key = keys.showing_key(day, row["starts_at"], row["id"])
    return entry(Kind.SHOWING, row["id"], key, streams, titles, labels, columns)


def of_events(ids: Sequence[int]) -> list[Entry]:
    """The entries of those of the events *ids* that visitors may see.

    They hold the titles and places of their showings as well. Six queries.
    """
    rows = list(Event.objects.public().filter(id__in=ids).values(*_EVENT))
    parts = parts_of_events(rows)
    showings = Showing.objects.public().filter(event__in=[row["id"] for row in rows])
    titled = showings.exclude(titles={}).order_by("event_id").distinct().values_list("event_id", "titles")
    for event, titles in titled:
        parts[event].add_titles(flattened(titles))
    showings = showings.filter(venue__hidden_at=None)
    held: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    columns = (f"venue__{name}" for name in _PLACE)
    for event, *venue in (
        showings.exclude(venue=None)
        .order_by("event_id", "venue_id")
        .distinct()
        .values_list("event_id", *columns)
    ):
        if len(held[event]) < MOST_PLACES:
            held[event].append(dict(zip(_PLACE, venue, strict=True)))
    return [_of_event(row, parts[row["id"]], held[row["id"]]) for row in rows]


def _of_event(row: Mapping[str, Any], parts: Parts, venues: Sequence[Mapping[str, Any]]) -> Entry:
    streams = (parts.title, parts.name, stream(_place_texts(venues)), parts.description)
    labels = [*parts.labels, label("k", row["event_kind"])]
    columns = {**parts.columns, "event_id": row["id"], "showing_kind": row["event_kind"]}
    key = keys.row_key(Kind.EVENT, row["id"])
    return entry(Kind.EVENT, row["id"], key, streams, parts.titles, labels, columns)
