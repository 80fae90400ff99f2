"""What the operator is told: one notice a cause, mailed by a tick where an address is set."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail

from aggregator.models import IngestRun, Notice, Source
from aggregator.vocabulary import SourceState

logger = logging.getLogger(__name__)

ATTEMPTS = 10


def source_stopped(source: Source, now: datetime) -> None:
    """A provider is not asked any more until somebody acts."""
    how = "needs attention" if source.state == SourceState.NEEDS_ATTENTION else "is paused"
    _post(
        f"stopped:{source.slug}:{source.stopped_binding}:{source.reason}:{now:%Y-%m-%d}",
        f"{source.slug} {how}: {source.reason}",
        f"{source.message}\n\nThe last good data is still shown, with its age.\n"
        f"Mend the cause, then run: manage.py ingest {source.slug}\n",
        now,
    )


def run_held(run: IngestRun, now: datetime) -> None:
    """A run would withdraw more than it may on its own."""
    _post(
        f"held:{run.provider}:{run.reason}:{now:%Y-%m-%d}",
        f"{run.provider}: {run.held_count} rows wait to be withdrawn ({run.reason})",
        f"{run.message}\nSee the sources page for the list. If it is right, run: "
        f"manage.py ingest {run.provider} --full --force\n",
        now,
    )


def _post(cause: str, subject: str, body: str, now: datetime) -> None:
    values = {"subject": subject[:200], "body": body, "created_at": now, "due_at": now}
    _, new = Notice.objects.get_or_create(cause=cause[:200], defaults=values)
    if new:
        logger.error("%s", subject)


def send_due(now: datetime) -> int:
    """Mail the notices that are due; gives how many were sent. Keeps them unsent where no address is set."""
    if not settings.OPERATOR_EMAIL:
        return 0
    sent = 0
    for notice in Notice.objects.filter(sent_at=None, due_at__lte=now, attempts__lt=ATTEMPTS)[:20]:
        # Claimed before it is sent, so that two ticks do not mail the same notice.
        later = now + timedelta(minutes=2 ** min(notice.attempts, 8))
        claim = Notice.objects.filter(pk=notice.pk, attempts=notice.attempts, sent_at=None)
        if not claim.update(attempts=notice.attempts + 1, due_at=later):
            continue
        try:
            send_mail(f"[Marquee] {notice.subject}", notice.body, None, [settings.OPERATOR_EMAIL])
        except OSError as error:
            logger.warning("notice %s not mailed: %s", notice.pk, type(error).__name__)
            continue
        Notice.objects.filter(pk=notice.pk).update(sent_at=now)
        sent += 1
    return sent
