"""Reading *myfestival* and merging it into the plan, one festival at a time.

The calls are made first; what they brought is merged in short transactions under the lease. An entry that its person
edits at that very moment is left for the next time.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q

from aggregator.models import Showing
from planner import changes, copies, leases, outbox, plan
from planner.leases import Lease
from planner.merge import Sides, Verdict, is_mass_removal, merge
from planner.models import Entry, Question, Ticket
from planner.tokens import Tokens
from planner.upstream.calls import Calls, Listed, NotUnderstood, TokenRejected
from planner.upstream.rows import PlannedRow
from planner.vocabulary import ChangeKind, Side

T = TypeVar("T")
logger = logging.getLogger(__name__)

#: An entry, what is to be done about it, what the festival says of it, and the group of its question.
Judged = tuple[Entry, Verdict, Side, str]
#: Entries merged in one transaction.
CHUNK = 20


@dataclass
class Pull:
    """One reading of one person's plan. *programmes* keeps the festivals' lists that had to be fetched.

    *first* says that the plan was not read since it was linked: it may be another person's account there, whose plan
    takes nothing away from this one unasked.
    """

    lease: Lease
    user: int
    calls: Calls
    tokens: Tokens
    now: Callable[[], datetime]
    first: bool = False
    programmes: dict[str, tuple[frozenset[str], bool]] = field(default_factory=dict)

    def festival(self, key: str) -> None:
        """Read the plan of festival *key* and merge it. Raises ``FetchError``, ``NoToken``, ``LeaseLost``."""
        listed = self._listed(key)
        rows = {row.event.id: row for row in listed.rows}
        entries = self._entries(key, rows)
        judged = self._judged(key, entries, rows, listed)
        fresh = [rows[key] for key in rows if key not in {entry.external_id for entry in entries}]
        known = copies.of_festival(row.event.id for row in fresh)
        for some in _chunks(judged):
            with leases.writing(self.lease, self.now()):
                for entry, verdict, remote, group in some:
                    self._apply(entry, verdict, remote, group)
        for some_rows in _chunks(fresh):
            with leases.writing(self.lease, self.now()):
                for row in some_rows:
                    self._adopt(key, row, known)

    def _listed(self, festival: str) -> Listed[PlannedRow]:
        """The plan there, read twice where something is missing: one empty answer is not taken for an edit."""
        first = with_token(self.tokens, lambda token: self.calls.plan(festival, token))
        named = [row.event.id for row in first.rows]
        ours = Entry.objects.filter(
            user=self.user, provider=copies.FESTIVAL_PROVIDER, festival_key=festival, removed_at=None
        )
        missing = ours.filter(question=None, gone_at=None).exclude(base__in=("", Side.ABSENT))
        if not missing.exclude(external_id__in=named).exists():
            return first
        second = with_token(self.tokens, lambda token: self.calls.plan(festival, token))
        either = {row.event.id: row for row in (*first.rows, *second.rows)}
        return Listed([*either.values()], first.whole and second.whole)

    def exists(self, festival: str, event: str) -> bool:
        """Whether the programme of *festival* has *event*. Raises ``FetchError``.

        Where a row of the programme cannot be read, it may be the one: that raises ``NotUnderstood``.
        """
        if festival not in self.programmes:
            listed = self.calls.programme(festival)
            self.programmes[festival] = frozenset(row.id for row in listed.rows), listed.whole
        known, whole = self.programmes[festival]
        if event not in known and not whole:
            raise NotUnderstood(200)
        return event in known

    def _entries(self, festival: str, rows: Mapping[str, PlannedRow]) -> Sequence[Entry]:
        ours = Entry.objects.filter(user=self.user, provider=copies.FESTIVAL_PROVIDER)
        listed = Q(festival_key=festival) | Q(external_id__in=list(rows))
        return list(ours.filter(listed).select_related("question").order_by("pk"))

    def _judged(
        self,
        festival: str,
        entries: Sequence[Entry],
        rows: Mapping[str, PlannedRow],
        listed: Listed[PlannedRow],
    ) -> Sequence[Judged]:
        """What is to be done about each entry, and the group of its question where many raise one together."""
        tickets = set(
            Ticket.objects.filter(user=self.user, gone_at=None).values_list("external_id", flat=True)
        )
        judged = []
        for entry in entries:
            row = rows.get(entry.external_id)
            if row is None and not listed.whole:
                continue  # it may be the row that could not be read
            remote = row.side if row else Side.ABSENT
            try:
                sides = self._sides(festival, entry, remote, entry.external_id in tickets)
            except NotUnderstood:
                continue  # nobody can tell whether it was removed or is in the programme no more
            verdict = merge(sides)
            # Asked once, it stays a question; and of a showing that was gone meanwhile nobody can tell whether its
            # absence is a person's edit.
            unsure = hasattr(entry, "question") or entry.gone_at is not None
            unmarks = self.first and (entry.local, remote) == (Side.TICKET, Side.PLAIN)
            if verdict is Verdict.TAKE and (unmarks or (unsure and remote is Side.ABSENT)):
                verdict = Verdict.ASK
            judged.append((entry, verdict, remote, ""))
        return self._doubted(judged, sum(entry.agreed is not Side.ABSENT for entry in entries))

    def _doubted(self, judged: Sequence[Judged], agreed: int) -> Sequence[Judged]:
        """*judged*, with one question for all removals where they may be a fault or another person's plan."""
        removed = sum(verdict is Verdict.TAKE and remote is Side.ABSENT for _, verdict, remote, _ in judged)
        if not (removed and self.first) and not is_mass_removal(removed, agreed):
            return judged
        logger.warning("user %s: %s entries vanished at once; asking", self.user, removed)
        group = uuid.uuid4().hex
        return [_asked(one, group) for one in judged]

    def _sides(self, festival: str, entry: Entry, remote: Side, ticket: bool) -> Sides:
        sides = Sides(entry.agreed, entry.local, remote, [Side(one) for one in entry.sent], ticket)
        vanished = remote is Side.ABSENT and (sides.base is not Side.ABSENT or entry.gone_at is not None)
        if not vanished or sides.local is Side.ABSENT:
            return sides
        if not self.exists(festival, entry.external_id):
            return replace(sides, exists=False)
        return sides

    def _apply(self, entry: Entry, verdict: Verdict, remote: Side, group: str) -> None:
        now, local = self.now(), entry.local
        asked: Question | None = getattr(entry, "question", None)
        if {local, remote} == {Side.ABSENT} and outbox.possible(entry) != {Side.ABSENT}:
            # It may be absent there only because the programme lacks it: the call that removes it is still made.
            if asked is not None and plan.save(entry):
                self._ask(entry, asked, Verdict.AGREED, remote, group)
                outbox.rewrite(entry, now)
            return
        before = changes.snapshot(entry)
        gone_at = entry.gone_at or now if verdict is Verdict.KEEP else None
        settled = verdict in (Verdict.AGREED, Verdict.PUSH, Verdict.TAKE)
        if _is_news(entry, verdict, remote, gone_at, asked):
            entry.remote, entry.gone_at = remote, gone_at
            if settled:
                entry.base, entry.sent = remote, []
            if verdict is Verdict.TAKE:
                plan.take(entry, remote, now)
            if not plan.save(entry):
                return
            if verdict is Verdict.TAKE:
                changes.note(entry, changes.kind_of(local, remote), before, now)
            self._ask(entry, asked, verdict, remote, group)
            outbox.rewrite(entry, now)
            plan.prune(entry)

    def _ask(self, entry: Entry, asked: Question | None, verdict: Verdict, remote: Side, group: str) -> None:
        if verdict is Verdict.ASK:
            values = {"remote": remote, "group": asked.group if asked else group}
            Question.objects.update_or_create(
                entry=entry, defaults=values, create_defaults={**values, "asked_at": self.now()}
            )
        elif asked is not None:
            asked.delete()
        entry._state.fields_cache.pop("question", None)

    def _adopt(self, festival: str, row: PlannedRow, known: Mapping[str, Showing]) -> None:
        """Something that was planned at the festival's own site; if it was in this plan before, as it was then."""
        now, showing = self.now(), known.get(row.event.id)
        columns = copies.copied(showing) if showing else copies.written(row.event)
        further = copies.more(showing) if showing else {"work_key": row.event.work, "copied_at": now}
        entry = Entry(user_id=self.user, **{**columns, **further, "festival_key": festival})
        entry.base = entry.remote = row.side
        entry.created_at = entry.edited_at = now
        before = {**changes.snapshot(entry), "absent": True}
        entry.intent, entry.ticket = changes.last_removed(entry)
        plan.take(entry, row.side, now)
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            return  # its person was quicker
        changes.note(entry, ChangeKind.ADDED, before, now)


def with_token(tokens: Tokens, call: Callable[[str], Listed[T]]) -> Listed[T]:
    """*call* with an access token, once more with a fresh one where the first is rejected.

    Raises what *call* does, ``NoToken``, and ``TokenRejected`` where even a fresh one is not accepted.
    """
    token = tokens.access()
    try:
        return call(token)
    except TokenRejected:
        pass
    return call(tokens.access(rejected=token))


def _is_news(
    entry: Entry, verdict: Verdict, remote: Side, gone_at: datetime | None, asked: Question | None
) -> bool:
    """Whether there is anything to write about *entry*."""
    if verdict is Verdict.ASK:
        return asked is None or asked.remote != remote or entry.remote != remote
    same = entry.remote == remote and entry.gone_at == gone_at and asked is None
    if verdict is Verdict.KEEP:
        return not same
    return not (same and entry.base == remote and not entry.sent and verdict is not Verdict.TAKE)


def _asked(one: Judged, group: str) -> Judged:
    entry, verdict, remote, _ = one
    removal = verdict is Verdict.TAKE and remote is Side.ABSENT
    return (entry, Verdict.ASK, remote, group) if removal else one


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
