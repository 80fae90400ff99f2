"""What a written chunk is to those who follow the API's changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast

from aggregator import changes
from aggregator.changes import hiding, seats
from aggregator.ingest.decide import Action
from aggregator.models import Event
from aggregator.records import EventRecord, PersonRecord, SectionRecord, SelectionRecord
from aggregator.vocabulary import ChangeAction, Kind

if TYPE_CHECKING:
    from aggregator.ingest.store import Plan

_SAID = {
    Action.CREATE: ChangeAction.CREATED,
    Action.UPDATE: ChangeAction.UPDATED,
    Action.RESTORE: ChangeAction.RESTORED,
}
_WRITTEN = tuple(_SAID)


def retold(made: Plan) -> tuple[int, ...]:
    """Changed events that their showings say other things of themselves with: title, status, film, whether free.

    One query, if any event changed.
    """
    changed = cast(list[EventRecord], made.of(Kind.EVENT, Action.UPDATE))
    by_id = {made.ids[Kind.EVENT, record.external_id]: record for record in changed}
    if not by_id:
        return ()
    columns = ("id", "titles", "status", "is_free", "film__external_id")
    stored = Event.objects.filter(id__in=by_id).values_list(*columns)
    return tuple(
        pk
        for pk, titles, status, is_free, film in stored
        if _repeated(by_id[pk]) != (titles, status, is_free, film or "")
    )


def _repeated(record: EventRecord) -> tuple[dict[str, str], str, bool | None, str]:
    return dict(record.titles), str(record.status), record.is_free, record.film


def record(made: Plan, restored_events: Sequence[int], now: datetime) -> None:
    """Record what *made* did, after it was written and in its transaction. Statements by kinds, not by rows."""
    changes.record(Kind.EVENT, restored_events, ChangeAction.RESTORED, now)
    for kind in changes.PLURALS:
        for done, said in _SAID.items():
            ids = [made.ids[kind, each.external_id] for each in made.of(kind, done)]
            if kind is Kind.EVENT and restored_events:
                ids = [pk for pk in ids if pk not in set(restored_events)]
            changes.record(kind, ids, said, now)
    _record_people(made, now)
    _record_neighbours(made, now)
    seats.changed(
        sorted(made.ids[Kind.SHOWING, r.external_id] for r in made.of(Kind.SHOWING, Action.SEATS)), now
    )


def _record_people(made: Plan, now: datetime) -> None:
    """A profile that is no longer public is withdrawn to everybody else; who names them has another link, or none."""
    left, moved = [], []
    for record in cast(list[PersonRecord], made.of(Kind.PERSON, Action.UPDATE, Action.RESTORE)):
        pk, before = made.ids[Kind.PERSON, record.external_id], made.known[Kind.PERSON, record.external_id]
        if before.public and not record.public:
            left.append(pk)
        if (before.public, before.withdrawn) != (record.public, False):
            moved.append(pk)
    changes.record(Kind.PERSON, left, ChangeAction.WITHDRAWN, now, hidden_too=True)
    if moved:
        hiding.record_referrers(Kind.PERSON, moved, now)


def _record_neighbours(made: Plan, now: datetime) -> None:
    """Rows that show, as their own, what another row of the chunk says: showings of their events, films of where
    they were selected, festivals of their sections. Those that the chunk wrote are told already.
    """
    if made.retold:
        told = [made.ids[Kind.SHOWING, r.external_id] for r in made.of(Kind.SHOWING, *_WRITTEN)]
        others = changes.visible(Kind.SHOWING).filter(event__in=made.retold).exclude(pk__in=told)
        changes.record_rows(Kind.SHOWING, others, ChangeAction.UPDATED, now)
    selected = cast(list[SelectionRecord], made.of(Kind.SELECTION, *_WRITTEN))
    told = [made.ids[Kind.FILM, r.external_id] for r in made.of(Kind.FILM, *_WRITTEN)]
    films = {made.ids[Kind.FILM, record.film] for record in selected}.difference(told)
    changes.record(Kind.FILM, films, ChangeAction.UPDATED, now)
    sections = cast(list[SectionRecord], made.of(Kind.SECTION, Action.CREATE, Action.RESTORE))
    told = [made.ids[Kind.FESTIVAL, r.external_id] for r in made.of(Kind.FESTIVAL, *_WRITTEN)]
    festivals = {made.ids[Kind.FESTIVAL, record.festival] for record in sections}.difference(told)
    changes.record(Kind.FESTIVAL, festivals, ChangeAction.UPDATED, now)
