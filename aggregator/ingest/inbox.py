"""The inbox of hook deliveries: what upstream told us, until it is worked off."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from aggregator.ingest import forgetting, leases
from aggregator.models import HookDelivery, IngestRun
from aggregator.provider import HookEvent
from aggregator.vocabulary import Kind

# What one run takes on at a time.
CLAIMED = 200
KEPT = timedelta(days=30)


def receive(provider: str, event: HookEvent, now: datetime) -> None:
    """Store *event* once, however often it is delivered. One ignored event is kept as done."""
    delivery = HookDelivery(
        provider=provider,
        key=event.key[:200],
        action=event.action,
        kind=event.kind,
        document=event.document,
        received_at=now,
        done_at=now if event.action == "ignore" else None,
    )
    HookDelivery.objects.bulk_create([delivery], ignore_conflicts=True)


def waiting(provider: str) -> bool:
    """Whether anything waits to be worked at."""
    return HookDelivery.objects.filter(provider=provider, done_at=None).exists()


def forget_waiting(provider: str, now: datetime) -> None:
    """Forget whom upstream deleted, also while *provider* is paused; left to the worker that holds the lease."""
    if not _forgets(provider).exists():
        return
    lease = leases.acquire(provider, now)
    if lease is None:
        return
    try:
        _forget(provider, lease, now)
    finally:
        leases.release(lease)


def forget_beside(provider: str, lease: leases.Lease, now: datetime) -> None:
    """Forget whom upstream deleted, for a run that holds *lease* and may go on for long."""
    if _forgets(provider).exists():
        _forget(provider, lease, now)


def _forgets(provider: str) -> QuerySet[HookDelivery]:
    return HookDelivery.objects.filter(provider=provider, done_at=None, action="forget")


def _forget(provider: str, lease: leases.Lease, now: datetime) -> None:
    forgets = list(_forgets(provider).order_by("received_at"))
    for each in forgets:
        with leases.writing(lease):
            HookDelivery.objects.filter(pk=each.pk).update(done_at=now)
            forgetting.forget(provider, [(Kind.PERSON, each.document)], now)
    if forgets:
        forgetting.wipe()


def claim(run: IngestRun, lease: leases.Lease, now: datetime) -> list[tuple[str, str]]:
    """Forget whom upstream deleted, and give the documents that the oldest deliveries ask for.

    Forgetting comes first, so that an update which overtook its deletion, or was overtaken by it, revives nobody.
    """
    _forget(run.provider, lease, now)
    due = HookDelivery.objects.filter(provider=run.provider, done_at=None, action="refresh")
    ids = list(due.order_by("received_at").values_list("id", flat=True)[:CLAIMED])
    with leases.writing(lease):
        HookDelivery.objects.filter(id__in=ids).update(run=run)
    wanted = HookDelivery.objects.filter(id__in=ids).order_by("received_at").values_list("kind", "document")
    return list(dict.fromkeys(wanted))


def settle(run: IngestRun, now: datetime) -> None:
    """What *run* was sent for is done. Call it in the transaction that ends the run well.

    Of what spoke of somebody forgotten, nothing is kept: it would name them.
    """
    mine = HookDelivery.objects.filter(run=run, done_at=None)
    named = set(mine.values_list("document", flat=True))
    forgotten = forgetting.suppressed(run.provider, {(Kind.PERSON, name) for name in named})
    mine.filter(document__in=[name for _, name in forgotten]).delete()
    mine.update(done_at=now)


def sweep(now: datetime) -> None:
    """Forget deliveries that were done long ago, and what SQLite could not overwrite when somebody was forgotten."""
    HookDelivery.objects.filter(done_at__lt=now - KEPT).delete()
    forgetting.wipe()
