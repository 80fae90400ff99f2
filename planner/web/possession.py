"""Whose plan a request is about: an account's, or the one in the visitor's session. Both take the same edits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from aggregator import languages
from planner import anonymous, notices, plan, situation, tasks
from planner.models import Entry
from planner.plan import NotPossible
from planner.situation import Situation
from planner.vocabulary import Intent, TicketMark


@dataclass(frozen=True)
class Plan:
    """The edits of one visitor. *key* is an entry's id, without an account a showing's."""

    session: Any
    user: int | None

    def situation(self, now: datetime) -> Situation:
        """The whole plan."""
        if self.user is None:
            return Situation(anonymous.entries(self.session, now))
        return situation.load(self.user)

    def add(self, showing: int, intent: Intent | None = None) -> None:
        """See ``plan.add``."""
        if self.user is None:
            anonymous.add(self.session, showing, intent)
        else:
            plan.add(self.user, showing, timezone.now(), intent)
            notices.speak(self.user, languages.current())
            tasks.hint(self.user)

    def remove(self, key: int, *, confirmed: bool) -> None:
        """See ``plan.remove``."""
        if self.user is None:
            anonymous.remove(self.session, key, confirmed=confirmed)
        else:
            plan.remove(self.user, key, timezone.now(), confirmed=confirmed)
            tasks.hint(self.user)

    def set_intent(self, key: int, intent: Intent) -> None:
        """See ``plan.set_intent``."""
        if self.user is None:
            anonymous.mark(self.session, key, intent=intent)
        else:
            plan.set_intent(self.user, key, intent, timezone.now())

    def set_ticket(self, key: int, mark: TicketMark) -> None:
        """See ``plan.set_ticket``."""
        if self.user is None:
            anonymous.mark(self.session, key, ticket=mark)
        else:
            plan.set_ticket(self.user, key, mark, timezone.now())
            tasks.hint(self.user)

    def key_of(self, showing: int) -> int:
        """The key of the entry for a showing. Raises ``NotPossible``."""
        if self.user is None:
            return showing
        found = Entry.objects.filter(user=self.user, showing=showing, removed_at=None)
        key = found.values_list("pk", flat=True).first()
        if key is None:
            raise NotPossible("no_such_entry")
        return key


def plan_of(request: HttpRequest) -> Plan:
    """The plan of whoever asks."""
    user = request.user.pk if request.user.is_authenticated else None
    return Plan(request.session, user)


def planned_showings(request: HttpRequest) -> frozenset[int]:
    """Our ids of the showings that the visitor has planned; asked for once per request.

    A visitor without a session costs no query, one with a session and no account that of the session alone.
    """
    known: frozenset[int] | None = getattr(request, "_planned_showings", None)
    if known is None:
        known = _planned(request)
        request._planned_showings = known  # type: ignore[attr-defined]
    return known


def _planned(request: HttpRequest) -> frozenset[int]:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return frozenset()
    if not request.user.is_authenticated:
        return frozenset(anonymous.kept(request.session))
    rows = Entry.objects.filter(user=request.user.pk, removed_at=None, showing__isnull=False)
    return frozenset(rows.values_list("showing", flat=True))
