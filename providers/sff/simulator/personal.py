"""The paths of the API that need a user's access token: the plan (myfestival) and tickets. All paths are guesses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from providers.sff.simulator.accounts import USERS, Accounts, Card, User
from providers.sff.simulator.invented import Programme
from providers.sff.simulator.routes import Pairs, Reply
from providers.simulation.documents import Row
from providers.simulation.simulator import Request, Response
from providers.simulation.world import World
from providers.simulation.world.calendar import DAY, programme_day, stamp

_TICKET_FIELDS = [
    "eventId",
    "eventNumber",
    "eventName_sv",
    "eventName_en",
    "eventDate",
    "eventTime",
    "eventTimestamp",
    "filmId",
    "venueId",
    "venueName",
]


FAULTS: dict[str, str] = {
    "plan_error": "an edit of myfestival is answered with error, and not done",
    "plan_bare_word": "an edit of myfestival is answered with the bare word as body",
    "plan_unreadable_row": "one row of myfestival has no id",
    "plan_empty": "myfestival says that nothing is planned",
    "token_dead": "an access token is not accepted",
    "refresh_refused": "the token endpoint answers invalid_grant to a refresh",
    "client_refused": "the token endpoint answers invalid_client",
}


@dataclass(frozen=True)
class Call:
    """One call with the user that its token belongs to."""

    user: User
    pairs: Pairs


class Personal:
    """Plan and tickets over the accounts and the programme."""

    def __init__(self, world: World, programme: Programme, accounts: Accounts) -> None:
        self._world = world
        self._programme = programme
        self._accounts = accounts
        self._lists: dict[str, tuple[str, tuple[str, ...], Callable[[Call], Iterator[Row]]]] = {
            "myfestival/list": ("events", ("festival_id",), self._planned),
            "tickets/card": ("tickets", ("card_number",), self._on_card),
            "tickets/list": ("tickets", (), self._on_newest),
            "tickets/cards": ("cards", (), self._cards),
        }
        self._changes: dict[str, Callable[[User, Pairs], str]] = {
            "myfestival/add": self._add,
            "myfestival/remove": self._remove,
            "myfestival/have_ticket": self._have_ticket,
        }

    def answers(self, path: str) -> bool:
        """Whether the path is one of these."""
        return path in self._lists or path in self._changes

    def handle(self, request: Request, reply: Reply, path: str, pairs: Pairs) -> Response:
        """Answer a call whose key has been checked."""
        if path in self._changes:
            if request.method != "POST":
                return reply.refusal(404, "Unknown method.")
            form = request.form()
            dead = request.take("token_dead", True) or request.take("plan_error", True)
            user = None if dead else self._accounts.user_of(form.get("token", ""))
            status = "error" if user is None else self._changes[path](user, form)
            if request.take("plan_bare_word", True):
                return Response(200, status.encode(), (("Content-Type", "text/plain"),))
            return reply.record({"status": status, "message": f"{path}: {status}"})
        noun, needs, rows = self._lists[path]
        if request.method not in {"GET", "HEAD"}:
            return reply.refusal(404, "Unknown method.")
        user = None if request.take("token_dead", True) else self._accounts.user_of(pairs.get("token", ""))
        if user is None:
            return reply.record({"status": "error", "error": "Invalid access token."}, 401)
        if not all(pairs.get(name) for name in needs):
            return Response(400)
        if path == "myfestival/list" and request.take("plan_empty", True):
            return reply.rows(iter(()), noun)
        found = rows(Call(user, pairs))
        if path == "myfestival/list" and request.take("plan_unreadable_row", True):
            found = ({**row, "eventId": None} if at == 0 else row for at, row in enumerate(found))
        return reply.rows(found, noun)

    # The plan

    def _planned(self, call: Call) -> Iterator[Row]:
        plan = self._accounts.plan(call.user)
        for row in self._programme.events(call.pairs["festival_id"]):
            if row["eventId"] in plan:
                yield {**row, "myfestivalHaveTicket": "true" if plan[str(row["eventId"])] else "false"}

    def _add(self, user: User, form: Pairs) -> str:
        event_id = form.get("event_id", "")
        if self._programme.event(event_id) is None:
            return "error"
        return "success" if self._accounts.add(user, event_id) else "warning"

    def _remove(self, user: User, form: Pairs) -> str:
        event_id = form.get("event_id", "")
        if self._accounts.remove(user, event_id):
            return "success"
        return "error" if self._programme.event(event_id) is None else "warning"

    def _have_ticket(self, user: User, form: Pairs) -> str:
        if form.get("have_ticket") not in {"true", "false"}:
            return "error"
        changed = self._accounts.have_ticket(user, form.get("event_id", ""), form["have_ticket"] == "true")
        return {None: "error", True: "success", False: "warning"}[changed]

    # Tickets

    def _on_card(self, call: Call) -> Iterator[Row]:
        """The card may be anybody's."""
        number = call.pairs["card_number"]
        for user in USERS.values():
            for card in user.cards:
                if card.number == number:
                    yield from self._tickets(card)

    def _on_newest(self, call: Call) -> Iterator[Row]:
        newest = min(call.user.cards, key=lambda card: card.registered_days_ago, default=None)
        if newest is not None:
            yield from self._tickets(newest)

    def _tickets(self, card: Card) -> Iterator[Row]:
        current = next(row for row in self._programme.festivals() if row["festivalIsCurrent"] == "1")
        films = (row for row in self._programme.events(str(current["festivalId"])) if row["filmId"])
        for at, row in enumerate(films):
            if at > max(card.tickets, default=-1):
                return
            if at in card.tickets:
                yield {
                    "ticketId": f"{card.number[-3:]}{row['eventId']}",
                    "cardNumber": card.number,
                    **{name: row[name] for name in _TICKET_FIELDS},
                    "ticketModifiedTimestamp": current["festivalTicketSaleBegin"],
                }

    def _cards(self, call: Call) -> Iterator[Row]:
        today = programme_day(self._world.now())
        for card in call.user.cards:
            registered = today - timedelta(days=card.registered_days_ago)
            yield {
                "cardNumber": card.number,
                "cardType_sv": card.kind_sv,
                "cardType_en": card.kind_en,
                "cardBegin": str(stamp(registered)),
                "cardEnd": str(stamp(registered) + 730 * DAY),
                "cardRegisteredTimestamp": str(stamp(registered, 600)),
            }
