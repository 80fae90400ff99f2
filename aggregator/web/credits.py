"""Names by role, with a link where a name is a person whom visitors may see."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from aggregator import identity
from aggregator.addresses import path_of
from aggregator.models import Credit, Event, Film, Person
from aggregator.vocabulary import Kind
from aggregator.web.words import ROLES


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a role; *character* is who they play, *path* their page or ""."""

    name: str
    character: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """Everybody in one role. *word* is the stored one, *label* what visitors read."""

    word: str
    label: Any
    names: tuple[Name, ...]


def by_role(rows: QuerySet[Credit], *owners: Film | Event | None) -> tuple[Role, ...]:
    """The credits in *rows*, in their order within a role; a name that stands twice in a role once. Three queries at
    most.

    A name that upstream tied to nobody leads to the person whom it is linked to; *owners* are the films and events
    whose credits these are.
    """
    of = {(str(owner._meta.model_name), owner.pk): owner for owner in owners if owner is not None}
    found = [(row, _owner(row)) for row in rows.select_related("person")]
    open_names = [
        (of[owner], row.role, row.name) for row, owner in found if row.person_id is None and owner in of
    ]
    people = identity.credited(open_names)
    names: dict[str, dict[tuple[str, str], Name]] = {}
    for row, owner in found:
        person = row.person or people.get((*owner, row.role, row.name))
        name = Name(row.name, row.character, _path(person))
        names.setdefault(row.role, {}).setdefault((row.name, row.character), name)
    return tuple(Role(role, ROLES[role], tuple(names[role].values())) for role in ROLES if role in names)


def _owner(row: Credit) -> tuple[str, int]:
    return ("film", row.film_id) if row.film_id else ("event", row.event_id or 0)


def _path(person: Person | None) -> str:
    if person is None or not person.public or not person.is_public:
        return ""
    return path_of(Kind.PERSON, person.pk, person.name)
