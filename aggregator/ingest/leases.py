"""Who may write for a provider: a lease taken by compare-and-set, with a generation that every commit checks.

``select_for_update`` does nothing on SQLite, so no lock is ever assumed: a worker holds a lease only as far as the
database says so at the moment of its commit.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from aggregator import changes
from aggregator.models import Source

# Between two write transactions on SQLite everybody else gets at least this long to take the one write lock.
SQLITE_PAUSE = 0.020

_last_commit = 0.0


class LeaseLost(Exception):
    """Another worker took over while this one slept or worked; nothing of the transaction was written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write for *slug*, as long as *generation* is the source's."""

    slug: str
    owner: str
    generation: int


def lease_time() -> timedelta:
    """How long a lease holds without a sign of life; longer than any single fetch may take."""
    return timedelta(seconds=settings.INGEST_LEASE_SECONDS)


def acquire(slug: str, now: datetime) -> Lease | None:
    """The lease of *slug*, or None while somebody else holds one that has not run out."""
    Source.objects.get_or_create(slug=slug)
    owner = uuid.uuid4().hex
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    taken = Source.objects.filter(free, slug=slug).update(
        lease_owner=owner, lease_until=now + lease_time(), generation=F("generation") + 1
    )
    if not taken:
        return None
    generation = (
        Source.objects.values_list("generation", flat=True).filter(slug=slug, lease_owner=owner).first()
    )
    return None if generation is None else Lease(slug, owner, generation)


def renew(lease: Lease, now: datetime) -> None:
    """Give a sign of life. Raises ``LeaseLost``. As first statement of a transaction it guards the whole of it."""
    held = Source.objects.filter(
        slug=lease.slug, generation=lease.generation, lease_owner=lease.owner
    ).update(lease_until=now + lease_time())
    if not held:
        raise LeaseLost(lease.slug)


def release(lease: Lease) -> None:
    """Give the lease back; does nothing where it was lost."""
    Source.objects.filter(slug=lease.slug, generation=lease.generation, lease_owner=lease.owner).update(
        lease_owner="", lease_until=None
    )


@contextmanager
def writing(lease: Lease) -> Iterator[None]:
    """A short transaction that commits only while *lease* is held. Raises ``LeaseLost`` before anything is written.

    On SQLite it first leaves the write lock free for a moment. No fetch, parse, hash or render belongs inside.
    """
    global _last_commit
    if connection.vendor == "sqlite" and (rest := _last_commit + SQLITE_PAUSE - time.monotonic()) > 0:
        time.sleep(rest)
    try:
        with transaction.atomic():
            changes.beside_others()
            renew(lease, timezone.now())
            yield
    finally:
        _last_commit = time.monotonic()
