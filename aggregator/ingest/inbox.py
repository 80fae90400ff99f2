"""The inbox of hook deliveries: what upstream told us, until it is worked off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from aggregator.ingest import forgetting, leases
from aggregator.models import HookDelivery, IngestRun
from aggregator.provider import HookEvent
from aggregator.vocabulary import Kind, RunState

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


def claim(run: IngestRun, lease: leases.Lease, now: datetime) -> list[tuple[str, str]]:
    """Forget whom upstream deleted, and give the documents that the oldest deliveries ask for.

    Forgetting comes first, so that an update which overtook its deletion, or was overtaken by it, revives nobody.
    """
    due = HookDelivery.objects.filter(provider=run.provider, done_at=None)
    claimable = due.filter(Q(run=None) | Q(run=run) | ~Q(run__state__in=(RunState.RUNNING, RunState.WAITING)))
    forgets = list(due.filter(action="forget").order_by("received_at")[:CLAIMED])
    if forgets:
        people = [(Kind.PERSON, each.document) for each in forgets]
        with leases.writing(lease):
            HookDelivery.objects.filter(id__in=[each.pk for each in forgets]).update(done_at=now)
            forgetting.forget(run.provider, people, now)
    ids = list(
        claimable.filter(action="refresh").order_by("received_at").values_list("id", flat=True)[:CLAIMED]
    )
    with leases.writing(lease):
        HookDelivery.objects.filter(id__in=ids).update(run=run)
    wanted = HookDelivery.objects.filter(id__in=ids).order_by("received_at").values_list("kind", "document")
    return list(dict.fromkeys(wanted))


def settle(run: IngestRun, now: datetime) -> None:
    """What *run* was sent for is done. Call it in the transaction that ends the run well."""
    HookDelivery.objects.filter(run=run, done_at=None).update(done_at=now)


def sweep(now: datetime) -> None:
    """Forget deliveries that were done long ago."""
    with transaction.atomic():
        HookDelivery.objects.filter(done_at__lt=now - KEPT).delete()


def identities(pairs: Sequence[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """Pairs as a provider names them, as kinds of ours."""
    return [(Kind(kind), external_id) for kind, external_id in pairs]
