"""The control paths, with which tests and demonstrations steer a running simulation. Loopback only.

GET  /_control/           clock, faults that are on, everything that can be asked for
POST /_control/fault      {"slug", "name", "on": true, "times": null, "path": null}
POST /_control/clear      {} switches every fault off
POST /_control/clock      {"now": ISO date and time} or {"advance": seconds}
POST /_control/switch     {"slug", "name", "value"}
POST /_control/mutate     {"slug", "what", …arguments of the mutation}

Answers are JSON; what cannot be done is 400 with {"error"}.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from providers.simulation.faults import known_faults
from providers.simulation.simulator import MUTATIONS, Impossible, Request, Response, json_response
from providers.simulation.stage import Stage

CONTROL = "/_control/"

Arguments = dict[str, object]


def _number(arguments: Arguments, name: str) -> float | None:
    value = arguments.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Impossible(f"'{name}' must be a number")
    return value


def _state(stage: Stage) -> dict[str, object]:
    return {
        "now": stage.now().isoformat(),
        "on": stage.board.listing(),
        "mutations": MUTATIONS,
        "simulators": {
            slug: {
                "mounts": simulator.mounts,
                "faults": known_faults(simulator),
                "switches": {name: stage.switches.get(slug, name) for name in simulator.switches},
            }
            for slug, simulator in stage.simulators.items()
        },
    }


def _fault(stage: Stage, arguments: Arguments) -> dict[str, object]:
    times = _number(arguments, "times")
    path = arguments.get("path")
    stage.board.set(
        str(arguments.get("slug")),
        str(arguments.get("name")),
        arguments.get("on", True) is not False,
        None if times is None else int(times),
        None if path is None else str(path),
    )
    return {"on": stage.board.listing()}


def _clear(stage: Stage, arguments: Arguments) -> dict[str, object]:
    stage.board.clear()
    return {"on": []}


def _clock(stage: Stage, arguments: Arguments) -> dict[str, object]:
    seconds = _number(arguments, "advance")
    if seconds is not None:
        stage.clock.advance(seconds)
    elif "now" in arguments:
        try:
            now = datetime.fromisoformat(str(arguments["now"]))
        except ValueError as error:
            raise Impossible(f"'now' must be a date and time: {error}") from None
        stage.clock.set(now if now.tzinfo else now.replace(tzinfo=UTC))
    else:
        raise Impossible("give 'now' or 'advance'")
    return {"now": stage.now().isoformat()}


def _switch(stage: Stage, arguments: Arguments) -> dict[str, object]:
    slug, name, value = (str(arguments.get(key)) for key in ("slug", "name", "value"))
    stage.switches.set(slug, name, value)
    return {"slug": slug, "name": name, "value": value}


def _mutate(stage: Stage, arguments: Arguments) -> dict[str, object]:
    rest = {name: value for name, value in arguments.items() if name not in {"slug", "what"}}
    return stage.mutate(str(arguments.get("slug")), str(arguments.get("what")), rest)


_POST: dict[str, Callable[[Stage, Arguments], dict[str, object]]] = {
    "fault": _fault,
    "clear": _clear,
    "clock": _clock,
    "switch": _switch,
    "mutate": _mutate,
}


def control(stage: Stage, request: Request) -> Response:
    """Answer a request under /_control/."""
    name = request.path.removeprefix(CONTROL).strip("/")
    if request.method == "GET":
        return json_response(200, _state(stage))
    if request.method != "POST" or name not in _POST:
        return json_response(404, {"error": f"no such control: {request.method} {request.path}"})
    try:
        arguments = json.loads(request.body or b"{}")
        if not isinstance(arguments, dict):
            raise Impossible("send a JSON object")
        return json_response(200, _POST[name](stage, arguments))
    except (Impossible, ValueError) as error:
        return json_response(400, {"error": str(error)})
