"""The rate limit: so many requests per window, windows aligned to the epoch, for everybody behind one address."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from providers.simulation.simulator import Headers, Response
from providers.simulation.world import World

WINDOW = 300


class Limiter:
    """Counts requests on the simulation's clock. All of them come from one address here, whatever their key."""

    def __init__(self, world: World, switch: Callable[[str], str]) -> None:
        self._world = world
        self._switch = switch
        self._lock = Lock()
        self._window = -1
        self._used = 0

    def refusal(self) -> Response | None:
        """The answer to one more request, None while there are some left."""
        quota = self._switch("quota")
        if quota == "off":
            return None
        with self._lock:
            window = self._world.instant() // WINDOW
            if window != self._window:
                self._window, self._used = window, 0
            self._used += 1
            return throttled(int(quota), (window + 1) * WINDOW) if self._used > int(quota) else None


def throttled(quota: int, reset: int) -> Response:
    """429 as it is documented; its body is a guess."""
    headers: Headers = (
        ("Content-Type", "text/plain"),
        ("Ratelimit-Limit", str(quota)),
        ("Ratelimit-Remaining", "0"),
        ("Ratelimit-Reset", str(reset)),
    )
    return Response(429, b"Throttled\n", headers)
