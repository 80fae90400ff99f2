"""What upstream no longer lists: found after a whole and healthy reading, and held back when it is too much.

A document has vanished when its scope was read whole by a run and the run did not see it. A row is going when no
document that is still there speaks of it. Only showings that end in the future are withdrawn, and events none of
whose showings is left; what is past stays, with its event. An unreadable id forbids withdrawal in its scope.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from aggregator.ingest import leases
from aggregator.ingest.decide import FUSE_ROWS, blows_fuse
from aggregator.models import Event, IngestRun, Provenance, Showing, SourceDocument
from aggregator.vocabulary import Kind, Precision

Scope = tuple[str, str]

# Rows per transaction, and ids per statement.
CHUNK = 200
# How many of the rows that a held run would withdraw are named in it.
NAMED = 200


@dataclass(frozen=True)
class Verdict:
    """What a run may do about absence.

    showings, events: ids of the rows that would go. hold: why they wait for a person, "" where they do not.
    empty: a scope that held rows came back with nothing at all, which is a failure and no news.
    """

    showings: Sequence[int]
    events: Sequence[int]
    hold: str = ""
    empty: bool = False

    @property
    def count(self) -> int:
        """How many rows would go."""
        return len(self.showings) + len(self.events)


def weigh(run: IngestRun, settled_binding: str, now: datetime) -> Verdict:
    """What is absent after *run*, and whether it may go. Reads only.

    *settled_binding* is that of the run which last settled absence: under another one everything absent is held.
    """
    unreadable = {tuple(pair) for pair in run.unreadable}
    scopes = [(kind, scope) for kind, scope in run.complete if (kind, scope) not in unreadable]
    # Nothing but unreadable items where there were rows: it withdraws nothing, but it is not healthy either.
    if any(
        _came_back_empty(run, (kind, scope)) for kind, scope in run.complete if (kind, scope) in unreadable
    ):
        return Verdict((), (), empty=True)
    showings = sorted(_going(run, scopes, now))
    events = _events_left_empty(run, scopes, showings)
    if not showings and not events:
        return Verdict((), ())
    verdict = Verdict(showings, events)
    if run.force:
        return verdict
    if any(_came_back_empty(run, scope) for scope in scopes):
        return Verdict(showings, events, empty=True)
    if settled_binding and run.binding != settled_binding:
        return Verdict(showings, events, hold="scope_changed")
    if _fuse(run, scopes, showings, events, now):
        return Verdict(showings, events, hold="too_many_withdrawn")
    return verdict


def _documents(run: IngestRun, scopes: Iterable[Scope]) -> Q:
    condition = Q(pk__in=())
    for kind, scope in scopes:
        condition |= Q(provider=run.provider, kind=kind, scope=scope)
    return condition


def _vanished(run: IngestRun, scopes: Iterable[Scope]) -> QuerySet[SourceDocument]:
    return SourceDocument.objects.filter(_documents(run, scopes), gone_at=None, seen_run__lt=run.pk)


def _future(now: datetime) -> Q:
    """Showings that are not over. Whole days are compared as UTC dates: late in the day means not yet withdrawn."""
    exact = Q(precision=Precision.EXACT)
    return exact & (Q(ends_at__gte=now) | Q(ends_at=None, starts_at__gte=now)) | ~exact & Q(
        local_end_date__gte=now.date()
    )


def _future_showings(run: IngestRun, now: datetime) -> QuerySet[Showing]:
    return Showing.objects.filter(_future(now), provider=run.provider, withdrawn_at=None)


def _going(run: IngestRun, scopes: Sequence[Scope], now: datetime) -> set[int]:
    """Ids of future showings that no live document of any scope speaks of any more."""
    vanished = _vanished(run, scopes).values("id")
    told = Provenance.objects.filter(kind=Kind.SHOWING)
    dropped = told.filter(current=False, document__in=SourceDocument.objects.filter(_documents(run, scopes)))
    candidates = told.filter(document__in=vanished).values("row").union(dropped.values("row"))
    alive = told.filter(row=OuterRef("pk"), current=True, document__gone_at=None).exclude(
        document__in=vanished
    )
    going = _future_showings(run, now).filter(id__in=candidates).exclude(Exists(alive))
    return set(going.values_list("id", flat=True))


def _events_left_empty(run: IngestRun, scopes: Sequence[Scope], showings: Sequence[int]) -> list[int]:
    """Events all of whose showings are going or gone, and listed events without any showing that vanished."""
    left: Counter[int] = Counter()
    going: Counter[int] = Counter()
    for ids in chunks(showings):
        going.update(Showing.objects.filter(id__in=ids).values_list("event_id", flat=True))
    for ids in chunks(sorted(going)):
        left.update(
            Showing.objects.filter(event_id__in=ids, withdrawn_at=None).values_list("event_id", flat=True)
        )
    emptied = [event for event in going if left[event] == going[event]]
    vanished = _vanished(run, scopes).values("id")
    told = Provenance.objects.filter(kind=Kind.EVENT)
    alive = told.filter(row=OuterRef("pk"), current=True, document__gone_at=None).exclude(
        document__in=vanished
    )
    bare = (
        Event.objects.filter(provider=run.provider, withdrawn_at=None)
        .filter(id__in=told.filter(document__in=vanished).values("row"))
        .exclude(Exists(Showing.objects.filter(event=OuterRef("pk"))))
        .exclude(Exists(alive))
    )
    return sorted({*emptied, *bare.values_list("id", flat=True)})


def _came_back_empty(run: IngestRun, scope: Scope) -> bool:
    """Whether nothing of *scope* was seen though something of it was stored."""
    stored = SourceDocument.objects.filter(_documents(run, [scope]), gone_at=None)
    return stored.exists() and not stored.filter(seen_run__gte=run.pk).exists()


def _fuse(
    run: IngestRun, scopes: Sequence[Scope], showings: Sequence[int], events: Sequence[int], now: datetime
) -> bool:
    """Whether, in any scope, more rows of a kind would go than a run may take on its own."""
    for scope in scopes:
        inside = Provenance.objects.filter(
            document__in=SourceDocument.objects.filter(_documents(run, [scope]))
        )
        of_showings = inside.filter(kind=Kind.SHOWING).values("row")
        if len(showings) > FUSE_ROWS:
            future = _future_showings(run, now).filter(id__in=of_showings)
            if blows_fuse(_overlap(future, showings), future.count()):
                return True
        if len(events) > FUSE_ROWS:
            coming = Showing.objects.filter(_future(now), event=OuterRef("pk"), withdrawn_at=None)
            of_events = Event.objects.filter(
                Exists(coming), id__in=inside.filter(kind=Kind.EVENT).values("row"), withdrawn_at=None
            )
            if blows_fuse(_overlap(of_events, events), of_events.count()):
                return True
    return False


def _overlap(rows: QuerySet[Showing] | QuerySet[Event], ids: Sequence[int]) -> int:
    return sum(rows.filter(id__in=part).count() for part in chunks(ids))


def apply(run: IngestRun, verdict: Verdict, lease: leases.Lease, now: datetime) -> None:
    """Withdraw the rows of *verdict* and mark the vanished documents gone, some rows a transaction."""
    for model, ids in ((Showing, verdict.showings), (Event, verdict.events)):
        for part in chunks(ids):
            with leases.writing(lease):
                model.objects.filter(id__in=part, withdrawn_at=None).update(withdrawn_at=now)
    settle(run, lease, now)


def settle(run: IngestRun, lease: leases.Lease, now: datetime) -> None:
    """Mark the documents gone that a whole reading no longer held."""
    unreadable = {tuple(pair) for pair in run.unreadable}
    scopes = [(kind, scope) for kind, scope in run.complete if (kind, scope) not in unreadable]
    gone = list(_vanished(run, scopes).values_list("id", flat=True))
    for part in chunks(gone):
        with leases.writing(lease):
            SourceDocument.objects.filter(id__in=part).update(gone_at=now)


def names(verdict: Verdict) -> list[dict[str, str | int]]:
    """The first rows that would go, for the operator: kind, id, title, start."""
    listed: list[dict[str, str | int]] = []
    showings = Showing.objects.filter(id__in=verdict.showings[:NAMED]).select_related("event")
    for showing in showings.order_by("starts_at"):
        title = str(showing.event) if showing.external_id == str(showing) else str(showing)
        listed.append(
            {"kind": "showing", "id": showing.pk, "title": title, "starts_at": showing.starts_at.isoformat()}
        )
    for event in Event.objects.filter(id__in=verdict.events[:NAMED]):
        listed.append({"kind": "event", "id": event.pk, "title": str(event)})
    return listed[:NAMED]


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """*ids* in pieces that one statement and one short transaction can take."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
