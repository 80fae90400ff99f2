"""Repeatable chance: every throw follows from a key, never from a global state."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import gcd
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1


class Dice:
    """A small random number source whose whole sequence follows from the key it was made with.

    Cheaper to create than `random.Random` (one hash), because the world makes one per row.
    Not for secrets.
    """

    __slots__ = ("_state",)

    def __init__(self, *key: object) -> None:
        digest = blake2b("\x1f".join(map(str, key)).encode(), digest_size=8).digest()
        self._state = int.from_bytes(digest, "big")

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        return self._next() % limit

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self._next() % (high - low + 1)

    def fraction(self) -> float:
        """A number from 0 up to, not including, 1."""
        return (self._next() >> 11) / (1 << 53)

    def chance(self, share: float) -> bool:
        """True in about `share` of all throws."""
        return self.fraction() < share

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely as the other."""
        return choices[self._next() % len(choices)]

    def sample(self, choices: Sequence[T], count: int) -> list[T]:
        """`count` different positions of `choices` (all of them when there are fewer), in thrown order."""
        pool = list(choices)
        taken: list[T] = []
        while pool and len(taken) < count:
            taken.append(pool.pop(self._next() % len(pool)))
        return taken

    def letters(self, alphabet: str, count: int) -> str:
        """A word of `count` signs of the alphabet."""
        return "".join(alphabet[self._next() % len(alphabet)] for _ in range(count))


class Shuffle:
    """A one-to-one rearrangement of 0 … size-1 that can be asked in both directions without a table."""

    __slots__ = ("_factor", "_inverse", "_offset", "size")

    def __init__(self, size: int, *key: object) -> None:
        dice = Dice("shuffle", size, *key)
        self.size = max(1, size)
        factor = dice.between(self.size // 3, max(1, self.size - 1)) or 1
        while gcd(factor, self.size) != 1:
            factor += 1
        self._factor = factor
        self._inverse = pow(factor, -1, self.size) if self.size > 1 else 0
        self._offset = dice.below(self.size)

    def forth(self, index: int) -> int:
        """Where the item at `index` goes."""
        return (index * self._factor + self._offset) % self.size

    def back(self, position: int) -> int:
        """Which item went to `position`."""
        return ((position - self._offset) * self._inverse) % self.size
