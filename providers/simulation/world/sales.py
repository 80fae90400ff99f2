"""How tickets sell: a curve over time that is only looked at in steps, so that stamps and seats agree."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from providers.simulation.world.calendar import HOUR
from providers.simulation.world.dice import Dice

_STEPS = (6, 12, 18, 24, 24, 36, 48)
_BEND = 0.6


@dataclass(frozen=True)
class Sales:
    """`share` of the seats that is sold, 0 to 1, and when that last changed (None: nothing sold yet)."""

    share: float
    changed: int | None


def sales(dice: Dice, now: int, opens: int, start: int) -> Sales:
    """Where the sale of one showing stands at `now`. Throws the dice twice whatever the time is.

    Sales move every six to forty-eight hours, stop when sold out and when the showing starts.
    """
    demand = 0.2 + dice.fraction()
    throw = dice.below(1 << 30)
    step = _STEPS[throw % len(_STEPS)] * HOUR
    first = opens + throw % step
    length = start - opens
    ticks = (min(now, start) - first) // step
    if ticks < 0 or length <= 0:
        return Sales(0.0, None)
    if demand > 1:
        # The first step at or after the moment at which the curve reaches the last seat.
        sold_out = opens + length * (1 / demand) ** (1 / _BEND)
        ticks = min(ticks, max(0, ceil((sold_out - first) / step)))
    changed = first + ticks * step
    return Sales(min(1.0, demand * ((changed - opens) / length) ** _BEND), changed)
