"""The API against the numbers of the design: every request beside its floor, then over HTTP, and a table of everything.

«In process» runs a request through all of the middleware with nobody else about; its floor is the same rows by raw SQL
and ``json.dumps``. «cpu» is the time of our own process and hardly changes with what else the machine does, so the
ratio that counts is of that. «Over HTTP» asks the web server as it runs in production from 1, 8 and 32 connections at
once; server and askers share the machine. A line that misses a number of the design says ``OVER THE LIMIT``.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
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
TABLE = "/api/v1/showings/?format=csv"
# What the design holds a list of 50 to: milliseconds, queries, times the floor.
LIST_MS, LIST_QUERIES, LIST_FLOORS = 25.0, 5, 5.0
HELD_TO_IT = frozenset({"list of 50", "list of 50 by cursor", "events, list of 50", "filtered"})
# A download may need so much more memory than the smallest answer, for each that is under way at once.
TABLE_MB = 60
OVER = "OVER THE LIMIT"


def report(number: int) -> Iterator[str]:
    """The lines of the report on an API over *number* showings, as they come."""
    vendors = ["sqlite", *(["postgresql"] if postgres_answers() else [])]
    for vendor in vendors:
        with surroundings(vendor) as environment:
            measured(environment, CHILD, "fill", str(number))
            yield (
                f"API on {vendor}, {number} showings: ms in process{'p50':>12}{'p95':>8}{'cpu':>7}{'x floor':>9}"
                f"{'queries':>9}{'kB':>6}"
            )
            yield from _in_process(environment)
            yield from _table(environment)
            yield f"  over HTTP, by connections{'':<14}" + "".join(
                f"{f'{n}: p50':>10}{'p95':>7}{'/s':>6}" for n in CONNECTIONS
            )
            with _server(environment) as (port, server):
                for name, path in OVER_HTTP.items():
                    yield f"    {name:<35}" + "".join(
                        _asked(port, path, n, name == "304") for n in CONNECTIONS
                    )
                for connections in CONNECTIONS:
                    yield _downloads(port, server, number, connections)


def _in_process(environment: Mapping[str, str]) -> Iterator[str]:
    found = measured(environment, CHILD, "ask")
    for name, one in found.items():
        size = f"{one['bytes'] / 1000:>6.0f}" if "bytes" in one else ""
        floors = one["cpu"] / one["floor_cpu"] if "floor_cpu" in one else 0.0
        ratio = f"{floors:>9.1f}" if floors else f"{'':>9}"
        queries = f"{one['queries']:>9.0f}" if "queries" in one else ""
        line = f"    {name:<35}{one['p50']:>13.1f}{one['p95']:>8.1f}{one['cpu']:>7.1f}{ratio}{queries}{size}"
        yield line + (_missed(one, floors) if name in HELD_TO_IT else "")


def _missed(one: Mapping[str, float], floors: float) -> str:
    """What of the design's numbers a list misses; "" for nothing."""
    missed = [
        f"{name} at most {most:.0f}"
        for name, value, most in (
            ("p95", one["p95"], LIST_MS),
            ("queries", one["queries"], LIST_QUERIES),
            ("x floor", floors, LIST_FLOORS),
        )
        if value > most
    ]
    return f"  {OVER}: {', '.join(missed)}" if missed else ""


def _table(environment: Mapping[str, str]) -> Iterator[str]:
    one = measured(environment, CHILD, "table")
    yield (
        f"    CSV of {one['rows']} rows: {one['seconds']:.1f} s, {one['rows'] / one['seconds']:.0f} rows/s, "
        f"{one['bytes'] / 1e6:.0f} MB, memory {one['grown_mb']:+.0f} MB after the first piece"
    )


@contextmanager
def _server(environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """The web server as in production; gives its port and the id of its first process."""
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
        yield port, process.pid
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(15)


def _downloads(port: int, server: int, rows: int, connections: int) -> str:
    """A CSV of everything over so many connections at once: seconds, rows a second, memory of the server."""
    before = _memory(server)
    sizes: list[int] = []
    lock = Lock()

    def fetch() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=600)
        connection.request("GET", TABLE)
        answer, size = connection.getresponse(), 0
        while piece := answer.read(1 << 20):
            size += len(piece)
        with lock:
            sizes.append(size)

    start = time.perf_counter()
    threads = [Thread(target=fetch) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, grown = time.perf_counter() - start, _memory(server) - before
    assert len(sizes) == connections
    assert len(set(sizes)) == 1
    line = (
        f"    CSV of {rows} rows, {connections:>2} at once: {seconds:.1f} s, "
        f"{rows * connections / seconds:.0f} rows/s, {sizes[0] / 1e6:.0f} MB each, memory {grown:+.0f} MB"
    )
    return line + (f"  {OVER}: {TABLE_MB * connections} MB" if grown > TABLE_MB * connections else "")


def _memory(server: int) -> float:
    """The most that the processes of the web server ever held together, in MB."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    held = 0
    for pid in children:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        held += int(status.partition("VmHWM:")[2].split()[0])
    return held / 1024


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
