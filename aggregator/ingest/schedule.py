"""What is due, and who works at it. The database is the queue; messages only say «look now»."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from aggregator.ingest import inbox, leases, pipeline
from aggregator.models import IngestRun, Source
from aggregator.provider import Configured, Schedule
from aggregator.vocabulary import Mode, RunState, SourceState

logger = logging.getLogger(__name__)

OPEN = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)

# Why a source is paused when a person did it; nothing but a person ends that.
BY_HAND = "paused_by_hand"

_WIDEST_FIRST = (Mode.FULL, Mode.CHANGES, Mode.AVAILABILITY)

_NEVER = datetime.min.replace(tzinfo=UTC)

# Which runs count when the turn of a mode is reckoned.
_COVERS = {
    Mode.AVAILABILITY: (Mode.AVAILABILITY, Mode.FULL),
    Mode.CHANGES: (Mode.CHANGES, Mode.FULL),
    Mode.FULL: (Mode.FULL,),
}


def configured_providers() -> dict[str, Configured]:
    """Providers that have credentials, by slug."""
    return {slug: entry for slug, entry in settings.PROVIDERS.items() if entry.config is not None}


def request(slug: str, mode: Mode, now: datetime, *, full: bool = False, force: bool = False) -> IngestRun:
    """A run of *mode* that is due now: the open one if there is one, which then takes on *full* and *force*.

    One that is under way and becomes *full* begins anew; the worker that holds it finds out at its next commit.
    """
    while True:
        row = IngestRun(provider=slug, mode=mode, due_at=now, created_at=now, full=full, force=force)
        IngestRun.objects.bulk_create([row], ignore_conflicts=True)
        run = IngestRun.objects.filter(provider=slug, mode=mode, state__in=OPEN).first()
        if run is None:  # the open one ended in this very moment
            continue
        more: dict[str, Any] = {"force": True} if force and not run.force else {}
        if full and not run.full:
            more |= {"full": True, "position": {}, "complete": [], "cursors": {}}
        if not more:
            return run
        if IngestRun.objects.filter(pk=run.pk, state__in=OPEN).update(**more):
            run.refresh_from_db()
            return run


def plan(now: datetime) -> list[IngestRun]:
    """Create the runs that have come due since the last tick; gives them."""
    sources = {source.slug: source for source in Source.objects.all()}
    made = []
    for slug, entry in configured_providers().items():
        if not _may_start(sources.get(slug), entry, now):
            continue
        # The widest first: the run it makes counts for the narrower ones as well.
        for schedule in sorted(entry.provider.schedules, key=lambda each: _WIDEST_FIRST.index(each.mode)):
            open_run = IngestRun.objects.filter(provider=slug, mode=schedule.mode, state__in=OPEN)
            if _due_at(sources.get(slug), slug, schedule) <= now and not open_run.exists():
                made.append(request(slug, schedule.mode, now))
        if inbox.waiting(slug) and _rested(sources.get(slug), Mode.WANTED) <= now:
            made.append(request(slug, Mode.WANTED, now))
    return made


def _may_start(source: Source | None, entry: Configured, now: datetime) -> bool:
    if source is None:
        return True
    if source.state in (SourceState.PAUSED, SourceState.NEEDS_ATTENTION):
        assert entry.config is not None
        return bool(source.stopped_binding) and source.stopped_binding != pipeline.binding_of(entry.config)
    return True


def paused_by_hand(slug: str) -> bool:
    """Whether a person has paused *slug*: no run of it is worked at, whoever asked for it."""
    return _by_hand().filter(slug=slug).exists()


def _by_hand() -> QuerySet[Source]:
    return Source.objects.filter(state=SourceState.PAUSED, reason=BY_HAND)


def _due_at(source: Source | None, slug: str, schedule: Schedule) -> datetime:
    """When *schedule* is due: so long after the last run that counts for it, and not while its mode backs off.

    A failed run does not count, so that it is tried again as soon as it may; a wider one that failed does, so that
    an upstream in trouble is not asked by the narrower ones as well.
    """
    wider = [mode for mode in _COVERS[schedule.mode] if mode != schedule.mode]
    own = Q(mode=schedule.mode) & ~Q(state=RunState.FAILED)
    counted = IngestRun.objects.filter(own | Q(mode__in=wider), provider=slug)
    created: datetime | None = counted.aggregate(last=Max("created_at"))["last"]
    due = _NEVER if created is None else created + schedule.every
    return max(due, _rested(source, schedule.mode))


def _rested(source: Source | None, mode: Mode) -> datetime:
    """Until when *mode* backs off; long ago where it does not."""
    failing = source.failing.get(mode) if source is not None else None
    return datetime.fromisoformat(failing["until"]) if failing else _NEVER


def next_due(slug: str, now: datetime) -> datetime | None:
    """When *slug* will be asked next; now for overdue runs, None where it is stopped or has no credentials."""
    entry = configured_providers().get(slug)
    if entry is None:
        return None
    source = Source.objects.filter(slug=slug).first()
    if source is not None and source.state in (SourceState.PAUSED, SourceState.NEEDS_ATTENTION):
        return None
    waiting = IngestRun.objects.filter(provider=slug, state__in=OPEN).order_by("due_at").first()
    times = [_due_at(source, slug, schedule) for schedule in entry.provider.schedules]
    return max(min([*times, *([waiting.due_at] if waiting else [])]), now)


def due(now: datetime) -> list[str]:
    """Slugs of providers with a run that could be worked at now: due, and nobody holds the lease."""
    ready = Q(state__in=(RunState.QUEUED, RunState.WAITING), due_at__lte=now) | Q(state=RunState.RUNNING)
    busy = Source.objects.filter(lease_until__gte=now).values("slug")
    runs = IngestRun.objects.filter(ready, provider__in=configured_providers()).exclude(provider__in=busy)
    runs = runs.exclude(provider__in=_by_hand().values("slug"))
    return sorted(set(runs.values_list("provider", flat=True)))


def _pick(slug: str, now: datetime) -> IngestRun | None:
    """The run to work at: one that a dead worker left first, then by the time it was due."""
    ready = Q(state__in=(RunState.QUEUED, RunState.WAITING), due_at__lte=now) | Q(state=RunState.RUNNING)
    runs = list(IngestRun.objects.filter(ready, provider=slug))
    return min(runs, key=lambda run: (run.state != RunState.RUNNING, run.due_at, run.pk), default=None)


def work(
    slug: str,
    *,
    budget: float | None = None,
    clock: Callable[[], datetime] = timezone.now,
    only: int | None = None,
    progress: Callable[[IngestRun], None] = lambda run: None,
) -> IngestRun | None:
    """Work at one due run of *slug* under its lease; gives the run, or None where there is nothing to do here.

    *only* names the run to work at. None also where another worker holds the lease or takes it over on the way, and
    for a source that was paused by hand.
    """
    entry = configured_providers().get(slug)
    if entry is None:
        return None
    lease = leases.acquire(slug, clock())
    if lease is None:
        return None
    try:
        if paused_by_hand(slug):  # asked under the lease: pausing takes the lease of whoever holds it
            return None
        run = IngestRun.objects.filter(pk=only).first() if only else _pick(slug, clock())
        if run is None or run.state not in OPEN:
            return None
        return pipeline.drive(run, lease, entry, budget=budget, clock=clock, progress=progress)
    except leases.LeaseLost:
        logger.warning("%s: another worker took over; this one writes nothing more", slug)
        return None
    finally:
        leases.release(lease)
