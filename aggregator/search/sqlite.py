"""Words on SQLite: FTS5. Its tokenizer only parts at blanks what ``analyser`` made."""

from collections.abc import Iterable, Sequence

from django.db import connection

from aggregator.search.questions import Clause, TextQuestion
from aggregator.search.tokens import Document, Field, Question

# Of each field the words in order and the further forms: a phrase is looked for in the words alone.
_COLUMNS = tuple(f"{name}{part}" for name in "tnpd" for part in ("w", "f"))
_NAMES = ", ".join((*_COLUMNS, "labels"))


def write(table: str, documents: Sequence[Document]) -> None:
    """Store *documents*, replacing those under the same keys. One statement, executed for each."""
    marks = ", ".join(["%s"] * (len(_COLUMNS) + 2))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT OR REPLACE INTO "{table}" (rowid, {_NAMES}) VALUES ({marks})',  # noqa: S608 (our own table)
            [_row(document) for document in documents],
        )


def remove(table: str, keys: Sequence[int]) -> None:
    """Remove what stands under *keys*. One statement, executed for each."""
    with connection.cursor() as cursor:
        cursor.executemany(f'DELETE FROM "{table}" WHERE rowid = %s', [(key,) for key in keys])  # noqa: S608


def overwrite_deleted(table: str) -> None:
    """Write the index of *table* anew, since it keeps the words of deleted rows until its parts are merged."""
    with connection.cursor() as cursor:
        cursor.execute(f"""INSERT INTO "{table}"("{table}") VALUES ('optimize')""")  # noqa: S608


def condition(column: str) -> str:
    """SQL that says whether *column* fits the one parameter, as ``expression`` writes it."""
    return f"{column} MATCH %s"


def expression(question: Question) -> str:
    """*question* as FTS5 reads it."""
    parts = [_any(f'"{one}"' for one in group) for group in question.labels]
    if question.texts:
        parts.append(_any(_text(text, question.fields) for text in question.texts))
    return " AND ".join(parts)


def _text(text: TextQuestion, fields: Sequence[Field]) -> str:
    wanted = " AND ".join(_clause(clause, fields) for clause in text.wanted)
    without = "".join(f" NOT {_clause(clause, tuple(Field))}" for clause in text.excluded)
    # FTS5 knows NOT only between two questions; every entry has a label that says that it is there.
    return f"({wanted or EVERYTHING}{without})"


def _clause(clause: Clause, fields: Sequence[Field]) -> str:
    if clause.phrase:
        return f'({_columns(fields, "w")} : "{" ".join(clause.phrase)}")'
    forms = _any(f'"{form}"' for form in clause.forms)
    return forms if len(fields) == len(Field) else f"({_columns(fields, 'w', 'f')} : {forms})"


def _columns(fields: Iterable[Field], *parts: str) -> str:
    return "{" + " ".join(f"{'tnpd'[field]}{part}" for field in fields for part in parts) + "}"


def _any(parts: Iterable[str]) -> str:
    return "(" + " OR ".join(parts) + ")"


EVERYTHING = '"a_"'


def _row(document: Document) -> tuple[int | str, ...]:
    streams = (" ".join(part) for stream in document.streams for part in (stream.words, stream.further))
    return document.key, *streams, " ".join(("a_", *document.labels))
