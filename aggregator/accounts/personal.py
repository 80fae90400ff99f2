"""Everything that is kept about a person: to be taken along, and to be destroyed.

Each room that keeps something registers a ``Part`` when it is ready; the pages ask no room by name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from icalendar import Calendar, Event

PRODUCT = "-//Marquee//Personal data//EN"


@dataclass(frozen=True, slots=True)
class Part:
    """What one room keeps about a person.

    *export* gives a value that JSON can hold, without any secret. *events* gives what belongs in a calendar. *leave*
    is called once before the account goes, outside of any transaction: it may speak to others; rows that hang on the
    user go by themselves.
    """

    name: str
    export: Callable[[Any], Any]
    events: Callable[[Any], Iterable[Event]] | None = None
    leave: Callable[[Any], None] | None = None


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    """Add a part, or put it in the place of one of the same name."""
    _parts[part.name] = part


def forget(name: str) -> None:
    """Take a part away. For tests."""
    _parts.pop(name, None)


def export(user: Any) -> dict[str, Any]:
    """All that is kept about *user*, by part; the account itself first."""
    own = {"exported_at": timezone.now().isoformat(), "account": _account(user), "sessions": _sessions(user)}
    return own | {part.name: part.export(user) for part in _parts.values()}


def calendar(user: Any) -> bytes:
    """What *user* plans as an iCalendar file; an empty one where there is nothing."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for part in _parts.values():
        for event in part.events(user) if part.events is not None else ():
            made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def destroy(user: Any) -> None:
    """Destroy the account and everything that hangs on it, sign-ins on other devices included. There is no way back.

    A part that cannot say goodbye to others stops the whole: the account stays until it can, so that nothing is left
    behind elsewhere.
    """
    for part in _parts.values():
        if part.leave is not None:
            part.leave(user)
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    user.delete()


def _account(user: Any) -> dict[str, Any]:
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    factors = Authenticator.objects.filter(user=user).order_by("pk")
    return {
        "name": user.get_username(),
        "joined_at": user.date_joined.isoformat(),
        "last_signed_in_at": user.last_login.isoformat() if user.last_login else None,
        "addresses": [
            {"email": one.email, "verified": one.verified, "primary": one.primary} for one in addresses
        ],
        "second_factors": [
            {
                "kind": one.type,
                "added_at": one.created_at.isoformat(),
                "last_used_at": one.last_used_at.isoformat() if one.last_used_at else None,
            }
            for one in factors
        ],
    }


def _sessions(user: Any) -> list[dict[str, Any]]:
    return [
        {"started_at": one.created_at.isoformat(), "address": one.ip, "browser": one.user_agent}
        for one in UserSession.objects.filter(user=user).order_by("pk")
    ]
