"""Celery tasks: hints to due rows, and nothing that a lost message could lose."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from aggregator.ingest import inbox, notices, schedule


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


@shared_task(name="providers.tasks.work")
def work(slug: str) -> None:
    """Work at the due run of *slug* for one budget; what is left goes on at once by a hint, or at the next tick."""
    run = schedule.work(slug, budget=settings.INGEST_BUDGET_SECONDS)
    if run is not None and slug in schedule.due(timezone.now()):
        work.apply_async((slug,), expires=60)
