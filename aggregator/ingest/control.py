"""What a person may tell a source to do. Each of these is one short statement; the work itself is left to a worker."""

import logging
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.db.models import F
from kombu.exceptions import OperationalError

from aggregator.ingest import schedule
from aggregator.models import IngestRun, Source
from aggregator.vocabulary import Mode, SourceState

logger = logging.getLogger(__name__)


class NotPossible(Exception):
    """What was asked for cannot be done now; *reason* is ``unconfigured`` or ``paused_by_hand``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ingest_now(slug: str, full: bool, now: datetime) -> IngestRun:
    """A run that reads everything, due now; with *full* it uses no cursor and no ETag. A hint is sent for it.

    An open run is the one that is meant, and where upstream has put it off it goes on waiting. Raises ``NotPossible``.
    """
    if slug not in schedule.configured_providers():
        raise NotPossible("unconfigured")
    if schedule.paused_by_hand(slug):
        raise NotPossible(schedule.BY_HAND)
    run = schedule.request(slug, Mode.FULL, now, full=full)
    hint()
    return run


def pause(slug: str) -> None:
    """Read *slug* no more until ``resume``, over restarts and changed settings as well.

    Whoever is reading it loses the lease with its next commit; its run goes on from there when the source does.
    """
    Source.objects.get_or_create(slug=slug)
    Source.objects.filter(slug=slug).update(
        state=SourceState.PAUSED,
        reason=schedule.BY_HAND,
        message="",
        stopped_binding="",
        generation=F("generation") + 1,
        lease_owner="",
        lease_until=None,
    )


def resume(slug: str) -> None:
    """Read *slug* again as its schedules say, at once if something is due; failures so far are forgiven."""
    Source.objects.filter(slug=slug).exclude(state=SourceState.RUNNING).update(
        state=SourceState.IDLE,
        reason="",
        message="",
        failures=0,
        failing={},
        backoff_until=None,
        stopped_binding="",
    )
    hint()


def hint() -> None:
    """Have a worker look at once at what is due. A lost hint is made good by the next tick."""
    try:
        current_app.send_task(settings.TICK_TASK, expires=settings.TICK_EXPIRES)
    except (OperationalError, OSError) as error:
        logger.warning("the broker does not answer (%s); the next tick does the work", type(error).__name__)
