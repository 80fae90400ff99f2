"""What was asked of the simulator, and what came to be stored."""

import json
from typing import Any

from providers.simulation import Running
from tests.providers.filmmakers.visits import Memory

#: Of the first twelve: one is a child, one is private, one hides the age.
CHILD, PRIVATE, AGELESS = "4723", "4721", "4718"
SECONDS = 300


def asked(simulation: Running) -> list[str]:
    """The paths asked for since last time."""
    paths = [served.path.removeprefix("/filmmakers/api/v1/") for served in simulation.requests]
    simulation.forget_requests()
    return paths


def details(simulation: Running) -> list[str]:
    """Ids of the profiles asked for since last time."""
    return [path.partition("/")[2] for path in asked(simulation) if path.startswith("actor_profiles/")]


def stored(memory: Memory, key: str) -> dict[str, Any]:
    """A stored profile."""
    return dict(json.loads(memory.stored["profile", key].body))
