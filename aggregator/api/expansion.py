"""``expand=``: references in written objects become whole objects, with one to three queries a name for all rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from aggregator.api.fields import Json, Row, Wanted
from aggregator.api.images import add_pictures
from aggregator.api.kinds import events, films, people, venues
from aggregator.api.rows import fetched
from aggregator.models import Event, Film, Person, Venue

Write = Callable[[Sequence[Row], Wanted], list[Json]]


def expand(kind: str, rows: Sequence[Json], wanted: Wanted) -> None:
    """Replace in *rows*, objects of *kind*, what *wanted* expands. What is not there to be seen stays a reference."""
    own = Wanted(stamps=wanted.stamps)
    if wanted.expands("images"):
        add_pictures(kind, rows, wanted)
    if wanted.expands("venue"):
        _replace_in_lists(rows, "venues", _whole(Venue, venues.COLUMNS, venues.write, own))
    if wanted.expands("event"):
        _replace(rows, "event", _whole(Event, events.COLUMNS, events.write, own))
    if wanted.expands("film"):
        _replace(rows, "film", _whole(Film, films.COLUMNS, films.write, own))
    if wanted.expands("people"):
        credits = [credit for row in rows for credit in row.get("credits", ())]
        _replace(credits, "person", _whole(Person, people.COLUMNS, people.write, own))


def _whole(
    model: Any, columns: Sequence[str], write: Write, wanted: Wanted
) -> Callable[[Iterable[int]], dict[int, Json]]:
    def load(ids: Iterable[int]) -> dict[int, Json]:
        found = model.objects.filter(pk__in=set(ids), hidden_at=None).values(*columns)
        return {row["id"]: row for row in write(list(wanted.watch(fetched(found))), wanted)}

    return load


def _replace(rows: Iterable[Json], name: str, load: Callable[[Iterable[int]], dict[int, Json]]) -> None:
    holders = [row for row in rows if row.get(name)]
    whole = load(row[name]["id"] for row in holders)
    for row in holders:
        row[name] = whole.get(row[name]["id"], row[name])


def _replace_in_lists(
    rows: Iterable[Json], name: str, load: Callable[[Iterable[int]], dict[int, Json]]
) -> None:
    holders = [row for row in rows if row.get(name)]
    whole = load(_ids(holders, name))
    for row in holders:
        row[name] = [whole.get(one["id"], one) for one in row[name]]


def _ids(rows: Iterable[Json], name: str) -> Iterator[int]:
    return (one["id"] for row in rows for one in row[name])
