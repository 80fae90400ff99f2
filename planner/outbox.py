"""The calls that wait to be made: written with the edit that calls for them, in the same transaction."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from planner.copies import FESTIVAL_PROVIDER
from planner.merge import after, steps
from planner.models import Entry, Link, OutboxRow
from planner.vocabulary import Side, Step

#: Waits after a failure: doubled from the first to the last.
FIRST_WAIT, LAST_WAIT = timedelta(seconds=30), timedelta(hours=6)


def possible(entry: Entry) -> set[Side]:
    """What the festival may say of *entry*, as far as is known here."""
    return {entry.agreed, *(Side(one) for one in entry.sent)}


def rewrite(entry: Entry, now: datetime) -> None:
    """Replace the calls of *entry* by those that its present state asks for; opposite edits leave none.

    A row that was sent and had no answer is replaced too: what it may have done stands in ``entry.sent``. An entry with
    a question has no calls until a person has answered. To be called in the transaction that changed the entry.
    """
    # A showing that is gone from the programme can be removed there, and nothing else.
    idle = hasattr(entry, "question") or (entry.gone_at is not None and entry.local is not Side.ABSENT)
    wanted = [] if idle else [str(step) for step in steps(possible(entry), entry.local)]
    present = list(entry.outbox.order_by("position").values_list("step", flat=True))
    if present == wanted:
        return  # and keeps waiting as long as it has to
    entry.outbox.all().delete()
    OutboxRow.objects.bulk_create(
        OutboxRow(entry=entry, position=position, step=step, created_at=now, due_at=now)
        for position, step in enumerate(wanted)
    )


def clear(entries: Iterable[Entry]) -> None:
    """No calls any more for *entries*."""
    OutboxRow.objects.filter(entry__in=list(entries)).delete()


def is_synced(entry: Entry) -> bool:
    """Whether *entry* is of the kind that the festival's own planner knows."""
    return entry.provider == FESTIVAL_PROVIDER


def has_link(user_id: int) -> bool:
    """Whether edits of this person's plan go to the festival, now or once they link again."""
    return Link.objects.filter(user=user_id).exists()


def wait_after(attempts: int) -> timedelta:
    """How long to leave a call alone that failed *attempts* times."""
    return min(FIRST_WAIT * int(2 ** min(max(attempts - 1, 0), 12)), LAST_WAIT)


def reached(entry: Entry, step: Step, certain: bool) -> tuple[Side, list[str]]:
    """``base`` and ``sent`` of *entry* once *step* was answered well.

    *certain* is False for a warning: an event that was there already may have a ticket beside it.
    """
    if step is Step.ADD and certain:
        return Side.PLAIN, []
    now_possible = {after(step, before) for before in possible(entry)}
    if len(now_possible) == 1:
        return now_possible.pop(), []
    return Side.PLAIN, sorted(now_possible - {Side.PLAIN})
