"""Everything a running server holds: the clock, the simulators at work, their faults and switches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from providers.simulation.faults import FaultBoard
from providers.simulation.simulator import Impossible, Options, Simulator
from providers.simulation.world import World

DEFAULT_SCALE = 600
DEFAULT_SEED = 1
DEFAULT_PORT = 8001


class Clock:
    """A clock that can be set. Starts as the callable it is made with (by default the real time)."""

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or (lambda: datetime.now(UTC))
        self._offset = timedelta()

    def now(self) -> datetime:
        """The present of the simulated world, aware."""
        return self._source() + self._offset

    def set(self, now: datetime) -> None:
        """Make it `now`; the clock goes on from there."""
        self._offset = now - self._source()

    def advance(self, seconds: float) -> None:
        """Let so much time pass at once."""
        self._offset += timedelta(seconds=seconds)


class Switches:
    """The settings of every simulator's switches."""

    def __init__(self, simulators: Mapping[str, Simulator]) -> None:
        self._allowed = {slug: simulator.switches for slug, simulator in simulators.items()}
        self._set: dict[tuple[str, str], str] = {}

    def set(self, slug: str, name: str, value: str) -> None:
        """Raises Impossible for a switch or setting that does not exist."""
        allowed = self._allowed.get(slug, {}).get(name)
        if allowed is None:
            raise Impossible(f"unknown switch '{name}' for {slug}")
        if value not in allowed:
            raise Impossible(f"switch {slug}:{name} takes {', '.join(allowed)}, not '{value}'")
        self._set[slug, name] = value

    def get(self, slug: str, name: str) -> str:
        """The present setting, the first allowed one unless another was set."""
        return self._set.get((slug, name)) or self._allowed[slug][name][0]

    def clear(self) -> None:
        """Back to every default."""
        self._set.clear()


class Stage:
    """Simulators built over one world.

    `scale` is the number of showings of all of them together, shared by their weights.
    """

    def __init__(
        self,
        simulators: Mapping[str, Simulator],
        base_url: str,
        *,
        scale: int = DEFAULT_SCALE,
        seed: int = DEFAULT_SEED,
        now: Callable[[], datetime] | None = None,
        recordings: Mapping[str, Path] | None = None,
    ) -> None:
        self.simulators = simulators
        self.base_url = base_url
        self.clock = Clock(now)
        self.board = FaultBoard(simulators)
        self.switches = Switches(simulators)
        world = World(seed, self.clock.now)
        weights = sum(simulator.weight for simulator in simulators.values()) or 1
        self.upstreams = {
            slug: simulator.build(
                world,
                Options(
                    scale=max(1, scale * simulator.weight // weights),
                    base_url=base_url,
                    recording=(recordings or {}).get(slug),
                    switch=lambda name, slug=slug: self.switches.get(slug, name),  # type: ignore[misc]
                    world=scale,
                ),
            )
            for slug, simulator in simulators.items()
        }

    def now(self) -> datetime:
        """The present of the simulated world."""
        return self.clock.now()

    def owner(self, path: str) -> str | None:
        """The slug of the simulator that the path belongs to."""
        for slug, simulator in self.simulators.items():
            if any(path.startswith(mount) for mount in simulator.mounts):
                return slug
        return None

    def is_data(self, slug: str, path: str) -> bool:
        """Whether faults strike the path without being limited to it."""
        return any(path.startswith(prefix) for prefix in self.simulators[slug].data)

    def environment(self) -> dict[str, str]:
        """The PROVIDER_* settings that point at this stage."""
        return environment(self.simulators, self.base_url)

    def mutate(self, slug: str, what: str, arguments: Mapping[str, object]) -> dict[str, object]:
        """Change the world of one simulator; see MUTATIONS. Raises Impossible."""
        if slug not in self.upstreams:
            raise Impossible(f"unknown simulator '{slug}' (there are: {', '.join(self.upstreams)})")
        return self.upstreams[slug].mutate(what, arguments)


def environment(simulators: Mapping[str, Simulator], base_url: str) -> dict[str, str]:
    """The PROVIDER_* settings of all the simulators served at the base URL (scheme, host, port; no slash)."""
    settings: dict[str, str] = {}
    for simulator in simulators.values():
        settings.update(simulator.environment(base_url))
    return settings
