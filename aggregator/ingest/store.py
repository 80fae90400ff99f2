"""Writing: compares records with rows, then stores rows, parts, documents and provenance of one chunk at once.

Reading and comparing happen outside the transaction, writing inside one short one under the lease. The number of
statements depends on the kinds that a chunk touches, never on its rows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db.models import Exists, OuterRef

from aggregator.ingest import indexing, news, parts, rows
from aggregator.ingest.decide import Action, Known, Place, action, moved_from, strongest
from aggregator.ingest.shapes import SEATS, SHAPES, Shape
from aggregator.models import Event, Showing
from aggregator.records import Record, ShowingRecord, fingerprint, seats_fingerprint
from aggregator.vocabulary import Kind

Identity = tuple[Kind, str]


@dataclass
class Plan:
    """What a chunk of records calls for, before anything is written.

    *records*, *actions*, *prints* by identity; *known* the rows that exist; *ids* grows while rows are written.
    *retold* are events (our ids) whose showings say something else of themselves with them.
    """

    provider: str
    mapping_version: int
    records: dict[Identity, Record]
    actions: dict[Identity, Action]
    prints: dict[Identity, tuple[str, str]]
    known: dict[Identity, Known]
    ids: dict[Identity, int] = field(default_factory=dict)
    moved: dict[str, dict[str, Any]] = field(default_factory=dict)
    retold: tuple[int, ...] = ()

    def authority(self, record: Record) -> str:
        """The authority of whoever stands in *record*'s row once this chunk is written."""
        identity = record.kind, record.external_id
        chosen, row = self.records[identity].authority, self.known.get(identity)
        return chosen if row is None else min(chosen, row.authority)

    def of(self, kind: Kind, *wanted: Action) -> list[Record]:
        """The records of *kind* whose action is one of *wanted*."""
        return [
            r
            for identity, r in self.records.items()
            if identity[0] is kind and self.actions[identity] in wanted
        ]


def plan(
    provider: str,
    mapping_version: int,
    records: Iterable[Record],
    now: datetime,
    *,
    detect_moves: bool = True,
) -> Plan:
    """Compare *records* with the stored rows: one query a kind, one for the showings that may have moved, and one for
    the events that may be told otherwise.

    *detect_moves* False is for mapping stored documents again, where a new time is a correction.
    """
    chosen = strongest(records)
    known = _known(provider, chosen)
    made = Plan(provider, mapping_version, chosen, {}, {}, known)
    for identity, record in chosen.items():
        prints = fingerprint(record), seats_fingerprint(record)
        made.prints[identity] = prints
        made.actions[identity] = action(
            known.get(identity),
            kind=record.kind,
            fingerprint=prints[0],
            seats=prints[1],
            authority=record.authority,
            mapping_version=mapping_version,
        )
    made.ids.update({identity: row.id for identity, row in known.items()})
    if detect_moves:
        _find_moves(made, now)
    made.retold = news.retold(made)
    indexing.prepare(made)
    return made


def _known(provider: str, chosen: Mapping[Identity, Record]) -> dict[Identity, Known]:
    keys: dict[Kind, list[str]] = defaultdict(list)
    for kind, external_id in chosen:
        keys[kind].append(external_id)
    known: dict[Identity, Known] = {}
    for shape in SHAPES:
        if not (wanted := keys.get(shape.kind)):
            continue
        columns = ["external_id", "id", "fingerprint", "authority", "mapping_version", "withdrawn_at"]
        own = {Kind.SHOWING: "seats_fingerprint", Kind.PERSON: "public"}.get(shape.kind)
        stored = cast(Any, shape.model).objects.filter(provider=provider, external_id__in=wanted)
        for row in stored.values_list(*columns, *([own] if own else ())):
            external_id, pk, prints, authority, version, withdrawn_at, *more = row
            seats = more[0] if shape.kind is Kind.SHOWING else ""
            public = more[0] if shape.kind is Kind.PERSON else True
            known[shape.kind, external_id] = Known(
                pk, prints, seats, authority, version, withdrawn_at is not None, public
            )
    return known


def _find_moves(made: Plan, now: datetime) -> None:
    changed = made.of(Kind.SHOWING, Action.UPDATE, Action.RESTORE)
    if not changed:
        return
    stored = Showing.objects.filter(id__in=[made.ids[r.kind, r.external_id] for r in changed]).values_list(
        "external_id", "starts_at", "venue__external_id", "venue__name", "moved_from"
    )
    before = {row[0]: (Place(row[1], row[2] or "", row[3] or ""), row[4]) for row in stored}
    for record in changed:
        place, moved = before[record.external_id]
        verdict = moved_from(place, moved, cast(ShowingRecord, record), now)
        if verdict is not None:
            made.moved[record.external_id] = verdict


def write(made: Plan, now: datetime) -> Counter[str]:
    """Store what *made* calls for in the caller's transaction; counts rows by created, updated, restored, seats."""
    counts: Counter[str] = Counter()
    for shape in SHAPES:
        counts += _write_kind(shape, made, now)
    parts.write(
        made.provider,
        _owners(made, Action.CREATE),
        _owners(made, Action.UPDATE, Action.RESTORE),
        made.ids,
        now,
    )
    _write_moves(made)
    restored = _restore_events(made)
    news.record(made, restored, now)
    indexing.record(made, restored)
    return counts


def _owners(made: Plan, *wanted: Action) -> list[Record]:
    return [record for identity, record in made.records.items() if made.actions[identity] in wanted]


def _write_kind(shape: Shape, made: Plan, now: datetime) -> Counter[str]:
    fresh = made.of(shape.kind, Action.CREATE)
    new_ids = rows.insert(shape.model, shape.inserted, [_row(shape, made, record, now) for record in fresh])
    for record, row_id in zip(fresh, new_ids, strict=True):
        made.ids[record.kind, record.external_id] = row_id
    changed = made.of(shape.kind, Action.UPDATE, Action.RESTORE)
    seats = made.of(shape.kind, Action.SEATS)
    for some, columns in (
        (changed, shape.updated),
        (seats, SEATS),
        (made.of(shape.kind, Action.ADOPT), ("authority", "upstream_modified_at")),
    ):
        # Every one of these rows is known to be there, so this inserts nothing.
        values = [_row(shape, made, record, now) for record in some]
        rows.overwrite(shape.model, shape.inserted, values, key=("provider", "external_id"), changed=columns)
    restored = sum(made.actions[record.kind, record.external_id] is Action.RESTORE for record in changed)
    return Counter(created=len(fresh), updated=len(changed) - restored, restored=restored, seats=len(seats))


def _row(shape: Shape, made: Plan, record: Record, now: datetime) -> tuple[Any, ...]:
    """The values of *record* in the order of ``shape.inserted``."""
    prints, seats = made.prints[record.kind, record.external_id]
    bookkeeping = {
        "provider": made.provider,
        "external_id": record.external_id,
        "url": record.url,
        "fingerprint": prints,
        "mapping_version": made.mapping_version,
        "authority": record.authority,
        "first_seen_at": now,
        "updated_at": now,
        "upstream_modified_at": record.modified_at,
        "withdrawn_at": None,
        "hidden_at": None,
        "hidden_reason": "",
        "seats_fingerprint": seats,
        "seats_at": now,
        "moved_from": {},
    }
    values = bookkeeping | shape.values(record, made.ids)
    return tuple(values[column] for column in shape.inserted)


def _write_moves(made: Plan) -> None:
    if made.moved:
        moved = list(Showing.objects.filter(provider=made.provider, external_id__in=made.moved))
        for row in moved:
            row.moved_from = made.moved[row.external_id]
        Showing.objects.bulk_update(moved, ["moved_from"])


def _restore_events(made: Plan) -> list[int]:
    """Show withdrawn events again that have a showing again, or never had one and are listed again; gives our ids."""
    withdrawn = [row.id for (kind, _), row in made.known.items() if kind is Kind.EVENT and row.withdrawn]
    if not withdrawn:
        return []
    showings = Showing.objects.filter(event=OuterRef("pk"))
    events = Event.objects.filter(id__in=withdrawn)
    back = events.filter(Exists(showings.filter(withdrawn_at=None)) | ~Exists(showings))
    ids = list(back.values_list("id", flat=True))
    Event.objects.filter(id__in=ids).update(withdrawn_at=None)
    return ids
