"""What the planner keeps about a person, as they take it along, and what is done before their account goes."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Event

from aggregator.accounts.personal import Part
from aggregator.models.listing import best_text
from aggregator.vocabulary import Precision
from planner import linking
from planner.models import Card, Change, Entry, KeyScopes, Link, Notice, Preference, Ticket
from planner.vocabulary import ShowingState

#: How long a showing lasts where nobody says.
USUAL_LENGTH = timedelta(hours=2)

# What is told of a row: everything that is about the person, and no token, no number, no key.
_ENTRY = ("intent", "ticket", "state", "base", "remote", "gone_at", "created_at", "edited_at", "removed_at")
_CALL = ("step", "created_at", "due_at", "attempts", "sent_at", "reason")
_CARD = (
    *("tail", "own", "kinds", "begins_at", "ends_at", "registered_at", "created_at", "read_at", "reason"),
)
_TICKET = ("key", "first", "seen_at", "gone_at")
_LINK = (
    *("state", "reason", "linked_at", "seen_at", "expires_at", "pulled_at", "tickets_at", "next_sync_at"),
    *("intent_at", "sync_failures", "refresh_failures"),
)
_CHANGE = ("kind", "provider", "external_id", "titles", "before", "at", "undone_at")
_NOTICE = ("kind", "facts", "created_at", "due_at", "attempts", "sent_at")


def export(user: Any) -> dict[str, Any]:
    """Everything but secrets; card numbers by their last digits."""
    entries = Entry.objects.filter(user=user).select_related("question").prefetch_related("outbox")
    tickets = Ticket.objects.filter(user=user).select_related("card").order_by("pk")
    return {
        "plan": [_entry(one) for one in entries.order_by("starts_at", "pk")],
        "cards": _rows(Card, _CARD, user=user),
        "tickets": [
            {**_copy(one), **{name: getattr(one, name) for name in _TICKET}, "card": one.card.tail}
            for one in tickets
        ],
        "link": next(iter(_rows(Link, _LINK, user=user)), None),
        "changes": _rows(Change, _CHANGE, user=user),
        "notices": _rows(Notice, _NOTICE, user=user),
        "preference": next(iter(_rows(Preference, ("language", "mail"), user=user)), None),
        "keys": _rows(KeyScopes, ("key__name", "key__prefix", "scopes"), key__owner=user),
    }


def events(user: Any) -> Iterator[Event]:
    """The plan for a calendar: what has a time of day at that, the rest on its days; nothing without any."""
    rows = Entry.objects.filter(user=user, removed_at=None).exclude(starts_at=None)
    for row in rows.order_by("starts_at", "pk"):
        start, end = _stretch(row)
        event = Event()
        event.add("uid", f"plan-{row.pk}@marquee")
        event.add("summary", best_text(row.titles))
        event.add("dtstart", start)
        event.add("dtend", end)
        event.add("dtstamp", row.edited_at)
        event.add("sequence", row.revision)
        if row.venue_name:
            event.add("location", row.venue_name)
        if row.state in (ShowingState.CANCELLED, ShowingState.WITHDRAWN):
            event.add("status", "CANCELLED")
        yield event


def leave(user: Any) -> None:
    """Let go of the festival's account: its tokens are spent and thrown away. A festival that fails stops nobody."""
    linking.unlink_now(user.pk)


PART = Part("planner", export, events, leave)


def _stretch(row: Entry) -> tuple[date, date]:
    """Start and end, the end not belonging to it: instants, or days in the zone of what has no time of day."""
    assert row.starts_at is not None
    if row.precision == Precision.EXACT:
        return row.starts_at, row.ends_at or row.starts_at + USUAL_LENGTH
    zone = ZoneInfo(row.zone)
    first = row.starts_at.astimezone(zone).date()
    # What ends at midnight ends with the day before.
    last = (row.ends_at - timedelta(seconds=1)).astimezone(zone).date() if row.ends_at else first
    return first, max(first, last) + timedelta(days=1)


def _rows(model: Any, names: Sequence[str], **whose: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = list(model.objects.filter(**whose).order_by("pk").values(*names))
    return rows


def _copy(row: Entry | Ticket) -> dict[str, Any]:
    return {
        "provider": row.provider,
        "external_id": row.external_id,
        "titles": row.titles,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "venue": row.venue_name,
    }


def _entry(row: Entry) -> dict[str, Any]:
    question = getattr(row, "question", None)
    return {
        **_copy(row),
        **{name: getattr(row, name) for name in _ENTRY},
        "question": {"there": question.remote, "asked_at": question.asked_at} if question else None,
        "waiting": [{name: getattr(call, name) for name in _CALL} for call in row.outbox.all()],
    }
