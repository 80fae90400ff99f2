"""The ways in which an upstream can misbehave, by name, and the board that says which are switched on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock

from providers.simulation.pictures import PICTURES
from providers.simulation.simulator import Impossible, Simulator

TRANSPORT: dict[str, str] = {
    "connect_timeout": "accepts the request and never sends a byte",
    "read_timeout": "sends half of the answer, then nothing",
    "reset": "resets the connection in the middle of the body",
    "500": "500 with a plain text",
    "502_html": "502 with an HTML page",
    "429": "429 without Retry-After",
    "429_retry_after": "429 with Retry-After: 3",
    "401": "401 with a JSON message",
    "403": "403 with a JSON message",
    "html_200": "an HTML page under 200",
    "truncated_json": "a complete answer whose document is cut in half",
    "huge_body": "200 MB of JSON that never says its length",
    "gzip_bomb": "a small gzip body that unpacks to 1 GB",
    "redirect_private": "302 to http://169.254.169.254/",
    "slow": "a correct answer, two seconds late",
}
"""Done by the server to whatever the simulator answers."""

DOCUMENT: dict[str, str] = {
    "404_empty": "the contract's own way to say that a list is empty",
    "wrong_types": "one document of the list has values of wrong types",
    "missing_field": "one document lacks a field that nothing can do without",
    "unknown_fields": "every document has fields that nobody documented",
    "duplicate_ids": "one document stands twice in the list",
    "invalid_utf8": "one document holds a byte that is not UTF-8",
    "bad_timestamps": "one document holds timestamps out of every range",
}
"""Done by each simulator to its own documents."""


def known_faults(simulator: Simulator) -> dict[str, str]:
    """Every fault that the simulator can be given, with one line each."""
    return {**TRANSPORT, **DOCUMENT, **PICTURES, **simulator.faults}


@dataclass(frozen=True)
class Fault:
    """A fault that is on: how many times still (None: until switched off), and where."""

    times: int | None = None
    path: str | None = None


class FaultBoard:
    """Which faults are on, safe to ask from many threads."""

    def __init__(self, simulators: Mapping[str, Simulator]) -> None:
        self._simulators = simulators
        self._on: dict[tuple[str, str], Fault] = {}
        self._lock = Lock()

    def set(
        self, slug: str, name: str, on: bool = True, times: int | None = None, path: str | None = None
    ) -> None:
        """Switch a fault on or off. Raises Impossible for a slug or name that does not exist."""
        if slug not in self._simulators:
            raise Impossible(f"unknown simulator '{slug}' (there are: {', '.join(self._simulators)})")
        if name not in known_faults(self._simulators[slug]):
            raise Impossible(f"unknown fault '{name}' for {slug} (see --list-faults)")
        with self._lock:
            if on:
                self._on[slug, name] = Fault(times, path)
            else:
                self._on.pop((slug, name), None)

    def clear(self) -> None:
        """Switch every fault off."""
        with self._lock:
            self._on.clear()

    def listing(self) -> list[dict[str, object]]:
        """The faults that are on, as JSON-able values."""
        with self._lock:
            return [
                {"slug": slug, "name": name, "times": fault.times, "path": fault.path}
                for (slug, name), fault in self._on.items()
            ]

    def take(self, slug: str, name: str, address: str, main: bool) -> bool:
        """Whether the fault strikes *address*, path and query; uses up one of its times when it does."""
        if not self._on:
            return False
        with self._lock:
            fault = self._on.get((slug, name))
            if fault is None or (fault.path not in address if fault.path else not main):
                return False
            if fault.times is None:
                return True
            if fault.times <= 1:
                del self._on[slug, name]
            else:
                self._on[slug, name] = replace(fault, times=fault.times - 1)
            return fault.times > 0
