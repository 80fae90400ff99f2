"""Who works at an endpoint: one process at a time, taken by compare-and-set and asked for again by every write."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from aggregator.models import Endpoint
from aggregator.vocabulary import EndpointState

# Longer than any single sending may take.
HOLDS = timedelta(seconds=60)


class LeaseLost(Exception):
    """Another process took over."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send to one endpoint."""

    endpoint: int
    owner: str


def acquire(endpoint: int, now: datetime) -> Lease | None:
    """The lease of an active *endpoint* whose owner may still sign in; None where it is taken or not to be sent to."""
    owner = uuid.uuid4().hex
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    active = Endpoint.objects.filter(pk=endpoint, state=EndpointState.ACTIVE, owner__is_active=True)
    chosen = Endpoint.objects.filter(free, pk__in=active.values("pk"))
    return Lease(endpoint, owner) if chosen.update(lease_owner=owner, lease_until=now + HOLDS) else None


def renew(lease: Lease, now: datetime, **columns: object) -> None:
    """Give a sign of life and set further *columns* of the endpoint. Raises ``LeaseLost``.

    First statement of every transaction that writes for the endpoint. One that was paused meanwhile is lost too.
    """
    held = Endpoint.objects.filter(pk=lease.endpoint, lease_owner=lease.owner, state=EndpointState.ACTIVE)
    if not held.update(lease_until=now + HOLDS, **columns):
        raise LeaseLost


def release(lease: Lease) -> None:
    """Give the lease back; does nothing where it was lost."""
    Endpoint.objects.filter(pk=lease.endpoint, lease_owner=lease.owner).update(
        lease_owner="", lease_until=None
    )
