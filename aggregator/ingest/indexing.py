"""What a written chunk is to search."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aggregator.ingest.decide import Action
from aggregator.search import texts, writing
from aggregator.vocabulary import Kind

if TYPE_CHECKING:
    from aggregator.ingest.store import Plan

_WRITTEN = (Action.CREATE, Action.UPDATE, Action.RESTORE)


def prepare(made: Plan) -> None:
    """Analyse the texts of what will be written, which no transaction should wait for."""
    texts.prepare(record for identity, record in made.records.items() if made.actions[identity] in _WRITTEN)


def record(made: Plan, restored_events: Iterable[int]) -> None:
    """Bring the entries in step with what *made* wrote, in its transaction; nothing where nothing was written."""
    fresh: dict[Kind, set[int]] = defaultdict(set)
    changed: dict[Kind, set[int]] = defaultdict(set)
    changed[Kind.EVENT].update(restored_events)
    for identity, done in made.actions.items():
        if done in _WRITTEN:
            rows = fresh if done is Action.CREATE else changed
            rows[identity[0]].add(made.ids[identity])
    # A film may have been there long before it is selected.
    changed[Kind.SELECTION] |= fresh.pop(Kind.SELECTION, set())
    writing.written(fresh, changed)
    writing.seats([made.ids[Kind.SHOWING, r.external_id] for r in made.of(Kind.SHOWING, Action.SEATS)])
