"""The API against the numbers of the design: a list of 50 beside its floor, other requests, a table of everything.

«In process» runs a request through all of the middleware with nobody else about. «Over HTTP» asks the web server as it
runs in production from 1, 8 and 32 connections at once; server and askers share the machine.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import Lock, Thread

from benchmarks.processes import ROOT, free_port, measured, postgres_answers, surroundings

CHILD = "benchmarks.api_child"
CONNECTIONS = (1, 8, 32)
OVER_HTTP = {
    "list of 50": "/api/v1/showings/?page_size=50",
    "filtered": "/api/v1/showings/?page_size=50&from=2026-12-01&to=2026-12-07&city=Stad+3",
    "text": "/api/v1/events/?page_size=50&q=hamn",
    "detail": "/api/v1/events/77/",
    "304": "/api/v1/showings/?page_size=50",
}
SECONDS = 5.0
# What the design holds the list of 50 to: milliseconds, queries, times the floor.
LIST_MS, LIST_QUERIES, LIST_FLOORS = 25.0, 5, 5.0


def report(number: int) -> Iterator[str]:
    """The lines of the report on an API over *number* showings, as they come."""
    vendors = ["sqlite", *(["postgresql"] if postgres_answers() else [])]
    for vendor in vendors:
        with surroundings(vendor) as environment:
            measured(environment, CHILD, "fill", str(number))
            yield f"API on {vendor}, {number} showings: ms in process{'p50':>12}{'p95':>8}{'queries':>9}{'kB':>6}"
            yield from _in_process(environment)
            yield from _table(environment)
            yield f"  over HTTP, by connections{'':<14}" + "".join(
                f"{f'{n}: p50':>10}{'p95':>7}{'/s':>6}" for n in CONNECTIONS
            )
            with _server(environment) as port:
                for name, path in OVER_HTTP.items():
                    yield f"    {name:<35}" + "".join(
                        _asked(port, path, n, name == "304") for n in CONNECTIONS
                    )


def _in_process(environment: Mapping[str, str]) -> Iterator[str]:
    found = measured(environment, CHILD, "ask")
    for name, one in found.items():
        size = f"{one['bytes'] / 1000:>6.0f}" if "bytes" in one else ""
        queries = f"{one['queries']:>9.0f}" if "queries" in one else ""
        yield f"    {name:<35}{one['p50']:>13.1f}{one['p95']:>8.1f}{queries}{size}"
    one = found["list of 50"]
    floors = one["p50"] / found["floor"]["p50"]
    yield (
        f"    the list of 50: {one['p95']:.1f} ms (at most {LIST_MS:.0f}), {one['queries']:.0f} queries (at most "
        f"{LIST_QUERIES}), {floors:.1f} x the floor (at most {LIST_FLOORS:.0f})"
    )


def _table(environment: Mapping[str, str]) -> Iterator[str]:
    one = measured(environment, CHILD, "table")
    yield (
        f"    CSV of {one['rows']} rows: {one['seconds']:.1f} s, {one['rows'] / one['seconds']:.0f} rows/s, "
        f"{one['bytes'] / 1e6:.0f} MB, memory {one['grown_mb']:+.0f} MB after the first piece"
    )


@contextmanager
def _server(environment: Mapping[str, str]) -> Iterator[int]:
    """The web server as in production; gives its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "aggregator.wsgi"],
        env={**environment, "PORT": str(port), "ALLOWED_HOSTS": "127.0.0.1"},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            try:
                _get(HTTPConnection("127.0.0.1", port, timeout=5), "/healthz", {})
                break
            except OSError:
                time.sleep(0.2)
        yield port
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(15)


def _get(connection: HTTPConnection, path: str, headers: Mapping[str, str]) -> tuple[int, str]:
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers.get("ETag", "")


def _asked(port: int, path: str, connections: int, conditional: bool) -> str:
    """p50, p95 (ms) and requests a second of *path* over so many *connections* at once."""
    _, tag = _get(HTTPConnection("127.0.0.1", port, timeout=30), path, {})
    headers = {"If-None-Match": tag} if conditional else {}
    took: list[float] = []
    lock = Lock()
    end = time.monotonic() + SECONDS

    def ask() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        mine = []
        while time.monotonic() < end:
            start = time.perf_counter()
            status, _ = _get(connection, path, headers)
            mine.append(time.perf_counter() - start)
            assert status == (304 if conditional else 200), status
        with lock:
            took.extend(mine)

    threads = [Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took.sort()
    p50, p95 = took[len(took) // 2] * 1000, took[int(len(took) * 0.95)] * 1000
    return f"{p50:>10.1f}{p95:>7.0f}{len(took) / SECONDS:>6.0f}"
