"""What the planner did by itself: noted with enough to take it back."""

from datetime import datetime, timedelta
from typing import Any

from planner.models import Change, Entry
from planner.vocabulary import ChangeKind, Intent, Side, TicketMark

KEPT = timedelta(days=30)
_COPY = (
    *("titles", "zone", "precision", "venue_key", "venue_name", "latitude", "longitude"),
    *("festival_key", "work_key", "state", "was", "showing_id"),
)


def snapshot(entry: Entry) -> dict[str, Any]:
    """*entry* as JSON-ready values."""
    moments = {name: getattr(entry, name) for name in ("starts_at", "ends_at")}
    return {
        "absent": entry.removed_at is not None,
        "intent": entry.intent,
        "ticket": entry.ticket,
        "copy": {
            **{name: getattr(entry, name) for name in _COPY},
            **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        },
    }


def kind_of(local: Side, remote: Side) -> ChangeKind:
    """What it is to a plan that said *local* to say *remote*."""
    if remote is Side.ABSENT:
        return ChangeKind.REMOVED
    if local is Side.ABSENT:
        return ChangeKind.ADDED
    return ChangeKind.TICKET_MARKED if remote is Side.TICKET else ChangeKind.TICKET_CLEARED


def note(entry: Entry, kind: ChangeKind, before: dict[str, Any], now: datetime) -> None:
    """Remember that *entry* was as *before* until now."""
    Change.objects.create(
        user_id=entry.user_id,
        provider=entry.provider,
        external_id=entry.external_id,
        titles=entry.titles,
        kind=kind,
        before=before,
        at=now,
    )


def last_removed(entry: Entry) -> tuple[Intent, TicketMark]:
    """What the person had said of *entry* when the planner last took it out; the usual words where it never did."""
    done = Change.objects.filter(
        user=entry.user_id,
        provider=entry.provider,
        external_id=entry.external_id,
        kind=ChangeKind.REMOVED,
    )
    before = done.values_list("before", flat=True).order_by("-pk").first() or {}
    return Intent(before.get("intent", Intent.WANT)), TicketMark(before.get("ticket", TicketMark.NONE))


def forget_old(now: datetime) -> int:
    """Let go of what is too old to be undone."""
    return Change.objects.filter(at__lt=now - KEPT).delete()[0]
