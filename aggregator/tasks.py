"""Celery tasks of the core: hints to due rows, and nothing that a lost message could lose."""

from contextlib import suppress
from datetime import datetime

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from aggregator.deliveries import sending
from aggregator.images import shelf, work

EVICTION_MINUTES = 10


@shared_task(name="aggregator.tasks.make_pictures", soft_time_limit=280, time_limit=310)
def make_pictures() -> None:
    """Fetch due pictures and make their renditions for one budget; what is left goes on by a hint."""
    work.work(settings.IMAGE_BUDGET_SECONDS)
    hint_at_pictures(timezone.now())


def hint_at_pictures(now: datetime) -> None:
    """Send a worker to the due pictures, if there are any and nobody is at them."""
    if work.due(now) and not work.busy(now):
        make_pictures.apply_async(expires=60)


def tidy_pictures(now: datetime) -> None:
    """Remove the files that nothing refers to any more, and keep within the disk's cap."""
    if now.minute % EVICTION_MINUTES == 0:  # adding up what is taken is a walk over every row
        shelf.evict(now)
    shelf.sweep(now)


@shared_task(name="aggregator.tasks.note_used_pictures")
def note_used_pictures(renditions: list[int]) -> None:
    """Note that files were looked at."""
    shelf.touch(renditions, timezone.now())


@shared_task(name="aggregator.tasks.deliver", soft_time_limit=120, time_limit=150)
def deliver(endpoint: int) -> None:
    """Send what is due to one outgoing webhook for one budget; what is left goes on by a hint."""
    sending.work(endpoint, budget=settings.WEBHOOK_BUDGET_SECONDS)
    if endpoint in sending.due(timezone.now()):
        hint_at_webhook(endpoint)


def hint_at_webhooks(now: datetime) -> None:
    """Send a worker to every outgoing webhook that has something to be told."""
    for endpoint in sending.due(now):
        hint_at_webhook(endpoint)


def hint_at_webhook(endpoint: int) -> None:
    """Send a worker to one outgoing webhook now. Raises nothing: the next tick finds what is due all the same."""
    with suppress(Exception):
        deliver.apply_async((endpoint,), expires=60)
