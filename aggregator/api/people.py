"""People as the API writes them. Like ``serializers``: columns to dicts, a constant number of queries."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from aggregator.addresses import absolute, api_path, event_path, person_path, web_link
from aggregator.api.serializers import Json, common
from aggregator.models import Credit, Person, Term

_PERSON = (
    *("id", "provider", "external_id", "url", "updated_at", "withdrawn_at"),
    *("name", "sort_name", "professions", "year_of_birth", "descriptions", "attributes", "vita", "links"),
    *("trailers", "agency_id", "agency__name", "agency__website", "agency__hidden_at"),
)
# How a list of levels is called beside the list whose values it grades: ``accents`` and ``accent_skill``.
_LEVELS = "skill"

Labels = Mapping[tuple[str, str], Mapping[str, Mapping[str, str]]]


def people(rows: QuerySet[Person]) -> list[Json]:
    """The people in *rows*, in that order, without their credits. Two queries."""
    found = list(rows.values(*_PERSON))
    labels = _labels(found)
    return [_person(row, labels) for row in found]


def credits(pk: int) -> list[Json]:
    """What the person with our id *pk* did: a role in an event or a film that visitors may see. One query."""
    seen = Q(event__isnull=False, event__hidden_at=None, event__withdrawn_at=None)
    seen |= Q(film__isnull=False, film__hidden_at=None, film__withdrawn_at=None)
    rows = Credit.objects.filter(seen, person=pk).order_by("event_id", "film_id", "position")
    columns = ("role", "name", "character", "event_id", "event__titles", "film_id", "film__titles")
    return [_credit(row) for row in rows.values(*columns)]


def _credit(row: Mapping[str, Any]) -> Json:
    event = film = None
    if row["event_id"]:
        event = {
            "id": row["event_id"],
            "url": absolute(event_path(row["event_id"], row["event__titles"])),
            "api_url": absolute(api_path("events", row["event_id"])),
            "titles": row["event__titles"],
        }
    if row["film_id"]:
        film = {"id": row["film_id"], "titles": row["film__titles"]}
    return {**{name: row[name] for name in ("role", "name", "character")}, "event": event, "film": film}


def _person(row: Mapping[str, Any], labels: Labels) -> Json:
    status = "withdrawn" if row["withdrawn_at"] else "listed"
    agency = None
    if row["agency_id"] and row["agency__hidden_at"] is None:
        website = web_link(row["agency__website"]) or None
        agency = {"id": row["agency_id"], "name": row["agency__name"], "website": website}
    return {
        **common(row, "people", status, person_path(row["id"], row["name"])),
        "name": row["name"],
        "sort_name": row["sort_name"],
        "professions": row["professions"],
        "year_of_birth": row["year_of_birth"],
        "descriptions": row["descriptions"],
        "attributes": {
            name: [_attribute(row["provider"], name, value, level, labels) for value, level in _pairs(given)]
            for name, given in row["attributes"].items()
        },
        "vita": row["vita"],
        "links": {label: url for label, url in row["links"].items() if web_link(url)},
        "trailers": [one for one in row["trailers"] if web_link(one.get("url"))],
        "agency": agency,
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


def _labels(rows: Iterable[Mapping[str, Any]]) -> Labels:
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
    for provider, name, value, texts in terms.values_list("provider", "list_name", "value", "labels"):
        labels.setdefault((provider, value), {})[name] = texts
    return labels
