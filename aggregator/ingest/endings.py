"""How a run begins, waits and ends, and what that means for its source."""

import random
from datetime import datetime
from typing import Any

from aggregator.ingest import inbox, leases, notices, withdrawal
from aggregator.ingest.decide import backoff, too_many_rejected
from aggregator.models import FeedCursor, IngestRun, Rejection, Source
from aggregator.vocabulary import Mode, RunState, SourceState

# Beginnings without a single commit in between, after which a run is given up.
ATTEMPTS = 20
# Failures of one mode in a row after which a source is paused.
FAILURES = 10

# Reasons that no waiting mends: the operator has to act.
_FOR_THE_OPERATOR = frozenset({"unauthorised", "forbidden", "not_acceptable", "bad_url", "private_address"})

# Why a run yields that upstream has no part in: these beginnings count as attempts.
_OUR_OWN = frozenset({"", "time_limit", "database_busy"})

# What a good run of a mode makes up for.
_MAKES_UP_FOR = {
    Mode.FULL: (Mode.FULL, Mode.CHANGES, Mode.AVAILABILITY),
    Mode.CHANGES: (Mode.CHANGES,),
    Mode.AVAILABILITY: (Mode.AVAILABILITY,),
    Mode.WANTED: (Mode.WANTED,),
}


def begin(run: IngestRun, lease: leases.Lease, binding: str, now: datetime) -> IngestRun:
    """Take up a run, for the first time or where another process left it.

    A run whose provider was configured anew in the meantime ends here: what it saw was another upstream.
    """
    run.refresh_from_db()
    if run.binding and run.binding != binding:
        run.state, run.finished_at = RunState.FAILED, now
        run.reason = "configuration_changed"
        run.message = "The provider was configured anew while the run was under way; another run starts over."
        with leases.writing(lease):
            run.save()
        return run
    run.attempts += 1
    run.binding = binding
    run.started_at = run.started_at or now
    run.state = RunState.RUNNING
    run.reason = run.message = ""
    with leases.writing(lease):
        run.save()
        Source.objects.filter(slug=run.provider).update(state=SourceState.RUNNING)
    if run.attempts > ATTEMPTS:
        message = "The run began many times and never got anywhere."
        return fail(run, lease, "too_many_attempts", message, now)
    return run


def wait(run: IngestRun, lease: leases.Lease, until: datetime, reason: str, message: str) -> IngestRun:
    """Yield: the next tick after *until* goes on where the run stands. Being put off by upstream is no lost attempt."""
    run.refresh_from_db()
    run.state, run.due_at, run.reason, run.message = RunState.WAITING, until, reason, message
    if reason not in _OUR_OWN:
        run.attempts = max(0, run.attempts - 1)
    with leases.writing(lease):
        run.save(update_fields=["state", "due_at", "reason", "message", "attempts"])
        Source.objects.filter(slug=run.provider).update(state=SourceState.IDLE)
    return run


def fail(run: IngestRun, lease: leases.Lease, reason: str, message: str, now: datetime) -> IngestRun:
    """End a run badly: what was stored stays, no cursor moves, nothing is withdrawn, the mode waits longer."""
    run.refresh_from_db()
    run.state, run.reason, run.message, run.finished_at = RunState.FAILED, reason, message, now
    run.rejected = _rejected(run)
    source = Source.objects.get(slug=run.provider)
    count = source.failing.get(run.mode, {}).get("count", 0) + 1
    until = now + backoff(count, random.random())  # noqa: S311 (jitter)
    source.failing[run.mode] = {
        "count": count,
        "until": until.isoformat(),
        "reason": reason,
        "message": message,
    }
    _speak_of_the_worst(source)
    # Every tick asks anew for what a hook announced: that alone never stops a source that is read well otherwise.
    worn_out = count >= FAILURES and run.mode != Mode.WANTED
    if reason in _FOR_THE_OPERATOR or worn_out:
        attention = reason in _FOR_THE_OPERATOR
        source.state = SourceState.NEEDS_ATTENTION if attention else SourceState.PAUSED
        source.reason, source.message = reason, message
        source.stopped_binding = run.binding
    with leases.writing(lease):
        run.save()
        source.save(update_fields=_TOLD)
        if source.state in (SourceState.NEEDS_ATTENTION, SourceState.PAUSED):
            notices.source_stopped(source, now)
    return run


_TOLD = ["failing", "failures", "reason", "message", "backoff_until", "state", "stopped_binding"]


def _speak_of_the_worst(source: Source) -> None:
    """Set what a source says of itself from the modes that fail; idle where none does."""
    worst = max(source.failing.values(), key=lambda each: int(each["count"]), default=None)
    source.state = SourceState.BACKING_OFF if worst else SourceState.IDLE
    source.failures = worst["count"] if worst else 0
    source.backoff_until = datetime.fromisoformat(worst["until"]) if worst else None
    source.reason = worst["reason"] if worst else ""
    source.message = worst["message"] if worst else ""


def _rejected(run: IngestRun) -> int:
    """How many documents this run was sent and refused, each once however often the run began anew."""
    return Rejection.objects.filter(provider=run.provider, run=run.pk).count()


def finish(
    run: IngestRun, lease: leases.Lease, now: datetime, *, withdraws_people: bool = False
) -> IngestRun:
    """End a run that read all it set out to read: settle what is absent, move the cursors."""
    run.refresh_from_db()
    run.rejected = _rejected(run)
    if too_many_rejected(run.rejected, max(run.listed, run.rejected)):
        message = f"{run.rejected} of {run.listed} documents could not be used."
        return fail(run, lease, "too_many_rejected", message, now)
    source = Source.objects.get(slug=run.provider)
    verdict = withdrawal.weigh(run, source.binding, now)
    if verdict.empty:
        return fail(run, lease, "nothing_received", "A list that held rows came back empty.", now)
    run.state, run.finished_at = RunState.HEALTHY, now
    people = withdrawal.withdraw_people(run, lease, now) if withdraws_people else 0
    if verdict.hold:
        run.state, run.reason = RunState.HELD, verdict.hold
        run.held, run.held_count = withdrawal.names(verdict), verdict.count
        run.message = f"{verdict.count} rows would be withdrawn; they wait for a person."
    else:
        withdrawal.apply(run, verdict, lease, now)
        run.withdrawn = verdict.count + people
    _settle_source(source, run, now)
    with leases.writing(lease):
        _move_cursors(run, now)
        inbox.settle(run, now)
        _clear_what_left(run)
        run.save()
        source.save(update_fields=[*_TOLD, "last_good_at", "last_full_at", "binding"])
        if verdict.hold:
            notices.run_held(run, now)
    return run


def _settle_source(source: Source, run: IngestRun, now: datetime) -> None:
    for mode in _MAKES_UP_FOR[Mode(run.mode)]:
        source.failing.pop(mode, None)
    _speak_of_the_worst(source)
    source.last_good_at = now
    if run.mode == Mode.FULL:
        source.last_full_at = now
        # Where an unreadable id kept a scope from being settled, the next run has to look again.
        if run.state == RunState.HEALTHY and not run.unreadable:
            source.binding = run.binding


def _clear_what_left(run: IngestRun) -> None:
    """Forget refused documents of whole scopes that upstream no longer lists."""
    stale = Rejection.objects.filter(provider=run.provider, last_seen_at__lt=run.started_at)
    for kind, scope in run.complete:
        stale.filter(kind=kind, scope=scope).delete()


def _move_cursors(run: IngestRun, now: datetime) -> None:
    moved: list[Any] = [
        FeedCursor(provider=run.provider, feed=feed, binding=run.binding, value=value, moved_at=now)
        for feed, value in run.cursors.items()
    ]
    if moved:
        FeedCursor.objects.bulk_create(
            moved,
            update_conflicts=True,
            unique_fields=["provider", "feed", "binding"],
            update_fields=["value", "moved_at"],
        )
