"""Celery tasks: hints to due rows, and nothing that a lost message could lose."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from aggregator import tasks
from aggregator.api import keys
from aggregator.changes import upkeep
from aggregator.deliveries import upkeep as webhooks
from aggregator.identity import linking
from aggregator.ingest import inbox, notices, schedule
from aggregator.search import backlog


@shared_task(name="providers.tasks.tick", soft_time_limit=60, time_limit=90)
def tick() -> None:
    """Find what has come due and send a hint for each provider that can be worked at."""
    now = timezone.now()
    for slug in schedule.configured_providers():
        inbox.forget_waiting(slug, now)
    inbox.sweep(now)
    schedule.plan(now)
    for slug in schedule.due(now):
        work.apply_async((slug,), expires=60)
    notices.send_due(now)
    upkeep.tend(now)
    backlog.work(5.0)
    keys.flush_usage(now)
    webhooks.tend(now)
    tasks.hint_at_webhooks(now)
    if linking.pending(now):
        link.apply_async(expires=60)
    tasks.tidy_pictures(now)
    tasks.hint_at_pictures(now)


@shared_task(name="providers.tasks.work")
def work(slug: str) -> None:
    """Work at the due run of *slug* for one budget; what is left goes on at once by a hint, or at the next tick."""
    run = schedule.work(slug, budget=settings.INGEST_BUDGET_SECONDS)
    if run is not None and slug in schedule.due(timezone.now()):
        work.apply_async((slug,), expires=60)
    if run is not None:
        tasks.hint_at_pictures(timezone.now())
    tasks.hint_at_webhooks(timezone.now())


@shared_task(name="providers.tasks.link")
def link() -> None:
    """Compare rows that changed with those of other providers; what is left waits for the next tick."""
    linking.work(timezone.now(), budget=settings.INGEST_BUDGET_SECONDS)
