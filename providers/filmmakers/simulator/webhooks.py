"""The sender of webhooks: signs, groups, delivers, and tries again with doubling delays on the simulation's clock.

Nothing is sent by itself: `deliver` sends what is due. The registration of an address, which upstream's support does
by hand, is `subscribe`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import RLock
from urllib.parse import urlsplit

from providers.simulation.simulator import Impossible
from providers.simulation.world import World
from providers.simulation.world.dice import Dice

FIRST_DELAY, MOST_TRIES, TIMEOUT = 60, 8, 5.0

Arguments = Mapping[str, object]


@dataclass
class Pending:
    """One event on its way. `stamp` is the time it was first signed with."""

    type: str
    profile: int
    created: int
    due: int
    tries: int = 0
    stamp: int = 0

    def body(self) -> bytes:
        """The event as it is sent."""
        event = {"type": self.type, "created": self.created, "data": {"id": self.profile}}
        return json.dumps(event, separators=(",", ":")).encode()


def signature(key: str, stamp: int, body: bytes, *, blank: bool = True) -> str:
    """The header's value, with or without the blank behind the comma."""
    digest = hmac.digest(key.encode(), b"%d." % stamp + body, "sha256").hex()
    return f"t={stamp},{' ' if blank else ''}v1={digest}"


class Sender:
    """Events that wait, and where they go."""

    def __init__(self, world: World, switch: Callable[[str], str], key: str) -> None:
        self._world = world
        self._switch = switch
        self._key = key
        self._lock = RLock()
        self.restore()

    def restore(self) -> None:
        """Nobody is subscribed, nothing waits."""
        self._url = ""
        self._grouping = 0
        self.waiting: list[Pending] = []
        self._given_up = 0

    def subscribe(self, arguments: Arguments) -> dict[str, object]:
        """`url` to send to (http, loopback); `grouping` seconds within which updates of a profile are one."""
        url, grouping = str(arguments.get("url") or ""), arguments.get("grouping", 0)
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "localhost"}:
            raise Impossible("'url' must be an http address of this machine")
        if isinstance(grouping, bool) or not isinstance(grouping, int) or grouping < 0:
            raise Impossible("'grouping' must be a number of seconds")
        self._url, self._grouping = url, grouping
        return {"url": url}

    def queue(self, name: str, profile: int) -> None:
        """An event happened; unsent updates of the same profile are one event."""
        if not self._url:
            return
        now = self._world.instant()
        with self._lock:
            if name.endswith(".updated"):
                for pending in self.waiting:
                    if (pending.type, pending.profile, pending.tries) == (
                        name,
                        profile,
                        0,
                    ) and pending.due > now:
                        pending.created = now
                        return
            delay = self._grouping if name.endswith(".updated") else 0
            self.waiting.append(Pending(name, profile, now, now + delay))

    def deliver(self, arguments: Arguments) -> dict[str, object]:
        """Send what is due. `twice`: everything two times; `shuffle`: in another order; `unknown`: with one event of a
        type that nobody knows; `bad`: that share with a wrong signature (sent once more properly).
        """
        now = self._world.instant()
        with self._lock:
            due = [pending for pending in self.waiting if pending.due <= now]
        dice = Dice("deliver", arguments.get("shuffle", ""), now, len(due))
        if arguments.get("unknown"):
            due.append(Pending("actor_profile.sneezed", 1, now, now, MOST_TRIES))
        if arguments.get("shuffle"):
            due = dice.sample(due, len(due))
        bad = float(str(arguments.get("bad", 0)))
        sent = accepted = refused = 0
        for pending in due:
            if dice.chance(bad):
                refused += self._send(pending, now, "a-key-that-is-wrong") != 200
                sent += 1
            for _ in range(2 if arguments.get("twice") else 1):
                good = self._send(pending, now, self._key) == 200
                sent += 1
            accepted += good
            self._settle(pending, now, good)
        return {
            "sent": sent,
            "accepted": accepted,
            "refused": refused,
            "waiting": len(self.waiting),
            "given_up": self._given_up,
        }

    def _settle(self, pending: Pending, now: int, good: bool) -> None:
        with self._lock:
            if pending not in self.waiting:
                return
            pending.tries += 1
            pending.due = now + FIRST_DELAY * 2 ** (pending.tries - 1)
            if good or pending.tries >= MOST_TRIES:
                self.waiting.remove(pending)
                self._given_up += not good

    def _send(self, pending: Pending, now: int, key: str) -> int:
        """The status of the answer; 0 for none in time."""
        again = self._switch("retry_signature") == "kept" and pending.stamp
        pending.stamp = pending.stamp if again else now
        body = pending.body()
        header = signature(key, pending.stamp, body, blank=self._switch("signature_header") == "blank")
        parts = urlsplit(self._url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            headers = {"Content-Type": "application/json", "X-Signature": header}
            connection.request("POST", parts.path or "/", body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()
