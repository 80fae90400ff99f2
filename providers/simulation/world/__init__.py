"""The one invented world that every simulator shows a part of.

Nothing in it is stored: films, people, houses and evenings follow from the seed and a number, and what is on
follows from the clock. Same seed, same clock: same answers, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from providers.simulation.world.calendar import programme_day
from providers.simulation.world.dice import Dice


@dataclass(frozen=True)
class World:
    """A seed and a clock. `now` returns an aware datetime."""

    seed: int
    now: Callable[[], datetime]

    def instant(self) -> int:
        """The present in Unix seconds."""
        return int(self.now().timestamp())

    def day(self) -> date:
        """Today, counted from five in the morning in Stockholm."""
        return programme_day(self.now())

    def dice(self, *key: object) -> Dice:
        """Chance that belongs to this world and this key."""
        return Dice(self.seed, *key)
