"""What one process measures about search: run as ``python -m benchmarks.search_child fill SHOWINGS`` or ``ask``."""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")

# Places in the list of words, by frequency: every one in so many of ten thousand showings and fewer.
CLASSES = {"common": range(12), "middle": range(150, 190), "rare": range(20_000, 20_040)}
FILTERS: dict[str, dict[str, Any]] = {
    "": {},
    " in a city": {"cities": ("Uppsala",)},
    " in a city, of a kind": {"cities": ("Uppsala",), "kinds": ("concert",)},
    " with few tickets left": {"availability": ("few",)},
}


def fill(showings: str) -> dict[str, Any]:
    """Make so many showings, index them, and have the database look at what it holds."""
    from django.db import connection

    from aggregator.models import SearchEntry, SearchWord
    from aggregator.search import backlog
    from benchmarks import search_rows

    started = time.perf_counter()
    search_rows.fill(int(showings))
    made = time.perf_counter() - started
    started = time.perf_counter()
    backlog.count_rows()
    backlog.postpone_all()
    backlog.work()
    indexed = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("SELECT pg_database_size(current_database())")
        size = cursor.fetchone()[0]
    return {
        "made": made,
        "indexed": indexed,
        "entries": SearchEntry.objects.count(),
        "words": SearchWord.objects.count(),
        "size_mb": size / 1_000_000,
    }


def ask() -> dict[str, Any]:
    """Ask everything of the report, each class of words with each set of filters."""
    from aggregator import search
    from aggregator.search import Criteria
    from benchmarks.search_rows import MIDDLE_DAY, Words

    words = Words().all
    search.did_you_mean(Criteria(texts=("warm",)))  # reads the words once, as every process does
    asked = []

    def said(name: str, texts: list[str], what: Callable[[Criteria], Any], **more: Any) -> None:
        asked.append(
            _measured(name, [Criteria(texts=(text,), start=MIDDLE_DAY, **more) for text in texts], what)
        )

    for name, texts in _texts(words).items():
        hits = _hits_or_meant if name == "misspelt" else _hits
        for told, more in FILTERS.items():
            said(f"24 hits, {name}{told}", texts, hits, **more)
            said(f"facets, {name}{told}", texts, search.facets, **more)
        said(
            f"24 best, {name}",
            texts,
            lambda c: list(search.find_showings(replace(c, ordering="relevance"))[:24]),
        )
        said(f"count, {name}", texts, lambda c: search.count(search.find_showings(c)))
        said(f"everything, {name}", texts, lambda c: search.search_everything(c.texts[0], "sv", 5))
    for told, more in FILTERS.items():
        plain = [Criteria(start=MIDDLE_DAY, **more)] * 20
        asked.append(_measured(f"24 hits, no word{told}", plain, _hits))
        asked.append(_measured(f"facets, no word{told}", plain[:10], search.facets))
    return {"asked": asked}


def _texts(words: list[str]) -> dict[str, list[str]]:
    """What is searched for, by what it is called."""
    texts = {name: [words[place] for place in places] for name, places in CLASSES.items()}
    texts["misspelt"] = [
        word[:2] + word[3] + word[2] + word[4:] for word in words[2000:2040] if len(word) > 5
    ]
    dice = random.Random(3)
    texts["four words"] = [" ".join(dice.sample(words[5:45], 4)) for _ in range(40)]
    return texts


def _hits(criteria: Any) -> list[Any]:
    from aggregator import search

    return list(search.find_showings(criteria)[:24])


def _hits_or_meant(criteria: Any) -> Any:
    """What a page asks where nothing is found: the words that were meant."""
    from aggregator import search

    return _hits(criteria) or search.did_you_mean(criteria)


def _measured(name: str, criteria: list[Any], what: Callable[[Any], Any]) -> dict[str, Any]:
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times: list[float] = []
    queries = 0
    marks = cache.get_many(["search:edition", "search:newest-word"])
    with _timed_cursors() as (waits, busy):
        for one in criteria:
            cache.clear()  # but for what says that no word was added
            cache.set_many(marks, None)
            waits.append(0.0)
            busy.append(0.0)
            started = time.perf_counter()
            what(one)
            times.append((time.perf_counter() - started) * 1000)
    for one in criteria[:3]:
        cache.clear()
        cache.set_many(marks, None)
        with CaptureQueriesContext(connection) as captured:
            what(one)
        queries = max(queries, len(captured))
    return {
        "name": name,
        "p50": sorted(times)[len(times) // 2],
        "p95": quantiles(times, n=20)[-1],
        "db_p50": sorted(waits)[len(waits) // 2],
        "db_p95": quantiles(waits, n=20)[-1],
        "cpu": quantiles(busy, n=20)[-1],
        "queries": queries,
    }


@contextmanager
def _timed_cursors() -> Iterator[tuple[list[float], list[float]]]:
    """Milliseconds between asking the database and having its rows, and those of a processor that it had meanwhile,
    added to the last number of each list given.
    """
    from django.db import connection
    from django.db.backends.utils import CursorWrapper

    waits: list[float] = []
    busy: list[float] = []

    class Timed(CursorWrapper):
        def __getattribute__(self, name: str) -> Any:
            found = super().__getattribute__(name)
            return timed(found) if name in ("execute", "fetchone", "fetchmany", "fetchall") else found

    def timed(call: Callable[..., Any]) -> Callable[..., Any]:
        def asking(*arguments: Any) -> Any:
            before, started = _worked(), time.perf_counter()
            try:
                return call(*arguments)
            finally:
                waits[-1] += (time.perf_counter() - started) * 1000
                busy[-1] += _worked() - before

        return asking

    connection.make_cursor = lambda cursor: Timed(cursor, connection)
    try:
        yield waits, busy
    finally:
        del connection.make_cursor


def _worked() -> float:
    """Milliseconds for which SQLite, which is this process, or PostgreSQL on its behalf has had a processor."""
    from django.db import connection

    told = Path("/proc/self/schedstat")
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text().split()[0]) / 1_000_000 if told.exists() else time.process_time() * 1000


def main() -> None:
    """Measure what the command line names and print it as JSON."""
    import django

    django.setup()
    what, *rest = sys.argv[1:]
    print(json.dumps({"fill": fill, "ask": ask}[what](*rest)))


if __name__ == "__main__":
    main()
