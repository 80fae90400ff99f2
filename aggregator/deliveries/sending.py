"""Sending what is due: one attempt after another, in order for each object, until it arrives or three days are over."""

import logging
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from aggregator.changes import feed
from aggregator.deliveries import fanout, leases, signing
from aggregator.http import FetchError, HttpClient, Limits, RetryLater, faults
from aggregator.models import Delivery, Endpoint
from aggregator.vocabulary import DeliveryState, EndpointState

logger = logging.getLogger(__name__)

LIMITS = Limits(connect=5.0, read=10.0, total=15.0, max_bytes=64 * 1024, attempts=1)
# Waits after the first, second … failure, in seconds; the last one again and again until PATIENCE is over.
WAITS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600, 28_800, 43_200)
PATIENCE = timedelta(days=3)
KEPT = timedelta(days=30)
BATCH = 50
# So many failures in a row end a turn: the other side is in trouble.
STRIKES = 3

_OF_THE_WHOLE = frozenset(
    {faults.CONNECT_TIMEOUT, faults.READ_TIMEOUT, faults.TOTAL_TIMEOUT, faults.DNS_FAILURE}
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt. *reason* "" is success; *again_at* is what the other side asked for."""

    reason: str = ""
    status: int | None = None
    again_at: datetime | None = None


def due(now: datetime) -> list[int]:
    """Ids of endpoints that could be worked at now: nobody is, and there is something to send or to look at."""
    newest, era = feed.newest(), feed.era()
    waiting = Delivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.WAITING, due_at__lte=now)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rested = Q(rests_until=None) | Q(rests_until__lte=now)
    endpoints = Endpoint.objects.filter(free, rested, state=EndpointState.ACTIVE, owner__is_active=True)
    rows = endpoints.annotate(waits=Exists(waiting)).values_list("pk", "cursor", "waits").order_by("pk")
    return [pk for pk, cursor, waits in rows if waits or feed.is_behind(cursor, newest, era)]


def work(
    endpoint: int,
    *,
    budget: float,
    clock: Callable[[], datetime] = timezone.now,
    client: HttpClient | None = None,
) -> int:
    """Send what is due to *endpoint* for *budget* seconds; gives how many deliveries arrived."""
    lease = leases.acquire(endpoint, clock())
    if lease is None:
        return 0
    http = client or HttpClient(
        allowed_origins=settings.WEBHOOK_ALLOWED_ORIGINS, limits=LIMITS, user_agent="Marquee-Webhooks/1.0"
    )
    try:
        return _Turn(lease, clock, http, time.monotonic() + budget).run()
    except leases.LeaseLost:
        return 0
    finally:
        http.close()
        leases.release(lease)


@dataclass
class _Turn:
    """One process's turn at one endpoint."""

    lease: leases.Lease
    clock: Callable[[], datetime]
    http: HttpClient
    deadline: float
    arrived: int = 0
    strikes: int = 0

    def run(self) -> int:
        """Look for news, send, and so on, until nothing is left, time is up or the other side is in trouble."""
        while time.monotonic() < self.deadline:
            endpoint = Endpoint.objects.get(pk=self.lease.endpoint)
            looked = fanout.distribute(endpoint, self.lease, self.clock())
            chosen = upcoming(endpoint, self.clock())
            if not chosen and not looked:
                break
            for delivery in chosen:
                if time.monotonic() >= self.deadline or not self.send(endpoint, delivery):
                    return self.arrived
        return self.arrived

    def send(self, endpoint: Endpoint, delivery: Delivery) -> bool:
        """One attempt and its record; False where the turn is to end."""
        now = self.clock()
        outcome = attempt(self.http, endpoint, delivery, now)
        if not outcome.reason:
            self._succeeded(delivery, outcome, now)
            return True
        self.strikes += 1
        logger.info("webhook %s of endpoint %s: %s", delivery.message, endpoint.pk, outcome.reason)
        if outcome.reason == faults.GONE:
            self._disable(delivery, outcome, now)
            return False
        exhausted = now - (delivery.first_tried_at or now) >= PATIENCE
        if exhausted and (endpoint.succeeded_at or endpoint.created_at) <= (delivery.first_tried_at or now):
            self._disable(delivery, outcome, now)
            return False
        tired = outcome.reason in _OF_THE_WHOLE or outcome.again_at is not None or self.strikes >= STRIKES
        self._failed(endpoint, delivery, outcome, now, given_up=exhausted, tired=tired)
        return not tired

    def _succeeded(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        self.arrived += 1
        self.strikes = 0
        with transaction.atomic():
            leases.renew(self.lease, now, succeeded_at=now, failures=0, rests_until=None)
            _tried(delivery, outcome, now, state=DeliveryState.DELIVERED)

    def _failed(
        self,
        endpoint: Endpoint,
        delivery: Delivery,
        outcome: Outcome,
        now: datetime,
        *,
        given_up: bool,
        tired: bool,
    ) -> None:
        again = outcome.again_at or now + backoff(delivery.attempts + 1, random.random())  # noqa: S311
        rest: dict[str, object] = {}
        if tired:
            endpoint.failures += 1
            until = outcome.again_at or now + min(backoff(endpoint.failures, 0.5), timedelta(hours=1))
            rest = {"failures": endpoint.failures, "rests_until": until}
        state = DeliveryState.FAILED if given_up else DeliveryState.WAITING
        with transaction.atomic():
            leases.renew(self.lease, now, **rest)
            _tried(delivery, outcome, now, state=state, due_at=again)

    def _disable(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """The other side wants nothing more, or did not answer well for three days. What waits goes on waiting."""
        with transaction.atomic():
            leases.renew(
                self.lease,
                now,
                state=EndpointState.DISABLED,
                reason=outcome.reason,
                disabled_at=now,
                notice_due=now,
                notice_attempts=0,
            )
            _tried(delivery, outcome, now)


def upcoming(endpoint: Endpoint, now: datetime) -> Sequence[Delivery]:
    """What to send now: of each object only the oldest delivery that waits, and only when it is due. One query."""
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    before = waiting.filter(kind=OuterRef("kind"), row=OuterRef("row"), pk__lt=OuterRef("pk")).exclude(
        kind=""
    )
    found = waiting.filter(~Exists(before), due_at__lte=now).order_by("pk")
    return list(found[:BATCH])


def attempt(http: HttpClient, endpoint: Endpoint, delivery: Delivery, now: datetime) -> Outcome:
    """Send *delivery* once. Writes nothing; every fault has a reason."""
    try:
        secrets = [signing.unsealed(endpoint.secret)]
        if endpoint.previous_until is not None and endpoint.previous_until > now:
            secrets.append(signing.unsealed(endpoint.previous_secret))
    except LookupError:
        return Outcome("no_secret")
    body = signing.body_of(delivery)
    headers = signing.headers_of(delivery.message, body, secrets, now)
    try:
        with http.post(endpoint.url, data=body, headers=headers) as response:
            taken = response.status < 300
            return Outcome("" if taken else faults.UNEXPECTED_STATUS, response.status)
    except RetryLater as error:
        return Outcome(error.reason, error.status, error.retry_at)
    except FetchError as error:
        # The status says that it was taken, whatever is wrong with the body, which nobody reads.
        taken = error.status is not None and 200 <= error.status < 300
        return Outcome("" if taken else error.reason, error.status)


def backoff(failures: int, jitter: float) -> timedelta:
    """How long to wait after *failures* of one delivery. *jitter* in 0..1."""
    return timedelta(seconds=WAITS[min(failures, len(WAITS)) - 1] * (0.9 + 0.2 * jitter))


def _tried(delivery: Delivery, outcome: Outcome, now: datetime, **columns: object) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=delivery.attempts + 1,
        first_tried_at=delivery.first_tried_at or now,
        tried_at=now,
        status=outcome.status,
        reason=outcome.reason,
        **columns,
    )
