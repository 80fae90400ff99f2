"""The log of deliveries as an owner reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.addresses import api_path
from aggregator.changes import PLURALS
from aggregator.deliveries.forms import ACTIONS, KINDS
from aggregator.deliveries.reasons import sentence
from aggregator.models import Delivery, Endpoint
from aggregator.vocabulary import ChangeAction, DeliveryState, Kind

ENTRIES = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery. *what* says it in words, *path* is the object in the API; *next_at* only while it waits."""

    id: int
    what: str
    path: str
    message: str
    state: str
    attempts: int
    status: int | None
    why: str
    at: datetime
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the log, the latest first; *older* goes on from there, None at the end."""

    entries: Sequence[Entry]
    older: int | None
    only_failed: bool
    failed: bool


def page(endpoint: Endpoint, before: str, *, only_failed: bool) -> Page:
    """``ENTRIES`` deliveries of *endpoint* that are older than the one with the id *before*. Two queries."""
    rows = Delivery.objects.filter(endpoint=endpoint).order_by("-pk")
    failed = rows.filter(state=DeliveryState.FAILED)
    chosen = failed if only_failed else rows
    if before.isdecimal() and len(before) < 19:
        chosen = chosen.filter(pk__lt=int(before))
    found = list(chosen[: ENTRIES + 1])
    older = found[ENTRIES - 1].pk if len(found) > ENTRIES else None
    return Page([_entry(row) for row in found[:ENTRIES]], older, only_failed, failed.exists())


def _entry(row: Delivery) -> Entry:
    plural = PLURALS[Kind(row.kind)] if row.kind else ""
    words: tuple[Any, ...] = (KINDS[plural], row.row, ACTIONS[ChangeAction(row.action)]) if row.kind else ()
    return Entry(
        id=row.pk,
        what=" · ".join(str(word) for word in words),
        path=api_path(plural, row.row) if row.kind else "",
        message=row.message,
        state=row.state,
        attempts=row.attempts,
        status=row.status,
        why=sentence(row.reason),
        at=row.tried_at or row.created_at,
        next_at=row.due_at if row.state == DeliveryState.WAITING and row.attempts else None,
    )
