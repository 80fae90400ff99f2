"""One run of one provider, from where it stands to where its budget or the upstream ends it.

    visit → fetch │ batches → window → intake (recognise, map, commit) │ … → withdrawal → end

Does not decide when a run begins (``schedule``), what its end means (``endings``), what a record calls for
(``decide``) or who may write (``leases``). It holds no state of its own: whatever another process needs to go on is
in the run's row.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.utils import timezone

from aggregator.http import FetchError, HttpClient, RetryLater
from aggregator.ingest import allowance, documents, endings, inbox, leases, replay, withdrawal
from aggregator.ingest.intake import AskedAnew, Intake, Origin
from aggregator.models import FeedCursor, IngestRun, Provenance, Showing, SourceDocument
from aggregator.provider import Batch, Configured, ProviderConfig
from aggregator.vocabulary import Kind, Mode, RunState

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# A window is compared with the store in one query and committed together.
WINDOW_DOCUMENTS = 500
WINDOW_SECONDS = 2.0
# After a deadlock, a lock that was waited for in vain or a lost connection.
DATABASE_PAUSE_SECONDS = 10


@dataclass
class RunVisit:
    """The ``Visit`` that a provider's fetch gets; see ``aggregator.provider``."""

    http: HttpClient
    config: Any
    mode: Mode
    now: datetime
    position: Mapping[str, Any]
    provider: str
    run: int
    binding: str
    fresh: bool
    wanted: Sequence[tuple[str, str]] = ()
    clock: Clock = timezone.now

    def spend(self, limit: int, seconds: int) -> None:
        """Take one request from the provider's allowance; raises ``RetryLater`` where none is left."""
        allowance.spend(self.provider, limit, seconds, self.clock())

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
        """Keys of live documents with a showing that is not over and begins before *until*, in order of beginning."""
        showings = Showing.objects.filter(
            withdrawal.not_over(self.now), provider=self.provider, starts_at__lte=until, withdrawn_at=None
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

    def unseen(self, kind: str, scope: str) -> Sequence[str]:
        """Keys of live documents of a scope that this run has not committed as seen, oldest first."""
        live = SourceDocument.objects.filter(provider=self.provider, kind=kind, scope=scope, gone_at=None)
        return list(live.filter(seen_run__lt=self.run).order_by("pk").values_list("key", flat=True))


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
    run = endings.begin(run, lease, binding_of(configured.config), clock())
    if run.state == RunState.FAILED:
        return run
    worker = _Worker(run, lease, configured, configured.config, clock, progress)
    try:
        if worker.work(budget) and not worker.is_asked_anew():
            people = configured.provider.withdraws_people
            return endings.finish(run, lease, clock(), withdraws_people=people)
        return endings.wait(run, lease, clock(), "", "")
    except RetryLater as error:
        return endings.wait(run, lease, max(error.retry_at, clock()), error.reason, str(error))
    except FetchError as error:
        return endings.fail(run, lease, error.reason, str(error), clock())
    except AskedAnew:
        return endings.wait(run, lease, clock(), "", "")
    except leases.LeaseLost:
        raise
    except SoftTimeLimitExceeded:  # nobody's fault: what is not committed is read again
        return endings.wait(
            run, lease, clock(), "time_limit", "The task was interrupted; the next one goes on."
        )
    except (OperationalError, InterfaceError):  # the database's trouble says nothing of upstream
        logger.warning("%s: the database put run %s off", run.provider, run.pk, exc_info=True)
        later = clock() + timedelta(seconds=DATABASE_PAUSE_SECONDS)
        return endings.wait(
            run, lease, later, "database_busy", "The database did not take a write; the run goes on."
        )
    except Exception as error:
        logger.exception("%s: run %s failed", run.provider, run.pk)
        return endings.fail(run, lease, "internal_error", type(error).__name__, clock())


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
    renewed: float = field(default_factory=time.monotonic)

    def work(self, budget: float | None) -> bool:
        """Fetch and store; False where the budget ended before upstream did."""
        deadline = None if budget is None else time.monotonic() + budget
        if not self.catch_up(deadline):
            return False
        wanted: Sequence[tuple[str, str]] = ()
        if self.run.mode == Mode.WANTED:
            wanted = inbox.claim(self.run, self.lease, self.clock())
            if not wanted:
                return True
        intake = self.intake()
        began_at = self.run.position
        window = _Window()
        try:
            for batch in _timed(self.configured.provider.fetch(self.visit(wanted)), intake):
                window.add(batch)
                if window.is_full():
                    full, window = window, _Window()
                    self.settle(full, intake)
                    # Whoever yields where he began would begin there for ever.
                    if _is_past(deadline) and self.run.position != began_at:
                        return False
        except FetchError:  # what came before the fault is good and is kept
            self.settle(window, intake)
            raise
        self.settle(window, intake)
        return True

    def is_asked_anew(self) -> bool:
        """Whether somebody wants a run that used cursors and validators to read everything after all."""
        return not self.run.full and IngestRun.objects.filter(pk=self.run.pk, full=True).exists()

    def intake(self) -> Intake:
        """The way in for what upstream sends."""
        provider, secrets = self.configured.provider, secret_values(self.config)
        mark = documents.newest_run(self.run.provider)
        return Intake(
            provider,
            self.config,
            self.lease,
            self.run.pk,
            self.clock,
            secrets,
            mark=mark,
            fresh=self.run.full,
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
            run=self.run.pk,
            binding=self.run.binding,
            fresh=self.run.full,
            wanted=wanted,
            clock=self.clock,
        )

    def count_request(self) -> None:
        """Called before every request; the count is stored with the next commit, the sign of life at once.

        Upstream may take longer over what makes one commit than a lease holds. Raises ``LeaseLost``.
        """
        self.requests += 1
        if time.monotonic() - self.renewed > leases.lease_time().total_seconds() / 4:
            leases.renew(self.lease, timezone.now())
            self.renewed = time.monotonic()

    def catch_up(self, deadline: float | None) -> bool:
        """Map stored documents again whose rows an older mapping wrote; needs no request and is no part of the run."""
        version = self.configured.provider.mapping_version
        for _ in _mapped_again(self.configured, self.config, self.lease, self.clock, stale_for=version):
            if _is_past(deadline):
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
            self.run.complete = _joined(self.run.complete, batch.complete)
            nameless = [(refusal.kind, refusal.scope) for refusal in batch.refused if refusal.key is None]
            self.run.unreadable = _joined(self.run.unreadable, nameless)
            self.run.expected = max(self.run.expected, batch.expected)
        self.run.requests, self.requests = self.run.requests + self.requests, 0
        inbox.forget_beside(self.run.provider, self.lease, self.clock())
        intake.flush(
            position=self.run.position,
            cursors=self.run.cursors,
            complete=self.run.complete,
            unreadable=self.run.unreadable,
            expected=self.run.expected,
            requests=self.run.requests,
        )
        self.progress(self.run)


def _is_past(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() > deadline


def _joined(known: list[list[str]], more: Iterable[tuple[str, str]]) -> list[list[str]]:
    """*known* pairs with *more* of them, each once."""
    return [list(pair) for pair in dict.fromkeys((*map(tuple, known), *more))]


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


def remap(
    configured: Configured,
    lease: leases.Lease,
    *,
    clock: Clock = timezone.now,
) -> int:
    """Map every stored document again, without a request; gives how many there were. Withdraws nothing.

    Documents in quarantine are tried again as well.
    """
    config = configured.settings
    count = sum(_mapped_again(configured, config, lease, clock))
    replay.replay(configured, lease, Q(provider=configured.provider.slug), clock=clock)
    return count


def _mapped_again(
    configured: Configured,
    config: ProviderConfig,
    lease: leases.Lease,
    clock: Clock,
    stale_for: int | None = None,
) -> Iterator[int]:
    """Map stored documents again, a chunk at a time; yields how many were in each."""
    provider = configured.provider
    intake = Intake(provider, config, lease, 0, clock, secret_values(config), origin=Origin.STORE)
    for chunk in documents.stored(provider.slug, stale_for=stale_for):
        intake.take([documents.restored(row) for row in chunk])
        intake.flush()
        yield len(chunk)
