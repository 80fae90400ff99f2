"""Whether a visitor's write gets its turn while an ingest fills SQLite, whose single write lock they share.

While providers are ingested in one process, another writes what "add to plan" would (an insert and an update in one
transaction, every 50 ms) and two more ask for ``/events/``. What is measured is how long each had to wait.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from benchmarks.processes import ROOT, measured, simulator, surroundings
from providers import registry

SLUGS = tuple(registry.discover())
READERS = 2


def measure(showings: int) -> dict[str, Any]:
    """Ingest about *showings* showings beside a writer and readers.

    ``seconds`` and ``rows`` are the ingest's; ``writer`` and each of ``readers`` hold ``count``, ``p50``, ``p95`` and
    ``max`` (milliseconds), and ``errors``, a list of what was raised. Raises where the ingest itself failed.
    """
    with (
        surroundings("sqlite") as environment,
        simulator(environment, showings) as connected,
        _beside(environment, ["write", *["read"] * READERS]) as beside,
    ):
        done = [measured(connected, "benchmarks.ingest_child", "ingest", slug) for slug in SLUGS]
        accounts = [_account(process) for process in beside]
    return {
        "showings": showings,
        "seconds": sum(each["seconds"] for each in done),
        "rows": sum(each["rows"] for each in done),
        "writer": accounts[0],
        "readers": accounts[1:],
    }


def report(figures: Mapping[str, Any]) -> list[str]:
    """The lines that ``make bench`` prints of what ``measure`` gave."""
    ingested = f"{figures['rows']} rows in {figures['seconds']:.1f} s"
    lines = [f"SQLite while {figures['showings']} showings are ingested ({ingested}):"]
    named = [("writer (p95 at most 200)", figures["writer"])]
    named += [(f"/events/ {number}", account) for number, account in enumerate(figures["readers"], 1)]
    return lines + [
        f"  {name:<26}{each['count']:>7} times, p50 {each['p50']:.0f} ms, p95 {each['p95']:.0f} ms, "
        f"longest {each['max']:.0f} ms, {len(each['errors'])} errors"
        for name, each in named
    ]


@contextmanager
def _beside(environment: Mapping[str, str], tasks: list[str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that work until their standard input ends; killed where they do not."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.contention_child", task],
            cwd=ROOT,
            env={**environment, "DEBUG": "1"},  # pages without collected static files
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for task in tasks
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()  # it is ready
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _account(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Let *process* end and read what it measured."""
    printed, _ = process.communicate(timeout=60)
    account: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return account
