"""Celery tasks of the planner: hints to due rows, and nothing that a lost message could lose."""

import logging

from celery import current_app, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from planner import changes, notices, sync, watch
from planner.models import Link

logger = logging.getLogger(__name__)

WORK = "planner.tasks.work"


@shared_task(name="planner.tasks.tick", soft_time_limit=60, time_limit=90)
def tick() -> None:
    """Follow the listing, mail what is to be mailed, and send a hint for each link that is due.

    What goes wrong in one of them keeps none of the others from its turn.
    """
    now = timezone.now()
    for part in (watch.changed, notices.send_due, changes.forget_old):
        try:
            part(now)
        except Exception:
            logger.exception("%s broke off; the next tick tries again", part.__name__)
    for link in sync.due(now):
        _send(WORK, link)


@shared_task(name=WORK)
def work(link: int) -> None:
    """One turn at a link that is due; what came in meanwhile goes on at once by a hint, or at the next tick."""
    if sync.is_due(link, timezone.now()) and sync.run(link):
        work.apply_async((link,), expires=60)


@shared_task(name="planner.tasks.seen")
def seen(user: int) -> None:
    """Somebody looked at their plan: note it, and read the festival's side behind the page if it is not fresh."""
    now = timezone.now()
    link = Link.objects.filter(user=user).first()
    if link is None:
        return
    if link.seen_at < now - sync.SEEN / 7:
        Link.objects.filter(pk=link.pk).update(seen_at=now)
    if link.pulled_at is None or link.pulled_at < now - sync.FRESH:
        Link.objects.filter(pk=link.pk, sync_failures=0, next_sync_at__gt=now).update(next_sync_at=now)
        work(link.pk)


def hint(user: int) -> None:
    """Have a worker look at this person's link at once. A lost hint is made good by the next tick."""
    link = Link.objects.values_list("pk", flat=True).filter(user=user).first()
    if link is not None:
        _send(WORK, link)


def hint_seen(user: int) -> None:
    """Have a worker freshen this person's plan behind the page."""
    _send("planner.tasks.seen", user)


def _send(task: str, number: int) -> None:
    try:
        current_app.send_task(task, (number,), expires=60)
    except (OperationalError, OSError) as error:
        logger.warning("the broker does not answer (%s); the next tick does the work", type(error).__name__)
