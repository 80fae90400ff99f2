"""What a simulator is: a value that says where it listens and how it answers.

A provider gets one by having a module `providers.<slug>.simulator` with a `SIMULATOR` of this type; nothing
else names it. Simulators keep the providers' contracts over real HTTP and never touch a database.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import pkgutil
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

import providers
from providers.simulation.world import World

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """One request as it came. `path` is still percent-encoded, header names are in lower case.

    Of a parameter that is given several times `query` has the first, `pairs` all of them in order.

    `take(name, main)` asks whether a named fault is switched on for this path and uses up one of its times.
    `main` says that the answer is of the kind the fault is meant for when nobody limited it to a path.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    take: Callable[[str, bool], bool]
    pairs: tuple[tuple[str, str], ...] = ()

    def form(self) -> dict[str, str]:
        """The fields of a form-encoded body; the last one of a name counts."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Response:
    """An answer. A body that is an iterator is sent in chunks as it is made."""

    status: int
    body: bytes | Iterator[bytes] = b""
    headers: Headers = ()


def json_response(status: int, value: object, headers: Headers = ()) -> Response:
    """A small JSON answer."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return Response(status, body, (("Content-Type", "application/json"), *headers))


def html_response(status: int, page: str, headers: Headers = ()) -> Response:
    """A small HTML page."""
    return Response(status, page.encode(), (("Content-Type", "text/html; charset=utf-8"), *headers))


class Impossible(ValueError):
    """A mutation, fault or switch that the simulator does not know or cannot do; the text is for people."""


@dataclass(frozen=True)
class Upstream:
    """A simulator at work.

    `mutate(what, arguments)` changes the world from now on and returns what it touched, as JSON-able values;
    it raises `Impossible` for what it does not know. `what` is one of MUTATIONS.
    """

    handle: Callable[[Request], Response]
    mutate: Callable[[str, Mapping[str, object]], dict[str, object]]


MUTATIONS: dict[str, str] = {
    "restore": "take back every change",
    "shrink": "lists keep only a share of their rows (share, default 0.1)",
    "rename": "another name for one event or film (id, name)",
    "seats": "another number of seats or ticket status for one showing, nothing else (id, value)",
    "move": "another time or venue for one showing (id, seconds, venue)",
    "remove_showing": "one showing goes (id)",
    "remove_event": "one event with all its showings goes (id)",
    "add_event": "one more event with a showing appears",
    "break": "one document is spoiled until restored (id, how: wrong_type or missing_field)",
}


@dataclass(frozen=True)
class Options:
    """What a simulator is built with. `scale` is about how many showings it should hold, `world` about how many all
    simulators together hold: what there is of an API without showings follows that.

    `switch(name)` is the present setting of one of the simulator's switches.
    """

    scale: int
    base_url: str
    recording: Path | None = None
    switch: Callable[[str], str] = field(default=lambda name: "")
    world: int = 1


@dataclass(frozen=True)
class Simulator:
    """One upstream API, ready to be served.

    slug: the provider's. mounts: path prefixes that belong to it. data: those of them that faults strike
    unless a path is named. environment(base_url): the PROVIDER_* settings that point at it. faults: its own
    faults beside the general ones, name to one line. switches: name to allowed settings, the first is the
    default. recording_option: help text of its `--<slug>-recording FILE`, None if it reads none.
    weight: its part of the showings of the whole world; 0 for an API without showings.
    """

    slug: str
    mounts: tuple[str, ...]
    data: tuple[str, ...]
    build: Callable[[World, Options], Upstream]
    environment: Callable[[str], dict[str, str]]
    faults: Mapping[str, str] = field(default_factory=dict)
    switches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recording_option: str | None = None
    weight: int = 1


def discover(only: Container[str] | None = None) -> dict[str, Simulator]:
    """Every simulator there is, by slug: packages under `providers` that have a `simulator` module.

    `only`: look at these packages alone, the others are not even imported.
    """
    found: dict[str, Simulator] = {}
    for module in pkgutil.iter_modules(providers.__path__):
        name = f"providers.{module.name}.simulator"
        wanted = only is None or module.name in only
        if not module.ispkg or module.name in {"simulation", "management"} or not wanted:
            continue
        if importlib.util.find_spec(name) is None:
            continue
        simulator = getattr(importlib.import_module(name), "SIMULATOR", None)
        if isinstance(simulator, Simulator):
            found[simulator.slug] = simulator
    return dict(sorted(found.items()))
