"""What one process measures about search: run as ``python -m benchmarks.search_child fill SHOWINGS`` or ``ask``."""

import json
import os
import sys
import time
from collections.abc import Callable
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

    for name, places in CLASSES.items():
        texts = [words[place] for place in places]
        for told, more in FILTERS.items():
            said(f"24 hits, {name}{told}", texts, lambda c: list(search.find_showings(c)[:24]), **more)
        said(
            f"24 best, {name}",
            texts,
            lambda c: list(search.find_showings(replace(c, ordering="relevance"))[:24]),
        )
        said(f"count, {name}", texts, lambda c: search.count(search.find_showings(c)))
        said(f"facets, {name}", texts, search.facets)
        said(f"everything, {name}", texts, lambda c: search.search_everything(c.texts[0], "sv", 5))
    slips = [word[:2] + word[3] + word[2] + word[4:] for word in words[2000:2040] if len(word) > 5]
    said("did you mean", slips, search.did_you_mean)
    for told, more in FILTERS.items():
        plain = [Criteria(start=MIDDLE_DAY, **more)] * 20
        asked.append(
            _measured(f"24 hits, no word{told}", plain, lambda c: list(search.find_showings(c)[:24]))
        )
    asked.append(_measured("facets, no word", [Criteria(start=MIDDLE_DAY)] * 10, search.facets))
    return {"asked": asked}


def _measured(name: str, criteria: list[Any], what: Callable[[Any], Any]) -> dict[str, Any]:
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times: list[float] = []
    worked: list[float] = []
    queries = 0
    marks = cache.get_many(["search:edition", "search:newest-word"])
    for one in criteria:
        cache.clear()  # but for what says that no word was added
        cache.set_many(marks, None)
        with CaptureQueriesContext(connection) as captured:
            started, before = time.perf_counter(), _worked()
            what(one)
            times.append((time.perf_counter() - started) * 1000)
            worked.append(_worked() - before)
        queries = max(queries, len(captured))
    return {
        "name": name,
        "p50": sorted(times)[len(times) // 2],
        "p95": quantiles(times, n=20)[-1],
        "work": quantiles(worked, n=20)[-1],
        "queries": queries,
    }


def _worked() -> float:
    """Milliseconds for which this process, and PostgreSQL on its behalf, have had a processor."""
    from django.db import connection

    mine = time.process_time() * 1000
    if connection.vendor != "postgresql":
        return mine
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return mine + int(told.read_text().split()[0]) / 1_000_000 if told.exists() else mine


def main() -> None:
    """Measure what the command line names and print it as JSON."""
    import django

    django.setup()
    what, *rest = sys.argv[1:]
    print(json.dumps({"fill": fill, "ask": ask}[what](*rest)))


if __name__ == "__main__":
    main()
