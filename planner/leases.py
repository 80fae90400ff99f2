"""Who may refresh a link's tokens, and who may read and alter *myfestival* for it: one at a time over all processes.

A lease is taken by compare-and-set and carries a generation; whoever wakes late finds another generation and writes
nothing. Both leases outlast the longest exchange that is made under them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.db import transaction
from django.db.models import F, Q, QuerySet

from planner.models import Link

Purpose = Literal["refresh", "sync"]

#: Longer than what is done between two signs of life: one call; or one call, a wait for a token, and one more.
HOLDS: Final[Mapping[Purpose, timedelta]] = {
    "refresh": timedelta(seconds=60),
    "sync": timedelta(seconds=180),
}


class LeaseLost(Exception):
    """Somebody else took over; nothing of the transaction was written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do *purpose* for a link, as long as *generation* is the link's."""

    link: int
    purpose: Purpose
    generation: int


def acquire(link: int, purpose: Purpose, now: datetime) -> Lease | None:
    """The lease, or None while somebody else holds one that has not run out, or there is no such link."""
    until, generation = f"{purpose}_lease_until", f"{purpose}_generation"
    known = Link.objects.values_list(generation, flat=True).filter(pk=link).first()
    if known is None:
        return None
    free = Q(**{until: None}) | Q(**{f"{until}__lt": now})
    taken = Link.objects.filter(free, pk=link, **{generation: known}).update(
        **{until: now + HOLDS[purpose], generation: F(generation) + 1}
    )
    return Lease(link, purpose, known + 1) if taken else None


def renew(lease: Lease, now: datetime) -> None:
    """Give a sign of life. Raises ``LeaseLost``. As first statement of a transaction it guards the whole of it."""
    if not _held(lease).update(**{f"{lease.purpose}_lease_until": now + HOLDS[lease.purpose]}):
        raise LeaseLost(lease.link)


def release(lease: Lease) -> None:
    """Give the lease back; does nothing where it was lost."""
    _held(lease).update(**{f"{lease.purpose}_lease_until": None})


@contextmanager
def writing(lease: Lease, now: datetime) -> Iterator[None]:
    """A short transaction that commits only while *lease* is held. Raises ``LeaseLost`` before anything is written."""
    with transaction.atomic():
        renew(lease, now)
        yield


def _held(lease: Lease) -> QuerySet[Link]:
    return Link.objects.filter(pk=lease.link, **{f"{lease.purpose}_generation": lease.generation})
