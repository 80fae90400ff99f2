"""Whether the index says what the rows say. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef, QuerySet

from aggregator.models import SearchEntry
from aggregator.search import indexes
from aggregator.search.other_documents import MODELS
from aggregator.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """How many rows of *kind* lack an entry, entries lack a public row, and entries lack their words."""

    kind: Kind
    entries: int
    missing: int
    left_over: int
    wordless: int

    @property
    def is_good(self) -> bool:
        """Whether everything is in step."""
        return not (self.missing or self.left_over or self.wordless)


def check() -> Iterator[Finding]:
    """A finding for every kind. Looks at every row: some seconds for a million."""
    for kind in MODELS:
        entries = SearchEntry.objects.filter(kind=kind)
        public = visible(kind)
        yield Finding(
            kind,
            entries.count(),
            public.exclude(Exists(entries.filter(row=OuterRef("pk")))).count(),
            entries.exclude(Exists(public.filter(pk=OuterRef("row")))).count(),
            entries.filter(**{f"{indexes.path_of(kind)}__isnull": True}).count(),
        )


def is_sound() -> bool:
    """Whether SQLite finds its own index in order; PostgreSQL looks after its own."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        try:
            for table in indexes.TABLES:
                cursor.execute(f"INSERT INTO {table}({table}) VALUES ('integrity-check')")  # noqa: S608
        except DatabaseError:
            return False
    return True


def visible(kind: Kind) -> QuerySet[Any]:
    """The rows of *kind* that have an entry: those that visitors may see."""
    model: Any = MODELS[kind]
    rows: QuerySet[Any] = model.objects.public()
    if kind is Kind.PERSON:
        return rows.filter(public=True)
    if kind is Kind.SHOWING:
        return rows.filter(event__hidden_at=None)
    return rows.filter(festival__hidden_at=None) if kind is Kind.SECTION else rows
