"""Keeping one person's plan in step with *myfestival*: pull, merge, push, tickets, under one lease, then rest.

A fault of the festival lengthens the rest; the plan here goes on working, and each entry says what it waits for.
"""

import logging
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from aggregator.http import FetchError, HttpClient
from aggregator.models import Festival
from planner import leases, tickets
from planner.copies import FESTIVAL_PROVIDER
from planner.leases import Lease, LeaseLost
from planner.models import Entry, Link, OutboxRow
from planner.pull import Pull
from planner.push import Push
from planner.tokens import NoToken, Tokens
from planner.upstream.calls import Calls, TokenRejected
from planner.upstream.setting import Setting, configured
from planner.vocabulary import LinkState

logger = logging.getLogger(__name__)

AROUND = timedelta(weeks=3)
SEEN = timedelta(days=7)
SOON = timedelta(hours=48)
OFTEN, SELDOM = timedelta(minutes=15), timedelta(days=1)
#: A page that is looked at has the other side read anew once it is older than this.
FRESH = timedelta(minutes=1)
TICKETS_EVERY = timedelta(hours=1)
#: After this no further call of a turn is begun.
TURN_SECONDS = 20.0
REST = timedelta(seconds=30)
UNEXPECTED = "unexpected"
LONGEST_REST = timedelta(hours=2)


@dataclass
class Sync:
    """One turn at one link."""

    link: Link
    lease: Lease
    setting: Setting
    http: HttpClient
    now: Callable[[], datetime]
    began: float = field(default_factory=time.monotonic)

    def turn(self) -> None:
        """Everything that is due. Raises ``FetchError``, ``NoToken``, ``TokenRejected``, ``LeaseLost``."""
        user = self.link.user_id
        tokens = Tokens(self.link.pk, self.setting, self.http, self.now)
        calls = Calls(self.setting, self.http)
        since = self.link.pulled_at
        first = since is None or since <= self.link.linked_at
        pull = Pull(self.lease, user, calls, tokens, self.now, first)
        broken = self._pulled(pull)
        push = Push(self.lease, user, calls, tokens, pull, self.now, self.is_over)
        push.everything()
        if broken is not None:
            raise broken
        with leases.writing(self.lease, self.now()):
            Link.objects.filter(pk=self.link.pk).update(pulled_at=self.now())
        if tickets.is_due(self.link, self.now(), TICKETS_EVERY):
            tickets.read(self.link, self.lease, calls, tokens, self.now, self.is_over)
            if not self.is_over():
                push.everything()

    def is_over(self) -> bool:
        """Whether this turn has had its time; what is left is for the next, so that nobody waits for one person."""
        return time.monotonic() - self.began > TURN_SECONDS

    def _pulled(self, pull: Pull) -> FetchError | None:
        """Read every festival that matters. A function that the festival does not have must not hold up edits."""
        broken = None
        for festival in festivals_of(self.link.user_id, self.now()):
            try:
                pull.festival(festival)
            except FetchError as error:
                if not error.permanent:
                    raise
                broken = error
        return broken


def run(link: int, now: Callable[[], datetime] = timezone.now, http: HttpClient | None = None) -> bool:
    """One turn at *link*, if nobody else has it; whether there is more to do at once.

    It raises nothing that the festival or the network can cause: that is noted in the row, with a time to try again.
    """
    setting = configured()
    if setting is None or not workable(now()).filter(pk=link).exists():
        return False
    lease = leases.acquire(link, "sync", now())
    if lease is None:
        return False
    try:
        row = Link.objects.filter(pk=link, state=LinkState.LINKED).first()
        if row is not None:
            with nullcontext(http) if http else setting.client() as client:
                _turn(Sync(row, lease, setting, client, now))
    except LeaseLost:
        logger.info("link %s: another worker took over", link)
    finally:
        leases.release(lease)
    return is_due(link, now())


def _turn(sync: Sync) -> None:
    problem: FetchError | NoToken | None = None
    reason = ""
    try:
        sync.turn()
    except (FetchError, NoToken) as error:
        problem, reason = error, error.reason
    except TokenRejected:
        reason = "token_rejected"
    except LeaseLost:
        raise
    except Exception:
        # Ours, not the festival's; it is counted and waited after all the same.
        logger.exception("link %s: the turn broke off", sync.link.pk)
        reason = UNEXPECTED
    failures = sync.link.sync_failures + 1 if reason else 0
    rest = _next(sync.link, sync.now())
    if reason:
        logger.warning("link %s: not in step (%s)", sync.link.pk, reason)
        rest = sync.now() + min(REST * 2 ** min(failures - 1, 10), LONGEST_REST)
        rest = max(rest, getattr(problem, "retry_at", rest))
    mine = Link.objects.filter(pk=sync.link.pk, sync_generation=sync.lease.generation)
    noted = {
        "sync_failures": failures,
        "reason": reason[:40],
        "not_before": getattr(problem, "retry_at", None),
    }
    if not mine.filter(edits=sync.link.edits).update(**noted, next_sync_at=rest):
        mine.update(**noted)  # an edit came in meanwhile, and it is due


def festivals_of(user: int, now: datetime) -> list[str]:
    """The festivals, by their upstream id, whose *myfestival* matters to *user* now: near ones, and those planned."""
    near = Festival.objects.filter(
        provider=FESTIVAL_PROVIDER,
        starts_on__lte=(now + AROUND).date(),
        ends_on__gte=(now - AROUND).date(),
    )
    ours = Entry.objects.filter(user=user, provider=FESTIVAL_PROVIDER).exclude(festival_key="")
    coming = ours.filter(Q(starts_at__gte=now - AROUND) | Q(outbox__isnull=False))
    keys = {*near.values_list("external_id", flat=True), *coming.values_list("festival_key", flat=True)}
    return sorted(keys)


def _next(link: Link, now: datetime) -> datetime:
    """When to look again: at the first call that waits, else by the rhythm of DESIGN, section 7."""
    waiting = OutboxRow.objects.filter(entry__user=link.user_id).aggregate(first=Min("due_at"))["first"]
    soon = Entry.objects.filter(
        user=link.user_id, removed_at=None, starts_at__range=(now, now + SOON)
    ).exists()
    near = Festival.objects.filter(
        provider=FESTIVAL_PROVIDER,
        starts_on__lte=(now + AROUND).date(),
        ends_on__gte=(now - AROUND).date(),
    ).exists()
    often = near and (soon or link.seen_at > now - SEEN)
    rhythm = now + (OFTEN if often else SELDOM)
    return min(waiting, rhythm) if waiting else rhythm


def workable(now: datetime) -> QuerySet[Link]:
    """The links whose festival may be called now."""
    allowed = Q(not_before=None) | Q(not_before__lte=now)
    return Link.objects.filter(allowed, state=LinkState.LINKED)


def is_due(link: int, now: datetime) -> bool:
    """Whether there is something to do at *link* now."""
    return workable(now).filter(pk=link, next_sync_at__lte=now).exists()


def due(now: datetime, limit: int = 50) -> list[int]:
    """The links that can be worked at now, longest due first."""
    if configured() is None:
        return []
    free = Q(sync_lease_until=None) | Q(sync_lease_until__lt=now)
    rows = workable(now).filter(free, next_sync_at__lte=now)
    return list(rows.order_by("next_sync_at").values_list("pk", flat=True)[:limit])


def has_waiting(user: int) -> bool:
    """Whether any edit of *user* has not reached the festival yet."""
    return Entry.objects.filter(Exists(OutboxRow.objects.filter(entry=OuterRef("pk"))), user=user).exists()
