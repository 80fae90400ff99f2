"""Changed seats: reported at once, then at most once in 15 minutes a showing, and never left unreported."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aggregator.changes.recording import record
from aggregator.locks import alone
from aggregator.models import SeatsTold
from aggregator.vocabulary import ChangeAction, Kind

FLOOR = timedelta(minutes=15)


def changed(showings: Sequence[int], at: datetime) -> None:
    """Report the *showings* (our ids) whose last report is long enough ago; the others wait for ``report_waiting``.

    Three statements, in the transaction that writes the seats.
    """
    if not showings:
        return
    recent = set(
        SeatsTold.objects.filter(showing__in=showings, told_at__gt=at - FLOOR).values_list("pk", flat=True)
    )
    due = [pk for pk in showings if pk not in recent]
    record(Kind.SHOWING, due, ChangeAction.SEATS, at)
    SeatsTold.objects.bulk_create(
        [SeatsTold(pk=pk, told_at=at) for pk in due],
        update_conflicts=True,
        unique_fields=["showing"],
        update_fields=["told_at", "waiting"],
    )
    if recent:
        SeatsTold.objects.filter(pk__in=recent).update(waiting=True)


def report_waiting(now: datetime, most: int = 200) -> int:
    """Report up to *most* showings that waited long enough, in a transaction of its own; gives how many."""
    with alone():
        waiting = SeatsTold.objects.filter(waiting=True, told_at__lte=now - FLOOR).order_by("told_at")
        ids = list(waiting.values_list("pk", flat=True)[:most])
        record(Kind.SHOWING, ids, ChangeAction.SEATS, now)
        SeatsTold.objects.filter(pk__in=ids).update(waiting=False, told_at=now)
    return len(ids)
