"""The worker's sign of life, in the cache, where every process can see it."""

import time
from contextlib import suppress

from django.core.cache import cache

KEY = "worker:heartbeat"
EVERY = 10.0
# Three beats may be missed before the worker counts as gone.
STALE_AFTER = 45.0


def record() -> None:
    """Write down that a worker is alive now."""
    cache.set(KEY, time.time(), timeout=3600)


def age() -> float | None:
    """Seconds since a worker was last heard of; None when that is over an hour ago or never was."""
    at = cache.get(KEY)
    return max(0.0, time.time() - at) if isinstance(at, float) else None


def forget() -> None:
    """Remove the last sign of life, so that the next one is news."""
    cache.delete(KEY)


def keep_beating() -> None:
    """Record a beat every ten seconds until the process ends. A cache that fails is tried again."""
    while True:
        # A full disk or an absent Redis must not silence the worker for good.
        with suppress(Exception):
            record()
        time.sleep(EVERY)
