"""An upstream that answers what a test says, path by path, over real HTTP."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from providers.simulation import Running, running
from providers.simulation.simulator import Options, Request, Response, Simulator, Upstream
from providers.simulation.world import World

Answer = Response | Callable[[Request], Response]


def rows(*items: Any, status: int = 200) -> Response:
    return Response(status, json.dumps(list(items)).encode(), (("Content-Type", "application/json"),))


def record(item: Any, status: int = 200) -> Response:
    return Response(status, json.dumps(item).encode(), (("Content-Type", "application/json"),))


def nothing(noun: str) -> Response:
    return record({"error": f"No {noun} could be found"}, 404)


NOTHING: Mapping[str, Answer] = {
    "festivals/list": nothing("festivals"),
    "venues/list": nothing("venues"),
    "sections/list": nothing("sections"),
    "events/festival_list": nothing("events"),
    "events/changed_list": nothing("events"),
    "films/festival_list": nothing("films"),
    "films/film": record({"error": "Film could not be found"}, 404),
}


@contextmanager
def upstream(now: datetime, answers: Mapping[str, Answer]) -> Iterator[Running]:
    """Serve *answers* by ``section/function``; every other list is empty."""
    served = {**NOTHING, **answers}

    def handle(request: Request) -> Response:
        function = "/".join(request.path.removeprefix("/sff/v1/").split("/")[:2])
        found = served[function]
        return found if isinstance(found, Response) else found(request)

    def build(world: World, options: Options) -> Upstream:
        return Upstream(handle, lambda what, arguments: {})

    def environment(base_url: str) -> dict[str, str]:
        return {"PROVIDER_SFF_BASE_URL": f"{base_url}/sff/v1/", "PROVIDER_SFF_API_KEY": "k" * 40}

    simulator = Simulator("sff", ("/sff/",), ("/sff/v1/",), build, environment)
    with running(simulators={"sff": simulator}, now=now) as simulation:
        yield simulation
