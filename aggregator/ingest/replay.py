"""Trying quarantined documents again from the store, without a request."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from aggregator.ingest import documents, leases, quarantine
from aggregator.ingest.intake import Intake, Origin
from aggregator.models import Rejection
from aggregator.provider import Configured


def replay(
    configured: Configured,
    lease: leases.Lease,
    which: Q,
    *,
    clock: Callable[[], datetime] = timezone.now,
) -> tuple[int, int]:
    """Map the refused documents that *which* names; gives (tried, gone through).

    An item that never had a readable id is left alone: nothing of ours could turn it into a document.
    """
    provider = configured.provider
    # Seen by the newest run: one that is under way must not take what goes through here for vanished.
    intake = Intake(
        provider,
        configured.settings,
        lease,
        0,
        clock,
        origin=Origin.QUARANTINE,
        mark=documents.newest_run(provider.slug),
    )
    rejections = Rejection.objects.filter(which, provider=provider.slug).exclude(key__startswith="?")
    ids = list(rejections.values_list("id", flat=True))
    for start in range(0, len(ids), 100):
        rows = Rejection.objects.filter(id__in=ids[start : start + 100])
        intake.take([quarantine.held_back(row) for row in rows])
        intake.flush()
    return len(ids), len(ids) - Rejection.objects.filter(id__in=ids).count()


def replay_ids(ids: list[int]) -> tuple[int, int]:
    """Try these rejections again, one provider after the other; gives (tried, gone through).

    A provider whose lease is taken is passed over: its running ingest has the word.
    """
    tried = through = 0
    for slug, configured in settings.PROVIDERS.items():
        if not Rejection.objects.filter(id__in=ids, provider=slug).exists():
            continue
        lease = leases.acquire(slug, timezone.now())
        if lease is None:
            continue
        try:
            counted = replay(configured, lease, Q(id__in=ids))
        finally:
            leases.release(lease)
        tried, through = tried + counted[0], through + counted[1]
    return tried, through
