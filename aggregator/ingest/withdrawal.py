"""What upstream no longer lists: found after a whole and healthy reading, and held back when it is too much.

A document has vanished when its scope was read whole by a run and the run did not see it. A row is going when no
document that is still there speaks of it. Only showings that end in the future are withdrawn, and events none of
whose showings is left; what is past stays, with its event. An unreadable id forbids withdrawal in its scope.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from aggregator import changes
from aggregator.changes.hiding import record_referrers
from aggregator.ingest import leases
from aggregator.ingest.decide import FUSE_ROWS, NOBODY, blows_fuse
from aggregator.ingest.shapes import SHAPES, rows_of
from aggregator.models import Event, IngestRun, Person, Provenance, Showing, SourceDocument
from aggregator.search import writing
from aggregator.vocabulary import ChangeAction, Kind, Precision

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
    scopes = _readable(run)
    showings = sorted(_going(run, scopes, now))
    events = _events_left_empty(run, scopes, showings)
    verdict = Verdict(showings, events)
    empty = any(_came_back_empty(run, (kind, scope)) for kind, scope in run.complete)
    # A person may say that a list is over; an outage must not take what is still to come.
    if empty and (verdict.count or not run.force):
        return replace(verdict, empty=True)
    if run.force or not verdict.count:
        return verdict
    if settled_binding and run.binding != settled_binding:
        return replace(verdict, hold="scope_changed")
    if _fuse(run, scopes, showings, events, now):
        return replace(verdict, hold="too_many_withdrawn")
    return verdict


def _readable(run: IngestRun) -> list[Scope]:
    """The scopes that *run* read whole and in which every id was readable."""
    unreadable = {tuple(pair) for pair in run.unreadable}
    return [(kind, scope) for kind, scope in run.complete if (kind, scope) not in unreadable]


def _documents(run: IngestRun, scopes: Iterable[Scope]) -> Q:
    condition = Q(pk__in=())
    for kind, scope in scopes:
        condition |= Q(provider=run.provider, kind=kind, scope=scope)
    return condition


def _vanished(run: IngestRun, scopes: Iterable[Scope]) -> QuerySet[SourceDocument]:
    return SourceDocument.objects.filter(_documents(run, scopes), gone_at=None, seen_run__lt=run.pk)


def not_over(now: datetime) -> Q:
    """Showings that are not over. Whole days are compared as UTC dates: late in the day means not yet withdrawn."""
    exact = Q(precision=Precision.EXACT)
    return exact & (Q(ends_at__gte=now) | Q(ends_at=None, starts_at__gte=now)) | ~exact & Q(
        local_end_date__gte=now.date()
    )


def _future_showings(run: IngestRun, now: datetime) -> QuerySet[Showing]:
    return Showing.objects.filter(not_over(now), provider=run.provider, withdrawn_at=None)


def _absent(run: IngestRun, scopes: Sequence[Scope]) -> QuerySet[SourceDocument]:
    """Documents of *scopes* that are gone, or that this run did not see."""
    inside = SourceDocument.objects.filter(_documents(run, scopes))
    return inside.filter(Q(gone_at__isnull=False) | Q(seen_run__lt=run.pk))


def _going(run: IngestRun, scopes: Sequence[Scope], now: datetime) -> set[int]:
    """Ids of future showings that no live document of any scope speaks of any more.

    Documents that were marked gone before count too: a process may have died between marking them and their rows.
    """
    absent = _absent(run, scopes).values("id")
    told = Provenance.objects.filter(kind=Kind.SHOWING)
    dropped = told.filter(current=False, document__in=SourceDocument.objects.filter(_documents(run, scopes)))
    candidates = told.filter(document__in=absent).values("row").union(dropped.values("row"))
    going = (
        _future_showings(run, now)
        .filter(id__in=candidates)
        .exclude(Exists(_alive(run, scopes, Kind.SHOWING)))
    )
    return set(going.values_list("id", flat=True))


def _alive(run: IngestRun, scopes: Sequence[Scope], kind: Kind) -> QuerySet[Provenance]:
    """Ties of the outer query's row to documents that are still there and still speak of it."""
    vanished = _vanished(run, scopes).values("id")
    tied = Provenance.objects.filter(kind=kind, row=OuterRef("pk"), current=True, document__gone_at=None)
    return tied.exclude(document__in=vanished)


def _events_left_empty(run: IngestRun, scopes: Sequence[Scope], showings: Sequence[int]) -> list[int]:
    """Events all of whose showings are going or gone, and events without any showing whose documents are absent."""
    going: Counter[int] = Counter()
    for ids in chunks(showings):
        going.update(Showing.objects.filter(id__in=ids).values_list("event_id", flat=True))
    left: Counter[int] = Counter()
    for ids in chunks(sorted(going)):
        left.update(
            Showing.objects.filter(event_id__in=ids, withdrawn_at=None).values_list("event_id", flat=True)
        )
    emptied = {event for event in going if left[event] == going[event]}
    listed = Event.objects.filter(provider=run.provider, withdrawn_at=None)
    its_showings = Showing.objects.filter(event=OuterRef("pk"))
    # A process may have died between an event's last showing and the event.
    overlooked = listed.filter(Exists(its_showings)).exclude(Exists(its_showings.filter(withdrawn_at=None)))
    told = Provenance.objects.filter(kind=Kind.EVENT, document__in=_absent(run, scopes).values("id"))
    bare = listed.filter(id__in=told.values("row")).exclude(Exists(its_showings))
    bare = bare.exclude(Exists(_alive(run, scopes, Kind.EVENT)))
    return sorted({*emptied, *overlooked.values_list("id", flat=True), *bare.values_list("id", flat=True)})


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
            coming = Showing.objects.filter(not_over(now), event=OuterRef("pk"), withdrawn_at=None)
            of_events = Event.objects.filter(
                Exists(coming), id__in=inside.filter(kind=Kind.EVENT).values("row"), withdrawn_at=None
            )
            if blows_fuse(_overlap(of_events, events), of_events.count()):
                return True
    return False


def _overlap(rows: QuerySet[Showing] | QuerySet[Event], ids: Sequence[int]) -> int:
    return sum(rows.filter(id__in=part).count() for part in chunks(ids))


def apply(run: IngestRun, verdict: Verdict, lease: leases.Lease, now: datetime) -> None:
    """Mark the vanished documents gone, then withdraw the rows of *verdict*, some a transaction.

    In this order a process may die at any point: a document that is gone is mapped anew when upstream lists it again,
    and the next whole reading withdraws the rows that are left over.
    """
    gone = list(_vanished(run, _readable(run)).values_list("id", flat=True))
    for part in chunks(gone):
        with leases.writing(lease):
            SourceDocument.objects.filter(id__in=part).update(gone_at=now)
            _free_their_rows(part)
    for kind, ids in ((Kind.SHOWING, verdict.showings), (Kind.EVENT, verdict.events)):
        for part in chunks(ids):
            with leases.writing(lease):
                _withdraw(kind, part, now)


def withdraw_people(run: IngestRun, lease: leases.Lease, now: datetime) -> int:
    """Withdraw people of whom no document is left after *run*; gives how many. They come back with a document."""
    scopes = _readable(run)
    told = Provenance.objects.filter(kind=Kind.PERSON, document__in=_absent(run, scopes).values("id"))
    people = Person.objects.filter(provider=run.provider, withdrawn_at=None, id__in=told.values("row"))
    ids = list(people.exclude(Exists(_alive(run, scopes, Kind.PERSON))).values_list("id", flat=True))
    for part in chunks(ids):
        with leases.writing(lease):
            _withdraw(Kind.PERSON, part, now)
    return len(ids)


def _withdraw(kind: Kind, ids: Sequence[int], now: datetime) -> None:
    changes.record(kind, ids, ChangeAction.WITHDRAWN, now)
    if kind is Kind.PERSON:
        record_referrers(kind, ids, now)
    rows_of(kind).filter(id__in=ids, withdrawn_at=None).update(withdrawn_at=now)
    writing.shown_or_hidden(kind, ids)


def _free_their_rows(gone: Sequence[int]) -> None:
    """Let the next document that mentions a row speak for it, where the one that did is gone."""
    for shape in SHAPES:
        if shape.kind not in (Kind.EVENT, Kind.SHOWING):
            told = Provenance.objects.filter(kind=shape.kind, document__in=gone).values("row")
            spoken_for = rows_of(shape.kind).filter(id__in=told).exclude(authority="")
            spoken_for.update(authority=NOBODY)


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
