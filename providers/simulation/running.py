"""Simulators inside a test: started on a free port, steered by calls, stopped at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread

from providers.simulation.server import Served, Server
from providers.simulation.simulator import Impossible, Simulator, discover
from providers.simulation.stage import DEFAULT_SCALE, DEFAULT_SEED, Stage


def chosen(slugs: Iterable[str] | None) -> dict[str, Simulator]:
    """The simulators of these slugs, all for None. Raises Impossible for one that does not exist."""
    if slugs is None:
        return discover()
    wanted = list(slugs)
    found = discover(wanted)
    for slug in wanted:
        if slug not in found:
            raise Impossible(f"unknown simulator '{slug}' (there are: {', '.join(discover())})")
    return {slug: found[slug] for slug in wanted}


def fault_named(text: str) -> tuple[str, str]:
    """`slug:name` taken apart. Raises Impossible when it is not of that form."""
    slug, colon, name = text.partition(":")
    if not colon or not slug or not name:
        raise Impossible(f"a fault is written slug:name, not '{text}'")
    return slug, name


class Running:
    """A running simulation. `requests` is its log, oldest first; `port` its port on 127.0.0.1."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.stage = server.stage

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    @property
    def base_url(self) -> str:
        """Scheme, host and port, without a slash."""
        return self.stage.base_url

    @property
    def requests(self) -> list[Served]:
        return list(self._server.log)

    def forget_requests(self) -> None:
        """Empty the log."""
        self._server.log.clear()

    def environment(self) -> dict[str, str]:
        """The PROVIDER_* settings that point here."""
        return self.stage.environment()

    def fault(
        self, slug: str, name: str, on: bool = True, times: int | None = None, path: str | None = None
    ) -> None:
        """Switch a fault on (for so many answers; None = until cleared) or off.

        With `path` it strikes every address of the simulator that holds that text, its query too, else its data.
        """
        self.stage.board.set(slug, name, on, times, path)

    def clear(self) -> None:
        """Switch every fault off. Mutations stay: `mutate(slug, "restore")` takes them back."""
        self.stage.board.clear()

    def switch(self, slug: str, name: str, value: str) -> None:
        """Set one of the simulator's switches."""
        self.stage.switches.set(slug, name, value)

    def mutate(self, slug: str, what: str, **arguments: object) -> dict[str, object]:
        """Change the world from now on (see simulator.MUTATIONS); returns what was touched."""
        return self.stage.mutate(slug, what, arguments)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.stage.clock.advance(seconds)

    def now(self) -> datetime:
        """The present of the simulated world."""
        return self.stage.now()


@contextmanager
def running(
    slugs: Iterable[str] | None = None,
    *,
    scale: int = DEFAULT_SCALE,
    seed: int = DEFAULT_SEED,
    now: datetime | Callable[[], datetime] | None = None,
    faults: Iterable[str] = (),
    recordings: Mapping[str, Path] | None = None,
    port: int = 0,
    simulators: Mapping[str, Simulator] | None = None,
) -> Iterator[Running]:
    """Serve simulators while the block runs.

    slugs: which (None = all; or give `simulators` themselves). scale: showings of all of them together.
    now: an aware datetime stands still until advanced, a callable is asked, None is the real time.
    faults: "slug:name" each, on from the start. recordings: slug to file. port: 0 takes a free one.
    """
    served = dict(simulators) if simulators is not None else chosen(slugs)
    clock: Callable[[], datetime] | None
    clock = (lambda: now) if isinstance(now, datetime) else now

    def build(base_url: str) -> Stage:
        return Stage(served, base_url, scale=scale, seed=seed, now=clock, recordings=recordings)

    server = Server(build, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        simulation = Running(server)
        for text in faults:
            simulation.fault(*fault_named(text))
        yield simulation
    finally:
        server.stop()
        thread.join(5)
