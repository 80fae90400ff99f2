"""Names by role, with a link where a name is a person whom visitors may see."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from aggregator.addresses import path_of
from aggregator.models import Credit, Person
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


def by_role(rows: QuerySet[Credit]) -> tuple[Role, ...]:
    """The credits in *rows*, in their order within a role; a name that stands twice in a role once. One query."""
    names: dict[str, dict[tuple[str, str], Name]] = {}
    for row in rows.select_related("person"):
        name = Name(row.name, row.character, _path(row.person))
        names.setdefault(row.role, {}).setdefault((row.name, row.character), name)
    return tuple(Role(role, ROLES[role], tuple(names[role].values())) for role in ROLES if role in names)


def _path(person: Person | None) -> str:
    if person is None or not person.public or not person.is_public:
        return ""
    return path_of(Kind.PERSON, person.pk, person.name)
