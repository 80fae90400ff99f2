"""People as the API writes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q

from aggregator.addresses import path_of
from aggregator.api import images, parts, values
from aggregator.api.fields import (
    LINKS,
    MAYBE_INTEGER,
    TEXT,
    TEXTS,
    Field,
    Json,
    Row,
    Wanted,
    maybe,
    reference,
    several,
    word_of,
)
from aggregator.models import Credit, Term
from aggregator.vocabulary import CreditRole, Kind

COLUMNS = (
    *values.COMMON_COLUMNS,
    *images.columns(),
    *("name", "sort_name", "professions", "year_of_birth", "descriptions", "attributes", "vita", "links"),
    *("trailers", "agency_id", "agency__name", "agency__hidden_at", "agency__updated_at"),
)
ATTRIBUTE = (
    Field("value", {"type": ["string", "number", "boolean", "null"]}, "The provider's value.", "sv"),
    Field("labels", TEXTS, "What it means, per language; {} where nobody says.", {"en": "Swedish"}),
    Field("level", {"type": ["string", "number", "boolean", "null"]}, "How well, where graded.", "native"),
    Field("level_labels", TEXTS, "What the level means, per language.", {"en": "mother tongue"}),
)
ROLE = (
    Field("role", word_of(CreditRole), "What the person did.", "director"),
    Field("name", TEXT, "The name as it stands there.", "Astrid Malm"),
    Field("character", TEXT, "Whom an actor plays, or empty.", ""),
    Field("event", maybe(reference("Titled")), "The event, or null.", None),
    Field(
        "film",
        maybe(reference("Titled")),
        "The film, or null.",
        parts.titled_example("films", 88, "Nattlinjen"),
    ),
)
FIELDS = (
    *values.common_fields("people", "/people/4711-astrid-malm/"),
    Field("name", TEXT, "The name.", "Astrid Malm"),
    Field("sort_name", TEXT, "The name as lists sort it.", "Malm, Astrid"),
    Field("professions", several(TEXT), "The provider's words for what they do.", ["actor"]),
    Field("year_of_birth", MAYBE_INTEGER, "Year of birth, where told.", None),
    Field("descriptions", TEXTS, "Clean HTML per language.", {"sv": "<p>Skådespelare.</p>"}),
    Field(
        "attributes",
        {"type": "object", "additionalProperties": several(reference("Attribute"))},
        "Skills and the like, by the name of the provider's list.",
        {"languages": [{field.name: field.example for field in ATTRIBUTE}]},
    ),
    Field(
        "vita",
        several({"type": "object", "additionalProperties": True}),
        "Entries of the vita; fields that are empty are left out.",
        [{"group": "film", "year": 2025, "title": "Boars"}],
    ),
    Field("links", LINKS, "Further pages by label.", {}),
    Field("trailers", several(reference("Trailer")), "Showreels.", []),
    Field("agency", parts.MAYBE_NAMED, "Who represents them, or null.", None),
    images.IMAGES,
    images.PICTURES,
)
CREDITS = Field(
    "credits",
    several(reference("Role")),
    "Events and films that name them.",
    [{field.name: field.example for field in ROLE}],
)
# How a list of levels is called beside the list whose values it grades: ``accents`` and ``accent_skill``.
_LEVELS = "skill"

Labels = Mapping[tuple[str, str], Mapping[str, Mapping[str, str]]]


def write(rows: Sequence[Row], wanted: Wanted) -> list[Json]:
    """People without their credits. One query."""
    labels = _labels(rows, wanted) if wanted.has("attributes") else {}
    return wanted.cut([_person(row, labels) for row in rows])


def credits(pk: int, wanted: Wanted) -> list[Json]:
    """What the person with our id *pk* did: a role in an event or a film that visitors may see. One query."""
    seen = Q(event__isnull=False, event__hidden_at=None, event__withdrawn_at=None)
    seen |= Q(film__isnull=False, film__hidden_at=None, film__withdrawn_at=None)
    rows = Credit.objects.filter(seen, person=pk).order_by("event_id", "film_id", "position")
    columns = (
        *("role", "name", "character", "event_id", "event__titles", "event__updated_at"),
        *("film_id", "film__titles", "film__updated_at"),
    )
    return [_credit(row) for row in wanted.watch(rows.values(*columns))]


def _credit(row: Row) -> Json:
    event, film = row["event_id"], row["film_id"]
    return {
        **{name: row[name] for name in ("role", "name", "character")},
        "event": parts.titled(Kind.EVENT, event, row["event__titles"]) if event else None,
        "film": parts.titled(Kind.FILM, film, row["film__titles"]) if film else None,
    }


def _person(row: Row, labels: Labels) -> Json:
    agency = row["agency_id"] is not None and row["agency__hidden_at"] is None
    return {
        **values.common(row, "people", path_of(Kind.PERSON, row["id"], row["name"])),
        **{name: row[name] for name in ("name", "sort_name", "professions", "year_of_birth", "descriptions")},
        "attributes": {
            name: [_attribute(row["provider"], name, value, level, labels) for value, level in _pairs(given)]
            for name, given in row["attributes"].items()
        },
        "vita": row["vita"],
        "links": values.links(row["links"]),
        "trailers": values.trailers(row["trailers"]),
        "agency": parts.named(Kind.ORGANISATION, row["agency_id"], row["agency__name"]) if agency else None,
        "images": images.lead(row),
    }


def _pairs(given: Any) -> Iterator[tuple[Any, Any]]:
    """(value, level) of an attribute as a provider keyed it: values with levels, several values, or one."""
    if isinstance(given, Mapping):
        yield from sorted(given.items())  # the databases keep the keys of an object in orders of their own
    elif isinstance(given, list):
        for value in given:
            yield value, None
    else:
        yield given, None


def _attribute(provider: str, name: str, value: Any, level: Any, labels: Labels) -> Json:
    """One value with its labels per language; {} where nobody says what it means."""
    return {
        "value": value,
        "labels": labels.get((provider, str(value)), {}).get(name, {}),
        "level": level,
        "level_labels": {} if level is None else _of_level(name, labels.get((provider, str(level)), {})),
    }


def _of_level(name: str, by_list: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """A level is explained by the list that belongs to *name*, else by any list of levels that knows it."""
    own = (f"{name}_{_LEVELS}", f"{name.removesuffix('s')}_{_LEVELS}", _LEVELS, f"{_LEVELS}s")
    others = (one for one in sorted(by_list) if one.endswith(f"_{_LEVELS}"))
    return next((by_list[one] for one in (*own, *others) if one in by_list), {})


def _labels(rows: Iterable[Row], wanted: Wanted) -> Labels:
    """Labels of every value and level in *rows*: by provider and value, then by list. One query, always."""
    said = {
        (row["provider"], str(part))
        for row in rows
        for given in row["attributes"].values()
        for pair in _pairs(given)
        for part in pair
        if part is not None
    }
    terms = Term.objects.public().filter(
        provider__in={provider for provider, _ in said}, value__in={value for _, value in said}
    )
    labels: dict[tuple[str, str], dict[str, Mapping[str, str]]] = {}
    for row in wanted.watch(terms.values("provider", "list_name", "value", "labels", "updated_at")):
        labels.setdefault((row["provider"], row["value"]), {})[row["list_name"]] = row["labels"]
    return labels
