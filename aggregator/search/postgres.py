"""Words on PostgreSQL: a ``tsvector`` made of our own tokens, with GIN. No configuration of its parser is involved."""

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from aggregator.search.questions import Clause, TextQuestion
from aggregator.search.tokens import Document, Field, Question, Stream

_WEIGHTS = "ABCD"
# Between two fields, so that no phrase reaches from one into the next.
_GAP = 20
_LAST_POSITION = 16_000
_ROWS = 2_000


def write(table: str, documents: Sequence[Document]) -> None:
    """Store *documents*, replacing those under the same keys. One statement."""
    with connection.cursor() as cursor:
        for start in range(0, len(documents), _ROWS):
            part = documents[start : start + _ROWS]
            values = ", ".join(["(%s, %s::tsvector)"] * len(part))
            cursor.execute(
                f'INSERT INTO "{table}" (rowid, {table}) VALUES {values} '  # noqa: S608 (our own table)
                f"ON CONFLICT (rowid) DO UPDATE SET {table} = EXCLUDED.{table}",
                [value for document in part for value in (document.key, _vector(document))],
            )


def remove(table: str, keys: Sequence[int]) -> None:
    """Remove what stands under *keys*. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}" WHERE rowid = ANY(%s)', [list(keys)])  # noqa: S608


def overwrite_deleted(table: str) -> None:
    """Nothing to do: what is deleted goes with the next vacuum."""


def condition(column: str) -> str:
    """SQL that says whether *column* fits the one parameter, as ``expression`` writes it."""
    return f"{column} @@ %s::tsquery"


def expression(question: Question) -> str:
    """*question* as a ``tsquery``."""
    weights = (
        "" if len(question.fields) == len(Field) else "".join(_WEIGHTS[field] for field in question.fields)
    )
    parts = [_any(f"'{one}'" for one in group) for group in question.labels]
    if question.texts:
        parts.append(_any(_text(text, weights) for text in question.texts))
    return " & ".join(parts)


def _text(text: TextQuestion, weights: str) -> str:
    wanted = [_clause(clause, weights) for clause in text.wanted]
    return "(" + " & ".join((*wanted, *(f"!{_clause(clause, '')}" for clause in text.excluded))) + ")"


def _clause(clause: Clause, weights: str) -> str:
    suffix = f":{weights}" if weights else ""
    if clause.phrase:
        return "(" + " <-> ".join(f"'{word}'{suffix}" for word in clause.phrase) + ")"
    return _any(f"'{form}'{suffix}" for form in clause.forms)


def _any(parts: Iterable[str]) -> str:
    return "(" + " | ".join(parts) + ")"


def _vector(document: Document) -> str:
    """The literal of a ``tsvector``: lexemes with position and weight; further forms stand where their field begins."""
    lexemes: list[str] = [f"'{one}'" for one in document.labels]
    position = 1
    for weight, stream in zip(_WEIGHTS, document.streams, strict=True):
        lexemes += _placed(stream, position, weight)
        position = min(position + len(stream.words) + _GAP, _LAST_POSITION)
    return " ".join(lexemes)


def _placed(stream: Stream, first: int, weight: str) -> Iterator[str]:
    # A phrase must not meet a further form by accident: all of them share one position, which no word has.
    for further in stream.further:
        yield f"'{further}':{first}{weight}"
    for place, word in enumerate(stream.words, first + 2):
        yield f"'{word}':{min(place, _LAST_POSITION)}{weight}"
