"""What the planner keeps about a person, as they take it along, and what is done before their account goes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from icalendar import Event

from aggregator.accounts.personal import Part
from aggregator.models.listing import best_text
from aggregator.vocabulary import Precision
from planner import linking
from planner.models import Card, Change, Entry, Link, Notice, Preference, Ticket
from planner.upstream.setting import configured
from planner.vocabulary import ShowingState

#: How long a showing lasts where nobody says.
USUAL_LENGTH = timedelta(hours=2)


def export(user: Any) -> dict[str, Any]:
    """Everything but secrets; card numbers by their last digits."""
    link = Link.objects.filter(user=user).first()
    preference = Preference.objects.filter(user=user).first()
    return {
        "plan": [_entry(one) for one in Entry.objects.filter(user=user).order_by("starts_at", "pk")],
        "cards": list(
            Card.objects.filter(user=user).order_by("pk").values("tail", "own", "kinds", "created_at")
        ),
        "tickets": [
            {**_copy(one), "card": one.card.tail, "gone_at": one.gone_at}
            for one in Ticket.objects.filter(user=user).select_related("card").order_by("pk")
        ],
        "link": {"state": link.state, "linked_at": link.linked_at, "seen_at": link.seen_at} if link else None,
        "changes": list(
            Change.objects.filter(user=user).order_by("pk").values("kind", "titles", "at", "undone_at")
        ),
        "notices": list(
            Notice.objects.filter(user=user).order_by("pk").values("kind", "created_at", "sent_at")
        ),
        "preference": {"language": preference.language, "mail": preference.mail} if preference else None,
    }


def events(user: Any) -> Iterator[Event]:
    """The plan for a calendar; what has no time of its own is left out."""
    rows = Entry.objects.filter(user=user, removed_at=None, precision=Precision.EXACT).exclude(starts_at=None)
    for row in rows.order_by("starts_at", "pk"):
        assert row.starts_at is not None
        event = Event()
        event.add("uid", f"plan-{row.pk}@marquee")
        event.add("summary", best_text(row.titles))
        event.add("dtstart", row.starts_at)
        event.add("dtend", row.ends_at or row.starts_at + USUAL_LENGTH)
        event.add("dtstamp", row.edited_at)
        event.add("sequence", row.revision)
        if row.venue_name:
            event.add("location", row.venue_name)
        if row.state in (ShowingState.CANCELLED, ShowingState.WITHDRAWN):
            event.add("status", "CANCELLED")
        yield event


def leave(user: Any) -> None:
    """Let go of the festival's account: its tokens are spent and thrown away. A festival that fails stops nobody."""
    setting = configured()
    linking.unlink(user.pk, setting, setting.client() if setting else None, timezone.now())


PART = Part("planner", export, events, leave)


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
    names = ("intent", "ticket", "state", "created_at", "edited_at", "removed_at")
    return {**_copy(row), **{name: getattr(row, name) for name in names}}
