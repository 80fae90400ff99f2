"""Counters that all processes of the site share, without a table: for limits, and for what is summed up later.

In Redis where there is one. Else in small files, each behind a lock of the operating system, which makes every step
whole among processes and threads alike. What a crash or a full disk loses is a few counts.
"""

import fcntl
import json
import time
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import redis
from django.conf import settings

Held = dict[str, Any]


class Counters(Protocol):
    """What both stores can do. Names are plain text without blanks."""

    def hit(self, name: str, until: int) -> int:
        """Count one more for *name* in the window that ends at *until* (Unix seconds); gives the count so far."""

    def add(self, name: str, amount: int = 1) -> None:
        """Add to a sum that ``collect`` will take."""

    def collect(self) -> Mapping[str, int]:
        """Take all sums, and begin them anew."""


@cache
def counters() -> Counters:
    """The store that the settings name."""
    if settings.REDIS_URL:
        return RedisCounters(settings.REDIS_URL, str(settings.CACHES["default"].get("KEY_PREFIX", "")))
    return FileCounters(Path(settings.CACHE_DIR) / "counters")


class FileCounters:
    """Counters in *folder*: a handful of files, so that requests seldom wait for each other."""

    SHARDS = 64

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def hit(self, name: str, until: int) -> int:
        """See ``Counters``. Windows that are over are dropped on the way."""

        def work(held: Held) -> int:
            now = time.time()
            for other in [each for each, (end, _) in held.items() if end <= now and each != name]:
                del held[other]
            end, count = held.get(name, (until, 0))
            held[name] = (until, count + 1 if end == until else 1)
            return int(held[name][1])

        return int(self._locked(self._shard("window", name), work))

    def add(self, name: str, amount: int = 1) -> None:
        """See ``Counters``."""

        def work(held: Held) -> None:
            held[name] = held.get(name, 0) + amount

        self._locked(self._shard("sum", name), work)

    def collect(self) -> Mapping[str, int]:
        """See ``Counters``."""
        taken: dict[str, int] = {}

        def work(held: Held) -> None:
            taken.update(held)
            held.clear()

        for path in sorted(self.folder.glob("sum.*")):
            self._locked(path, work)
        return taken

    def _shard(self, sort: str, name: str) -> Path:
        return self.folder / f"{sort}.{zlib.crc32(name.encode()) % self.SHARDS:02d}"

    def _locked(self, path: Path, work: Callable[[Held], Any]) -> Any:
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            held = _read(file.read())
            result = work(held)
            file.seek(0)
            file.truncate()
            file.write(json.dumps(held, separators=(",", ":")).encode())
            file.flush()
        return result


def _read(content: bytes) -> Held:
    try:
        found = json.loads(content or b"{}")
    except ValueError:  # cut short by a crash
        return {}
    return found if isinstance(found, dict) else {}


class RedisCounters:
    """Counters in Redis, under *prefix*."""

    def __init__(self, url: str, prefix: str) -> None:
        self.prefix = prefix
        self.client: Any = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)

    def hit(self, name: str, until: int) -> int:
        """See ``Counters``. One round trip."""
        key = f"{self.prefix}:count:{name}:{until}"
        with self.client.pipeline() as pipe:
            pipe.incr(key)
            pipe.expireat(key, until + 1)
            return int(pipe.execute()[0])

    def add(self, name: str, amount: int = 1) -> None:
        """See ``Counters``."""
        self.client.hincrby(f"{self.prefix}:sums", name, amount)

    def collect(self) -> Mapping[str, int]:
        """See ``Counters``."""
        with self.client.pipeline() as pipe:  # a transaction
            pipe.hgetall(f"{self.prefix}:sums")
            pipe.delete(f"{self.prefix}:sums")
            found, _ = pipe.execute()
        return {name.decode(): int(amount) for name, amount in found.items()}
