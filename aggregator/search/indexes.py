"""The one index behind search, whichever database it lies in, and the lookup ``fits`` that asks it.

``entry__text__tokens__fits=Question(...)`` narrows a query set to rows whose entry fits. Words of people lie apart.
"""

from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

from aggregator.models.search import TokensField
from aggregator.search import postgres, sqlite
from aggregator.search.tokens import Document, Question
from aggregator.vocabulary import Kind

TEXT, PEOPLE = "search_text", "search_people"
TABLES = (TEXT, PEOPLE)


def table_of(kind: Kind) -> str:
    """Where the words of *kind* lie."""
    return PEOPLE if kind is Kind.PERSON else TEXT


def path_of(kind: Kind) -> str:
    """How an entry's words are reached from the entry."""
    return "people_text" if kind is Kind.PERSON else "text"


def index(using: str = "default") -> ModuleType:
    """The module that speaks to the database: ``write``, ``remove``, ``expression`` and ``condition``."""
    return postgres if connections[using].vendor == "postgresql" else sqlite


def write(kind: Kind, documents: Sequence[Document]) -> None:
    """Store the words of *documents*, all of one *kind*."""
    if documents:
        index().write(table_of(kind), documents)


def remove(kind: Kind, keys: Sequence[int]) -> None:
    """Remove the words under *keys*."""
    if keys:
        index().remove(table_of(kind), keys)


if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


@TokensField.register_lookup
class Fits(_Lookup):
    """Whether an entry's words answer a ``Question``."""

    lookup_name = "fits"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """The condition in the words of *connection*'s database."""
        column, params = self.process_lhs(compiler, connection)
        module = index(connection.alias)
        question: Question = self.rhs
        return module.condition(column), [*params, module.expression(question)]
