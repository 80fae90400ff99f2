"""Making the calls that wait in the outbox: in order per showing, each noted before it is made.

A call is noted as sent in a transaction of its own, made with none open, and settled in another. Whatever happens in
between, the note stays, and the call may be made again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.http import FetchError, RetryLater
from planner import leases, outbox, plan
from planner.leases import Lease
from planner.merge import after
from planner.models import Entry, Link, OutboxRow
from planner.pull import Pull
from planner.tokens import NoToken, Tokens
from planner.upstream.calls import Calls, Word
from planner.vocabulary import Step

logger = logging.getLogger(__name__)

REFUSED = "refused"
#: Answers without a meaning, one after the other, after which the festival itself is taken to fail.
MOST_FAILURES = 3


@dataclass
class Push:
    """Rounds of calls for one person, until *is_over* at the latest.

    *renewed*: the token was refreshed because of an error once already.
    """

    lease: Lease
    user: int
    calls: Calls
    tokens: Tokens
    pull: Pull
    now: Callable[[], datetime]
    is_over: Callable[[], bool] = lambda: False
    renewed: bool = False
    blocked: set[int] = field(default_factory=set)

    def everything(self) -> int:
        """Make every call that is due; gives how many were settled. Raises ``FetchError``, ``NoToken``, ``LeaseLost``.

        What the festival refuses, or answers with something else than its words, waits for its next turn and holds up
        nothing but its own showing. Where no answer comes, or none that means anything several times on end, it is the
        festival that fails, and the rest waits as well.
        """
        settled = failed = 0
        while (row := self._next()) is not None:
            if settled and self.is_over():
                break
            try:
                done = self._make(row)
            except FetchError as error:
                failed += 1
                if isinstance(error, RetryLater) or error.status is None or failed >= MOST_FAILURES:
                    raise
                self.blocked.add(row.entry_id)
                continue
            failed = 0
            if done:
                settled += 1
            else:
                self.blocked.add(row.entry_id)
        return settled

    def _next(self) -> OutboxRow | None:
        """The first call of the entry that waits longest, if it is due; what failed before comes last."""
        while True:
            rows = OutboxRow.objects.filter(entry__user=self.user).exclude(entry__in=self.blocked)
            due = rows.filter(due_at__lte=self.now())
            first = due.order_by("attempts", "created_at", "entry", "position").first()
            if first is None or not rows.filter(entry=first.entry_id, position__lt=first.position).exists():
                return first
            self.blocked.add(first.entry_id)

    def _make(self, row: OutboxRow) -> bool:
        """One call from note to settlement; whether it is settled."""
        step = Step(row.step)
        before = self._note(row, step)
        if before is None:
            return False
        entry, sent = before
        try:
            word = self._called(step, entry.external_id)
        except FetchError as error:
            self._postpone(row, error.reason, None if error.sent else sent, error)
            raise
        except NoToken as error:
            self._postpone(row, error.reason, sent)
            raise
        if word is not Word.ERROR:
            return self._settle(row, step, certain=word is Word.SUCCESS)
        return self._refused(row, step, entry, sent)

    def _called(self, step: Step, event: str) -> Word:
        """The festival's word. An error may mean a dead token: then once in a round with a fresh one."""
        token = self.tokens.access()
        word = self.calls.alter(step, event, token)
        if word is not Word.ERROR or self.renewed:
            return word
        self.renewed = True
        return self.calls.alter(step, event, self.tokens.access(rejected=token))

    def _note(self, row: OutboxRow, step: Step) -> tuple[Entry, list[str]] | None:
        """Durable before the call: that it is made, and what it may bring about. None where an edit overtook it."""
        with leases.writing(self.lease, self.now()):
            entry = Entry.objects.filter(pk=row.entry_id).first()
            if entry is None:
                return None
            sent = list(entry.sent)
            could = {after(step, side) for side in outbox.possible(entry)}
            entry.sent = sorted(set(sent) | {str(side) for side in could})
            if not plan.save(entry):
                return None
            noted = OutboxRow.objects.filter(pk=row.pk).update(sent_at=self.now(), attempts=row.attempts + 1)
            return (entry, sent) if noted else None

    def _settle(self, row: OutboxRow, step: Step, *, certain: bool) -> bool:
        """The festival has it so now. Where an edit overtook the call, what follows from it waits already."""
        while True:
            with leases.writing(self.lease, self.now()):
                entry = Entry.objects.filter(pk=row.entry_id).first()
                if entry is None or not OutboxRow.objects.filter(pk=row.pk).exists():
                    return True
                side, entry.sent = outbox.reached(entry, step, certain)
                entry.base = entry.remote = side
                # The entry first: its edits take their locks in the same order.
                if not plan.save(entry):
                    continue
                OutboxRow.objects.filter(pk=row.pk).delete()
                plan.prune(entry)
                return True

    def _refused(self, row: OutboxRow, step: Step, entry: Entry, sent: list[str]) -> bool:
        """Neither done nor in doubt. A showing that the programme lacks cannot be planned, and need not be removed."""
        try:
            there = not entry.festival_key or self.pull.exists(entry.festival_key, entry.external_id)
        except FetchError:
            there = True
        if there:
            self._postpone(row, REFUSED, sent)
            return False
        if step is Step.REMOVE:
            return self._settle(row, step, certain=True)
        with leases.writing(self.lease, self.now()):
            fresh = Entry.objects.filter(pk=entry.pk).first()
            if fresh is None:
                return True
            fresh.gone_at, fresh.sent = fresh.gone_at or self.now(), sent
            if plan.save(fresh):
                outbox.rewrite(fresh, self.now())
        return True

    def _postpone(
        self, row: OutboxRow, reason: str, sent: list[str] | None, error: FetchError | None = None
    ) -> None:
        """Put a call off. *sent* is what the entry had noted before, where it is certain that nothing was done."""
        due = self.now() + outbox.wait_after(row.attempts + 1)
        due = max(due, getattr(error, "retry_at", due))
        with leases.writing(self.lease, self.now()):
            if sent is not None:
                entry = Entry.objects.filter(pk=row.entry_id).first()
                if entry is not None and OutboxRow.objects.filter(pk=row.pk).exists():
                    entry.sent = sent
                    plan.save(entry)
            OutboxRow.objects.filter(pk=row.pk).update(due_at=due, reason=reason[:40])
        logger.info("user %s: %s of entry %s put off (%s)", self.user, row.step, row.entry_id, reason)


def retry(user: int, entry: int, now: datetime) -> None:
    """Have the calls of one entry made at once, as its person asks."""
    if OutboxRow.objects.filter(entry=entry, entry__user=user).update(due_at=now):
        Link.objects.filter(user=user).update(next_sync_at=now)
