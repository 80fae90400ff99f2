"""Views of ``/api/v1/me/``: who asks, one named function, JSON.

Sessions are accepted with their CSRF token, API keys as far as their owner let them touch the plan.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from aggregator.accounts import personal
from aggregator.addresses import absolute
from aggregator.api.keys import KeyAuthentication
from aggregator.api.problems import BadParameter, Problem, UnknownParameter
from aggregator.api.questions import refuse_unknown, single
from aggregator.api.views import Reading
from aggregator.models import ApiKey
from planner import access, linking, plan, situation, tasks, tickets
from planner.access import person_of
from planner.api import written
from planner.api.described import Described
from planner.models import Card, Entry
from planner.plan import NotPossible
from planner.tickets import NotACard
from planner.upstream.setting import configured
from planner.vocabulary import Intent, TicketMark


class Allowed(IsAuthenticated):
    """A signed-in person may do everything with what is theirs; a key what it was given. Some things no key may do."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """See above."""
        if not super().has_permission(request, view):
            return False
        if not isinstance(request.auth, ApiKey):
            return True
        needed = access.READ if request.method in ("GET", "HEAD", "OPTIONS") else access.WRITE
        return not view.persons_only and needed in access.scopes_of(request.auth.pk)


class Body(JSONParser):
    """JSON; what is nested too deeply to be read is no request."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """See ``JSONParser``."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            pass
        raise ParseError("This is nested too deeply.")


class Mine(Reading):
    """What all of ``me/`` shares. ``parameters`` are the names that a method takes in the query string."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (KeyAuthentication, SessionAuthentication)
    permission_classes: Sequence[type[BasePermission]] = (Allowed,)
    parser_classes: Any = (Body,)
    http_method_names: Any = ("get", "head", "options", "post", "patch", "delete")
    schema = Described()
    persons_only = False
    parameters: Mapping[str, tuple[str, ...]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what is not understood, once it is known who asks."""
        super().initial(request, *args, **kwargs)
        given = dict(request.query_params.lists())
        refuse_unknown(given, ("format", *self.parameters.get(request.method or "", ())))

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody else's cache may keep any of it."""
        response["Cache-Control"] = "private, no-store"
        return super().finalize_response(request, response, *args, **kwargs)


def _json(body: Any, status: int = 200) -> HttpResponse:
    return JsonResponse(body, status=status, safe=False, encoder=DjangoJSONEncoder)


def _listed(rows: Sequence[Any]) -> HttpResponse:
    return _json({"count": len(rows), "next": None, "previous": None, "results": rows})


def _fields(request: Request, *known: str) -> Mapping[str, Any]:
    """The fields of the body. Raises ``UnknownParameter`` for one that is not *known*."""
    if not isinstance(request.data, dict):
        raise BadParameter("body", "This is an object with fields.", known)
    for name in request.data:
        if name not in known:
            raise UnknownParameter(name, known)
    return request.data


def _word(data: Mapping[str, Any], name: str, words: type[Intent] | type[TicketMark]) -> Any:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or value not in set(words):
        raise BadParameter(name, "This is not one of the words.", [str(word) for word in words])
    return words(value)


class Conflict(Problem):
    """Something that is understood, and that something else stands against. Only ``me/`` has it."""

    def __init__(self, detail: str) -> None:
        super().__init__("conflict", detail)


def _refused(error: NotPossible) -> Exception:
    if error.reason in ("no_such_showing", "no_such_entry"):
        return Http404()
    sentences = {
        "has_ticket": "There is a ticket for this. Ask again with ?confirm=true.",
        "ticket_stands": "A ticket on a card outweighs this mark.",
        "full": "The plan is full.",
    }
    return Conflict(sentences.get(error.reason, ""))


class Index(Mine):
    """``me/``"""

    def get(self, request: Request) -> HttpResponse:
        """What there is."""
        names = ("plan", "tickets", "cards", "link", "export")
        return _json({name: absolute(f"/api/v1/me/{name}/") for name in names})


class PlanList(Mine):
    """``me/plan/``"""

    def get(self, request: Request) -> HttpResponse:
        """The whole plan."""
        return _listed(written.plan(situation.load(person_of(request))))

    def post(self, request: Request) -> HttpResponse:
        """Add ``{"showing": id, "intent": word}``."""
        data = _fields(request, "showing", "intent")
        showing = data.get("showing")
        if isinstance(showing, bool) or not isinstance(showing, int) or not 0 < showing < 2**63:
            raise BadParameter("showing", "The id of a showing is needed.")
        intent = _word(data, "intent", Intent)
        try:
            plan.add(person_of(request), showing, timezone.now(), intent)
        except NotPossible as error:
            raise _refused(error) from None
        tasks.hint(person_of(request))
        return _json(_one(person_of(request), showing), 201)


def _one(user: int, showing: int) -> Any:
    found = [one for one in written.plan(situation.load(user)) if one["showing"] == showing]
    if not found:
        raise Http404
    return found[0]


class PlanEntry(Mine):
    """``me/plan/<showing>/``, by our id of the showing."""

    parameters: Mapping[str, tuple[str, ...]] = {"DELETE": ("confirm",)}

    def get(self, request: Request, showing: int) -> HttpResponse:
        """One entry."""
        return _json(_one(person_of(request), showing))

    def patch(self, request: Request, showing: int) -> HttpResponse:
        """``{"intent": word, "ticket": word, "answer": "keep" or "take"}``, any of them."""
        user, key, now = person_of(request), self._key(request, showing), timezone.now()
        data = _fields(request, "intent", "ticket", "answer")
        intent, mark = _word(data, "intent", Intent), _word(data, "ticket", TicketMark)
        said = data.get("answer")
        if said not in (None, "keep", "take"):
            raise BadParameter("answer", "This is keep or take.", ["keep", "take"])
        try:
            if said is not None:
                plan.answer(user, key, said == "keep", now)
            if intent is not None:
                plan.set_intent(user, key, intent, now)
            if mark is not None:
                plan.set_ticket(user, key, mark, now)
        except NotPossible as error:
            raise _refused(error) from None
        tasks.hint(user)
        return HttpResponse(status=204) if said == "take" else _json(_one(user, showing))

    def delete(self, request: Request, showing: int) -> HttpResponse:
        """Remove; what has a ticket only with ``?confirm=true``."""
        key = self._key(request, showing)
        confirmed = _confirmed(request)
        try:
            plan.remove(person_of(request), key, timezone.now(), confirmed=confirmed)
        except NotPossible as error:
            raise _refused(error) from None
        tasks.hint(person_of(request))
        return HttpResponse(status=204)

    def _key(self, request: Request, showing: int) -> int:
        found = Entry.objects.filter(user=person_of(request), showing=showing, removed_at=None)
        asked = Entry.objects.filter(user=person_of(request), showing=showing, question__isnull=False)
        key = (found | asked).values_list("pk", flat=True).first()
        if key is None:
            raise Http404
        return int(key)


def _confirmed(request: Request) -> bool:
    said = single(dict(request.query_params.lists()), "confirm")
    if said not in ("", "true", "false"):
        raise BadParameter("confirm", "This is true or false.", ["true", "false"])
    return said == "true"


class Tickets(Mine):
    """``me/tickets/``"""

    def get(self, request: Request) -> HttpResponse:
        """Every live ticket that is known."""
        whole = situation.load(person_of(request))
        planned = frozenset(one.showing_id for one in whole.entries)
        return _listed(written.tickets(whole.tickets, planned))


class Cards(Mine):
    """``me/cards/``"""

    def get(self, request: Request) -> HttpResponse:
        """Cards by their last digits."""
        rows = Card.objects.filter(user=person_of(request)).order_by("-registered_at", "pk")
        return _listed([written.card(one) for one in rows])

    def post(self, request: Request) -> HttpResponse:
        """Add ``{"number": text}``."""
        number = _fields(request, "number").get("number")
        if not isinstance(number, str) or len(number) > 100:
            raise BadParameter("number", "The number on the card, as text.")
        try:
            card = tickets.type_in(person_of(request), number, timezone.now())
        except NotACard as refused:
            sentence = (
                "This is no card number." if refused.reason == "not_a_number" else "There are enough cards."
            )
            raise BadParameter("number", sentence) from None
        tasks.hint(person_of(request))
        return _json(written.card(card), 201)


class OneCard(Mine):
    """``me/cards/<id>/``"""

    def get(self, request: Request, card: int) -> HttpResponse:
        """One card."""
        row = Card.objects.filter(user=person_of(request), pk=card).first()
        if row is None:
            raise Http404
        return _json(written.card(row))

    def delete(self, request: Request, card: int) -> HttpResponse:
        """Forget a card that was typed in."""
        if not Card.objects.filter(user=person_of(request), pk=card, own=False).exists():
            raise Http404
        tickets.forget(person_of(request), card)
        return HttpResponse(status=204)


class TheLink(Mine):
    """``me/link/``. Linking itself needs a browser."""

    def get(self, request: Request) -> HttpResponse:
        """How it stands."""
        whole = situation.load(person_of(request))
        return _json(written.link(whole.link, configured() is not None))

    def delete(self, request: Request) -> HttpResponse:
        """Unlink; the plan stays. Not with a key."""
        if isinstance(request.auth, ApiKey):
            raise Problem("forbidden")
        linking.unlink_now(person_of(request))
        return HttpResponse(status=204)


class Export(Mine):
    """``me/export/``: everything that is kept about the person. Not with a key."""

    persons_only = True

    def get(self, request: Request) -> HttpResponse:
        """All of it."""
        return _json(personal.export(request.user))
