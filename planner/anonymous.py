"""The plan of somebody who has not signed in: in their session, until it is adopted by an account.

Of each showing only our id, the intent and the ticket mark are kept; what it is comes from the listing.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from aggregator import languages
from aggregator.models import Showing
from planner import notices, plan, tasks
from planner.copies import RELATED, copied, more, visible
from planner.models import Entry, Question
from planner.plan import NotPossible
from planner.vocabulary import Intent, TicketMark

KEY = "plan"
MOST = 200

Session = MutableMapping[str, Any]


def kept(session: Session) -> Mapping[int, Mapping[str, str]]:
    """Showing id → intent and ticket."""
    found = session.get(KEY) or {}
    return {int(pk): one for pk, one in found.items()}


def entries(session: Session, now: datetime) -> Sequence[Entry]:
    """The plan as entries that are in no database; their ``pk`` is the showing's id. One query, none for no plan."""
    marks = kept(session)
    if not marks:
        return []
    rows = visible().filter(pk__in=marks).select_related(*RELATED)
    return [_entry(row, marks[row.pk], now) for row in rows.order_by("starts_at", "pk")]


def add(session: Session, showing: int, intent: Intent | None = None) -> None:
    """Put a showing into the plan. Raises ``NotPossible``."""
    marks = dict(session.get(KEY) or {})
    if str(showing) not in marks:
        if len(marks) >= MOST:
            raise NotPossible("full")
        if not visible().filter(pk=showing).exists():
            raise NotPossible("no_such_showing")
    before = marks.get(str(showing), {"intent": Intent.WANT, "ticket": TicketMark.NONE})
    session[KEY] = {**marks, str(showing): {**before, **({"intent": intent} if intent else {})}}


def remove(session: Session, showing: int, *, confirmed: bool = False) -> None:
    """Take a showing out. One with a ticket only when the person *confirmed*; else raises ``NotPossible``."""
    marks = dict(session.get(KEY) or {})
    mark = marks.pop(str(showing), None)
    if mark is not None and mark["ticket"] in plan.HELD and not confirmed:
        raise NotPossible("has_ticket")
    session[KEY] = marks


def mark(
    session: Session, showing: int, *, intent: Intent | None = None, ticket: TicketMark | None = None
) -> None:
    """Set what a person says of a showing. Raises ``NotPossible``."""
    marks = dict(session.get(KEY) or {})
    if str(showing) not in marks:
        raise NotPossible("no_such_entry")
    news = {name: str(value) for name, value in (("intent", intent), ("ticket", ticket)) if value}
    session[KEY] = {**marks, str(showing): {**marks[str(showing)], **news}}


def adopt(session: Session, user: int, now: datetime) -> int:
    """Make the session's plan part of *user*'s, and forget it there; how many entries were new or changed.

    What the account's plan says already is kept where the session's says less.
    """
    adopted = 0
    for showing, said in kept(session).items():
        try:
            entry = plan.add(user, showing, now)
            if entry.created_at == now or entry.intent == Intent.WANT:
                plan.set_intent(user, entry.pk, Intent(said["intent"]), now)
            if said["ticket"] != TicketMark.NONE and entry.ticket == TicketMark.NONE:
                plan.set_ticket(user, entry.pk, TicketMark(said["ticket"]), now)
            adopted += 1
        except NotPossible:
            continue  # it left the listing, or the plan is full
    session.pop(KEY, None)
    notices.speak(user, languages.current())
    if adopted:
        tasks.hint(user)
    return adopted


class AdoptPlan:
    """Middleware: a plan that was made before signing in becomes the account's with the first request after it.

    Whoever brings no session costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Adopt, then answer."""
        if self._brings_a_plan(request) and request.user.is_authenticated:
            adopt(request.session, request.user.pk, timezone.now())
        return self.get_response(request)

    def _brings_a_plan(self, request: HttpRequest) -> bool:
        worldly = not request.path_info.startswith(("/static/", "/images/", "/api/"))
        return worldly and settings.SESSION_COOKIE_NAME in request.COOKIES and bool(request.session.get(KEY))


def _entry(showing: Showing, said: Mapping[str, str], now: datetime) -> Entry:
    columns = {**copied(showing), **more(showing)}
    entry = Entry(pk=showing.pk, **columns, created_at=now, edited_at=now)
    entry.showing = showing
    # The key is a showing's: asked of the database, it would name the question about somebody else's entry.
    Question.entry.field.remote_field.set_cached_value(entry, None)
    entry.intent, entry.ticket = said["intent"], said["ticket"]
    return entry
