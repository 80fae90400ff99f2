"""Accounts of the simulated festival site: users, OAuth codes and tokens, plans, cards.

Kept in memory and gone with the process. Lifetimes run on the clock of the simulated world.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field
from threading import Lock

from providers.simulation.world import World
from providers.simulation.world.calendar import DAY

CODE_SECONDS = 120
ACCESS_SECONDS = 7_200
REFRESH_SECONDS = 5 * 365 * DAY

_SIGNS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Card:
    """A membership card. `tickets` are positions in the current festival's list of film events."""

    number: str
    kind_sv: str
    kind_en: str
    registered_days_ago: int
    tickets: tuple[int, ...]


@dataclass(frozen=True)
class User:
    """A demo user: name, password, cards."""

    name: str
    password: str
    cards: tuple[Card, ...]


USERS: dict[str, User] = {
    user.name: user
    for user in (
        User(
            "demo",
            "demo",
            (
                Card("0004711001", "Medlemskort", "Membership card", 400, (3,)),
                Card("0004711002", "Festivalpass", "Festival pass", 20, (8, 21, 34)),
            ),
        ),
        User("guest", "guest", (Card("0009922001", "Medlemskort", "Membership card", 5, ()),)),
    )
}


@dataclass(frozen=True)
class _Grant:
    """A code or token: whose, until when, and for a code the address it was given to."""

    user: str
    until: int
    redirect_uri: str = ""


@dataclass(frozen=True)
class Tokens:
    """A fresh pair."""

    access: str
    refresh: str


def _secret() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(32))


@dataclass
class Accounts:
    """All that the site remembers. Safe to use from many threads."""

    world: World
    _codes: dict[str, _Grant] = field(default_factory=dict)
    _access: dict[str, _Grant] = field(default_factory=dict)
    _refresh: dict[str, _Grant] = field(default_factory=dict)
    _sessions: dict[str, str] = field(default_factory=dict)
    _plans: dict[str, dict[str, bool]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def log_in(self, name: str, password: str) -> str | None:
        """A session for the user, None for a wrong name or password."""
        user = USERS.get(name)
        if user is None or user.password != password:
            return None
        session = _secret()
        self._sessions[session] = name
        return session

    def logged_in(self, session: str) -> str | None:
        """The user of a session."""
        return self._sessions.get(session)

    def user_in(self, session: str) -> User | None:
        """Who is logged in with a session."""
        name = self._sessions.get(session)
        return None if name is None else USERS[name]

    def new_code(self, user: str, redirect_uri: str) -> str:
        """An authorization code, good for two minutes and once."""
        code = _secret()
        with self._lock:
            self._codes[code] = _Grant(user, self.world.instant() + CODE_SECONDS, redirect_uri)
        return code

    def exchange(self, code: str, redirect_uri: str) -> Tokens | None:
        """Tokens for a code; None when it is unknown, used, too old or of another address."""
        with self._lock:
            grant = self._codes.pop(code, None)
            if grant is None or grant.until < self.world.instant() or grant.redirect_uri != redirect_uri:
                return None
            return self._new_tokens(grant.user)

    def refresh(self, token: str) -> Tokens | None:
        """A new pair for a refresh token, which dies at once; None when it is unknown or too old."""
        with self._lock:
            grant = self._refresh.pop(token, None)
            if grant is None or grant.until < self.world.instant():
                return None
            return self._new_tokens(grant.user)

    def _new_tokens(self, user: str) -> Tokens:
        tokens, now = Tokens(_secret(), _secret()), self.world.instant()
        self._access[tokens.access] = _Grant(user, now + ACCESS_SECONDS)
        self._refresh[tokens.refresh] = _Grant(user, now + REFRESH_SECONDS)
        return tokens

    def user_of(self, token: str) -> User | None:
        """Whose access token this is, None when it is unknown or too old."""
        grant = self._access.get(token)
        if grant is None or grant.until < self.world.instant():
            return None
        return USERS[grant.user]

    def plan(self, user: User) -> dict[str, bool]:
        """The user's events: event id to whether there is a ticket."""
        with self._lock:
            return dict(self._plans.get(user.name, {}))

    def add(self, user: User, event_id: str) -> bool:
        """Put an event into the plan; False when it was there."""
        with self._lock:
            plan = self._plans.setdefault(user.name, {})
            new = event_id not in plan
            plan.setdefault(event_id, False)
            return new

    def remove(self, user: User, event_id: str) -> bool:
        """Take an event out of the plan; False when it was not there."""
        with self._lock:
            return self._plans.get(user.name, {}).pop(event_id, None) is not None

    def have_ticket(self, user: User, event_id: str, have: bool) -> bool | None:
        """Note whether there is a ticket; False when it was so already, None when the event is not planned."""
        with self._lock:
            plan = self._plans.get(user.name, {})
            if event_id not in plan:
                return None
            changed = plan[event_id] != have
            plan[event_id] = have
            return changed
