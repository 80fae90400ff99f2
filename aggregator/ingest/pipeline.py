"""One run of one provider, from where it stands to where its budget or the upstream ends it.

    visit → fetch │ batches → window → intake (recognise, map, commit) │ … → withdrawal → end

Decides how a run ends; does not decide when it begins (``schedule``), what a record calls for (``decide``) or who
may write (``leases``). It holds no state of its own: whatever another process needs to go on is in the run's row.
"""

import hashlib
import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from aggregator.http import FetchError, HttpClient, RetryLater
from aggregator.ingest import allowance, documents, inbox, leases, notices, replay, withdrawal
from aggregator.ingest.decide import backoff, too_many_rejected
from aggregator.ingest.intake import Intake
from aggregator.models import FeedCursor, IngestRun, Provenance, Showing, Source, SourceDocument
from aggregator.provider import Batch, Configured, ProviderConfig
from aggregator.vocabulary import Kind, Mode, RunState, SourceState

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# A window is compared with the store in one query and committed together.
WINDOW_DOCUMENTS = 500
WINDOW_SECONDS = 2.0
# Beginnings without a single commit in between, after which a run is given up.
ATTEMPTS = 20
# Failures in a row after which a source is paused.
FAILURES = 10

# Reasons that no waiting mends: the operator has to act.
_FOR_THE_OPERATOR = frozenset({"unauthorised", "forbidden", "not_acceptable", "bad_url", "private_address"})


@dataclass
class RunVisit:
    """The ``Visit`` that a provider's fetch gets; see ``aggregator.provider``."""

    http: HttpClient
    config: Any
    mode: Mode
    now: datetime
    position: Mapping[str, Any]
    provider: str
    binding: str
    fresh: bool
    wanted: Sequence[tuple[str, str]] = ()

    def spend(self, limit: int, seconds: int) -> None:
        """Take one request from the provider's allowance; raises ``RetryLater`` where none is left."""
        allowance.spend(self.provider, limit, seconds, timezone.now())

    def cursor(self, feed: str) -> str | None:
        """Where *feed* left off; None at first, and in a run without cursors."""
        if self.fresh:
            return None
        rows = FeedCursor.objects.filter(provider=self.provider, feed=feed, binding=self.binding)
        return rows.values_list("value", flat=True).first()

    def validators(self, kind: str, keys: Iterable[str]) -> Mapping[str, str]:
        """Validators of live documents among *keys*; empty in a run without ETags."""
        if self.fresh:
            return {}
        rows = SourceDocument.objects.filter(
            provider=self.provider, kind=kind, key__in=list(keys), gone_at=None
        )
        return dict(rows.exclude(validator="").values_list("key", "validator"))

    def soon(self, kind: str, until: datetime) -> Sequence[str]:
        """Keys of live documents with a showing between now and *until*, soonest first."""
        showings = Showing.objects.filter(
            provider=self.provider, starts_at__gte=self.now, starts_at__lte=until, withdrawn_at=None
        )
        ties = Provenance.objects.filter(
            kind=Kind.SHOWING,
            current=True,
            document__kind=kind,
            document__gone_at=None,
            row__in=showings.values("id"),
        )
        keys = dict(ties.values_list("row", "document__key"))
        ordered = showings.order_by("starts_at", "id").values_list("id", flat=True)
        return list(dict.fromkeys(keys[row] for row in ordered if row in keys))


@dataclass
class _Window:
    """Batches that are compared and committed together."""

    opened: float = 0.0
    batches: list[Batch] = field(default_factory=list)
    size: int = 0

    def add(self, batch: Batch) -> None:
        if not self.batches:
            self.opened = time.monotonic()
        self.batches.append(batch)
        self.size += len(batch.documents) + len(batch.seen) + 1

    def is_full(self) -> bool:
        return self.size >= WINDOW_DOCUMENTS or time.monotonic() - self.opened >= WINDOW_SECONDS


def binding_of(config: ProviderConfig) -> str:
    """32 hex digits for base URL, account and criteria: what cursors and absence are bound to."""
    content = "\0".join((*config.origins(), config.binding()))
    return hashlib.blake2b(content.encode(), digest_size=16, key=b"marquee binding").hexdigest()


def drive(
    run: IngestRun,
    lease: leases.Lease,
    configured: Configured,
    *,
    budget: float | None = None,
    clock: Clock = timezone.now,
    progress: Callable[[IngestRun], None] = lambda run: None,
) -> IngestRun:
    """Work at *run* until it ends or *budget* seconds are spent; gives the run as it then stands.

    Raises ``LeaseLost`` when another worker took over, having written nothing since. Never raises for anything
    that upstream did: that is the run's ``reason``. *progress* is called after each commit.
    """
    if configured.config is None:
        raise ValueError(f"{configured.provider.slug} has no credentials")
    run = _begin(run, lease, binding_of(configured.config), clock())
    if run.state == RunState.FAILED:
        return run
    worker = _Worker(run, lease, configured, configured.config, clock, progress)
    try:
        finished = worker.work(budget)
    except RetryLater as error:
        return _wait(run, lease, max(error.retry_at, clock()), error.reason, str(error))
    except FetchError as error:
        return _fail(run, lease, error.reason, str(error), clock(), error.reason in _FOR_THE_OPERATOR)
    except leases.LeaseLost:
        raise
    except Exception as error:
        logger.exception("%s: run %s failed", run.provider, run.pk)
        return _fail(run, lease, "internal_error", type(error).__name__, clock(), False)
    if not finished:
        return _wait(run, lease, clock(), "", "")
    return _finish(run, lease, clock())


def _begin(run: IngestRun, lease: leases.Lease, binding: str, now: datetime) -> IngestRun:
    run.refresh_from_db()
    run.attempts += 1
    if run.binding and run.binding != binding:
        run.position, run.complete, run.cursors = {}, [], {}
    run.binding = binding
    run.started_at = run.started_at or now
    run.state = RunState.RUNNING
    run.reason = run.message = ""
    with leases.writing(lease):
        run.save()
        Source.objects.filter(slug=run.provider).update(state=SourceState.RUNNING)
    if run.attempts > ATTEMPTS:
        return _fail(
            run, lease, "too_many_attempts", "The run began many times and never got anywhere.", now, False
        )
    return run


@dataclass
class _Worker:
    """One attempt at a run."""

    run: IngestRun
    lease: leases.Lease
    configured: Configured
    config: ProviderConfig
    clock: Clock
    progress: Callable[[IngestRun], None]
    requests: int = 0

    def work(self, budget: float | None) -> bool:
        """Fetch and store; False where the budget ended before upstream did."""
        intake = self.intake()
        deadline = None if budget is None else time.monotonic() + budget
        if not self.catch_up(intake, deadline):
            return False
        wanted: Sequence[tuple[str, str]] = ()
        if self.run.mode == Mode.WANTED:
            wanted = inbox.claim(self.run, self.lease, self.clock())
            if not wanted:
                return True
        window = _Window()
        try:
            for batch in _timed(self.configured.provider.fetch(self.visit(wanted)), intake):
                window.add(batch)
                if window.is_full():
                    full, window = window, _Window()
                    self.settle(full, intake)
                    if deadline is not None and time.monotonic() > deadline:
                        return False
        except FetchError:  # what came before the fault is good and is kept
            self.settle(window, intake)
            raise
        self.settle(window, intake)
        return True

    def intake(self, *, remap: bool = False) -> Intake:
        """The one way in, for fetched documents or, with *remap*, for stored ones."""
        secrets = secret_values(self.config)
        return Intake(
            self.configured.provider, self.config, self.lease, self.run.pk, self.clock, secrets, remap=remap
        )

    def visit(self, wanted: Sequence[tuple[str, str]] = ()) -> RunVisit:
        provider = self.configured.provider
        client = HttpClient(
            allowed_origins=self.config.origins(), limits=provider.limits, on_request=self.count_request
        )
        return RunVisit(
            http=client,
            config=self.config,
            mode=Mode(self.run.mode),
            now=self.clock(),
            position=self.run.position,
            provider=self.run.provider,
            binding=self.run.binding,
            fresh=self.run.full,
            wanted=wanted,
        )

    def count_request(self) -> None:
        """Called before every request; the count is stored with the next commit."""
        self.requests += 1

    def catch_up(self, intake: Intake, deadline: float | None) -> bool:
        """Map stored documents again whose rows an older mapping wrote; needs no request."""
        remap = self.intake(remap=True)
        version = self.configured.provider.mapping_version
        for chunk in documents.stored(self.run.provider, stale_for=version):
            remap.take([documents.restored(row) for row in chunk])
            remap.flush()
            if deadline is not None and time.monotonic() > deadline:
                return False
        return True

    def settle(self, window: _Window, intake: Intake) -> None:
        """Commit a window and, with its last transaction, where the run stands."""
        if not window.batches:
            return
        for batch in window.batches:
            intake.take(batch.documents, batch.seen, batch.refused)
            intake.forget(batch.forgotten)
            self.run.position = dict(batch.position)
            self.run.cursors = {**self.run.cursors, **batch.cursors}
            self.run.complete += [list(pair) for pair in batch.complete]
            self.run.unreadable += [[r.kind, r.scope] for r in batch.refused if r.key is None]
            self.run.expected = max(self.run.expected, batch.expected)
        self.run.requests, self.requests = self.run.requests + self.requests, 0
        intake.flush(
            position=self.run.position,
            cursors=self.run.cursors,
            complete=self.run.complete,
            unreadable=self.run.unreadable,
            expected=self.run.expected,
            requests=self.run.requests,
        )
        self.progress(self.run)


def _timed(batches: Iterator[Batch], intake: Intake) -> Iterator[Batch]:
    """The batches, with the time spent waiting for each added to the intake's account."""
    while True:
        started = time.perf_counter()
        batch = next(batches, None)
        intake.seconds["fetch"] += time.perf_counter() - started
        if batch is None:
            return
        yield batch


def secret_values(config: ProviderConfig) -> tuple[bytes, ...]:
    """The configured secrets as bytes, for scrubbing."""
    values = (getattr(config, name) for name in config.secrets)
    plain = (value.get_secret_value() if hasattr(value, "get_secret_value") else value for value in values)
    return tuple(str(value).encode() for value in plain if value and len(str(value)) >= 6)


def _wait(run: IngestRun, lease: leases.Lease, until: datetime, reason: str, message: str) -> IngestRun:
    """Yield: the next tick after *until* goes on where the run stands."""
    run.refresh_from_db()
    run.state, run.due_at, run.reason, run.message = RunState.WAITING, until, reason, message
    with leases.writing(lease):
        run.save(update_fields=["state", "due_at", "reason", "message"])
        Source.objects.filter(slug=run.provider).update(state=SourceState.IDLE)
    return run


def _fail(
    run: IngestRun, lease: leases.Lease, reason: str, message: str, now: datetime, for_operator: bool
) -> IngestRun:
    """End a run badly: what was stored stays, no cursor moves, nothing is withdrawn, the source waits longer."""
    run.refresh_from_db()
    run.state, run.reason, run.message, run.finished_at = RunState.FAILED, reason, message, now
    source = Source.objects.get(slug=run.provider)
    source.failures += 1
    source.reason, source.message = reason, message
    source.backoff_until = now + backoff(source.failures, random.random())  # noqa: S311 (jitter)
    source.state = SourceState.BACKING_OFF
    if for_operator:
        source.state, source.stopped_binding = SourceState.NEEDS_ATTENTION, run.binding
    elif source.failures >= FAILURES:
        source.state, source.stopped_binding = SourceState.PAUSED, run.binding
    with leases.writing(lease):
        run.save()
        source.save(
            update_fields=["failures", "reason", "message", "backoff_until", "state", "stopped_binding"]
        )
    if source.state in (SourceState.NEEDS_ATTENTION, SourceState.PAUSED):
        notices.source_stopped(source, now)
    return run


def _finish(run: IngestRun, lease: leases.Lease, now: datetime) -> IngestRun:
    """End a run that read all it set out to read: settle what is absent, move the cursors."""
    run.refresh_from_db()
    if too_many_rejected(run.rejected, run.listed + len(run.unreadable)):
        message = f"{run.rejected} of {run.listed} documents could not be used."
        return _fail(run, lease, "too_many_rejected", message, now, False)
    source = Source.objects.get(slug=run.provider)
    verdict = withdrawal.weigh(run, source.binding, now)
    if verdict.empty:
        return _fail(run, lease, "nothing_received", "A list that held rows came back empty.", now, False)
    run.state, run.finished_at = RunState.HEALTHY, now
    if verdict.hold:
        run.state, run.reason = RunState.HELD, verdict.hold
        run.held, run.held_count = withdrawal.names(verdict), verdict.count
        run.message = f"{verdict.count} rows would be withdrawn; they wait for a person."
    else:
        withdrawal.apply(run, verdict, lease, now)
        run.withdrawn = verdict.count
    with leases.writing(lease):
        _move_cursors(run, now)
        inbox.settle(run, now)
        run.save()
        Source.objects.filter(slug=run.provider).update(**_good(run, now))
    if verdict.hold:
        notices.run_held(run, now)
    return run


def _good(run: IngestRun, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": SourceState.IDLE,
        "reason": "",
        "message": "",
        "failures": 0,
        "backoff_until": None,
        "last_good_at": now,
    }
    if run.mode == Mode.FULL:
        values["last_full_at"] = now
        if run.state == RunState.HEALTHY:
            values["binding"] = run.binding
    return values


def _move_cursors(run: IngestRun, now: datetime) -> None:
    rows = [
        FeedCursor(provider=run.provider, feed=feed, binding=run.binding, value=value, moved_at=now)
        for feed, value in run.cursors.items()
    ]
    if rows:
        FeedCursor.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["provider", "feed", "binding"],
            update_fields=["value", "moved_at"],
        )


def remap(
    configured: Configured,
    lease: leases.Lease,
    *,
    clock: Clock = timezone.now,
    run: IngestRun | None = None,
) -> int:
    """Map every stored document again, without a request; gives how many there were. Withdraws nothing.

    Documents in quarantine are tried again as well.
    """
    provider, config = configured.provider, configured.config or configured.provider.config()
    intake = Intake(provider, config, lease, run.pk if run else 0, clock, (), remap=True)
    count = 0
    for chunk in documents.stored(provider.slug):
        intake.take([documents.restored(row) for row in chunk])
        intake.flush()
        count += len(chunk)
    replay.replay(configured, lease, Q(provider=provider.slug), clock=clock)
    return count
