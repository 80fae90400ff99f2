"""The page of the simulated site on which a user plans: the other side of a linked account."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from http.cookies import SimpleCookie
from itertools import islice

from providers.sff.simulator.accounts import Accounts, User
from providers.sff.simulator.invented import Programme
from providers.simulation.documents import Row
from providers.simulation.simulator import Request, Response, html_response
from providers.simulation.world import World

COOKIE = "simulated_festival"
#: Events that the list to choose from holds.
CHOICE = 60

_PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>My festival</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<body><h1>My festival: the other side</h1>
<p>This stands in for the festival's own site. What is changed here, Marquee finds when it next looks.</p>{body}</body>
</html>"""
_BUTTONS = (("remove", "Remove"), ("have", "I have a ticket"), ("have_not", "I have no ticket"))


class PlanPage:
    """Login, list, and a form per event. It edits the same plan as the API."""

    def __init__(self, world: World, programme: Programme, accounts: Accounts) -> None:
        self._world = world
        self._programme = programme
        self._accounts = accounts

    def handle(self, request: Request) -> Response:
        """Answer a request to the page; a change is answered by the page as it is then."""
        form = request.form() if request.method == "POST" else {}
        cookies = SimpleCookie(request.headers.get("cookie", ""))
        session = cookies[COOKIE].value if COOKIE in cookies else ""
        if "username" in form:
            session = self._accounts.log_in(form["username"], form.get("password", "")) or ""
        user = self._accounts.user_in(session)
        if user is None:
            return self._login(403 if form else 200)
        if "event_id" in form:
            self._change(user, form["event_id"], form.get("action", ""))
        return self._list(user, session)

    def _change(self, user: User, event_id: str, action: str) -> None:
        if action == "add" and self._programme.event(event_id) is not None:
            self._accounts.add(user, event_id)
        elif action == "remove":
            self._accounts.remove(user, event_id)
        elif action in {"have", "have_not"}:
            self._accounts.have_ticket(user, event_id, action == "have")

    def _login(self, status: int) -> Response:
        body = (
            '<form method="post"><p><label>User <input name="username" required></label>'
            '<p><label>Password <input name="password" type="password" required></label>'
            "<p><button>Log in</button> (demo / demo, guest / guest)</form>"
        )
        return html_response(status, _PAGE.format(body=body))

    def _list(self, user: User, session: str) -> Response:
        plan = self._accounts.plan(user)
        rows = list(self._events())
        planned = [row for row in rows if str(row["eventId"]) in plan]
        now = self._world.instant()
        others = (row for row in rows if row not in planned and int(str(row["eventTimestamp"])) > now)
        items = "".join(_item(row, plan[str(row["eventId"])]) for row in planned)
        choice = "".join(
            f'<option value="{escape(str(row["eventId"]))}">{_named(row)}</option>'
            for row in islice(others, CHOICE)
        )
        body = (
            f"<p>Logged in as {escape(user.name)}</p><ul>{items or '<li>Nothing is planned.</li>'}</ul>"
            f'<form method="post"><label>Event <select name="event_id">{choice}</select></label> '
            '<button name="action" value="add">Add</button></form>'
        )
        cookie = f"{COOKIE}={session}; Path=/sff-site/; HttpOnly; SameSite=Lax"
        return html_response(200, _PAGE.format(body=body), (("Set-Cookie", cookie),))

    def _events(self) -> Iterator[Row]:
        current = next(row for row in self._programme.festivals() if row["festivalIsCurrent"] == "1")
        return (
            row for row in self._programme.events(str(current["festivalId"])) if row.get("eventTimestamp")
        )


def _item(row: Row, ticket: bool) -> str:
    buttons = " ".join(f'<button name="action" value="{value}">{label}</button>' for value, label in _BUTTONS)
    hidden = f'<input type="hidden" name="event_id" value="{escape(str(row["eventId"]))}">'
    mark = " (ticket)" if ticket else ""
    return f'<li><form method="post">{_named(row)}{mark} {hidden}{buttons}</form></li>'


def _named(row: Row) -> str:
    return escape(f"{row.get('eventDate')} {str(row.get('eventTime'))[:5]} {row.get('eventName_en')}")
