"""Measurements of the API that need a process of their own: filling a database, and asking in process.

``fill N`` writes *N* showings with events, films, venues, credits, offers and pictures; ``ask`` measures the requests
of ``api`` through the whole stack of middleware, each beside its floor where there is one.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from aggregator.models import Category, Credit, Event, Film, Image, Offer, Showing, Venue  # noqa: E402

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
WORDS = (
    *("natt", "linje", "hamn", "skugga", "blå", "sommar", "tåg", "bergen", "okänd", "sång", "regn", "spegel"),
    *("glömd", "trappa", "ö", "vinter", "röst", "fönster"),
)
RUNS = 60


def fill(number: int) -> dict[str, Any]:
    """*number* showings, five to an event."""
    events = number // 5
    _write(
        Venue,
        [
            _listed(
                i,
                name=f"Salong {i}",
                city=f"Stad {i % 40}",
                country="SE",
                latitude=59.0 + i / 1000,
                longitude=18.0,
                coordinates="exact",
            )
            for i in range(1, 501)
        ],
    )
    _write(Category, [_listed(i, scheme="style", names={"sv": f"Stil {i}"}) for i in range(1, 51)])
    films = events // 4
    _write(
        Film,
        [
            _listed(i, titles=_title(i), length=97, year=2026, languages="Svenska")
            for i in range(1, films + 1)
        ],
    )
    _write(
        Event,
        [
            _listed(
                i,
                titles=_title(i),
                folded=_title(i)["sv"].casefold(),
                event_kind="screening",
                descriptions={"sv": "<p>" + " ".join(WORDS) * 4 + "</p>"},
                currency="SEK",
                film_id=i % films + 1 if i % 2 else None,
            )
            for i in range(1, events + 1)
        ],
    )
    _write(
        Image, [_listed(i, role="still", event_id=i, content_hash=f"{i:064x}") for i in range(1, events + 1)]
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE aggregator_event SET picture_id = id")
    _write(
        Credit,
        [
            {"event_id": i, "position": p, "role": "cast", "name": f"Namn {i} {p}"}
            for i in range(1, events + 1)
            for p in range(3)
        ],
    )
    _write(
        Event.categories.through, [{"event_id": i, "category_id": i % 50 + 1} for i in range(1, events + 1)]
    )
    _write(Showing, [_showing(i, events) for i in range(1, number + 1)])
    _write(
        Offer,
        [
            {
                "showing_id": i,
                "position": 0,
                "price": 130,
                "currency": "SEK",
                "label": "Ordinarie",
                "url": "https://tickets.example/1",
            }
            for i in range(1, number + 1, 2)
        ],
    )
    _index()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"showings": Showing.objects.count()}


def _index() -> None:
    """Fill the search table where there is one."""
    try:
        from django.core.management import call_command

        call_command("reindex", verbosity=0)
    except Exception:  # noqa: BLE001  # the plain search has no table
        pass


def _listed(pk: int, **columns: Any) -> dict[str, Any]:
    return {
        "id": pk,
        "provider": "sff",
        "external_id": f"x{pk}",
        "fingerprint": f"{pk:032x}",
        "url": f"https://up.example/{pk}",
        "first_seen_at": NOW,
        "updated_at": NOW,
        **columns,
    }


def _title(number: int) -> dict[str, str]:
    one, two = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return {"sv": f"{one.capitalize()} {two} {number}", "en": f"The {one} {number}"}


def _showing(number: int, events: int) -> dict[str, Any]:
    starts = NOW + timedelta(hours=number % 4000)
    return _listed(
        number,
        event_id=number % events + 1,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        zone="Europe/Stockholm",
        local_start_date=starts.date(),
        local_end_date=starts.date(),
        showing_kind="screening",
        venue_id=number % 500 + 1,
        availability="available",
        seats_total=200,
        seats_free=number % 150 + 20,
        seats_at=NOW,
        buy_urls={"public": "https://tickets.example/1"},
        tags=["face_to_face"],
        number=str(number),
    )


def _write(model: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 2000):
        model.objects.bulk_create([model(**row) for row in rows[start : start + 2000]])


# Asking ----------------------------------------------------------------------------------------------------

ASKED = {
    "list of 50": "/api/v1/showings/?page_size=50",
    "list of 50 by cursor": "/api/v1/showings/?page_size=50&cursor=*",
    "events, list of 50": "/api/v1/events/?page_size=50",
    "filtered": "/api/v1/showings/?page_size=50&from=2026-12-01&to=2026-12-07&city=Stad+3&availability=available",
    "text": "/api/v1/events/?page_size=50&q=hamn",
    "near": "/api/v1/showings/?page_size=50&near=59.1,18.0&radius=5",
    "page 90": "/api/v1/showings/?page_size=50&page=90",
    "detail, event": "/api/v1/events/77/",
    "detail, showing": "/api/v1/showings/777/",
}


def ask() -> dict[str, Any]:
    """Milliseconds (p50, p95, cpu) and queries of each request, in process, and the cpu of its floor."""
    client = Client(SERVER_NAME="localhost")
    found: dict[str, Any] = {}
    for name, path in ASKED.items():
        client.get(path)  # a process learns a few things once
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        number = len(queries)
        assert answer.status_code == 200, (path, answer.content[:300])
        found[name] = {
            **timed(lambda path=path: client.get(path)),
            "floor_cpu": timed(floor([query["sql"] for query in queries], answer.json()))["cpu"],
            "queries": number,
            "bytes": len(answer.content),
        }
    tag = client.get(ASKED["list of 50"])["ETag"]
    found["304"] = timed(lambda: client.get(ASKED["list of 50"], headers={"If-None-Match": tag}))
    return found


def timed(call: Callable[[], Any]) -> dict[str, float]:
    """p50 and p95 of *call* in milliseconds, and the median of what this process worked for it."""
    call()
    seconds, worked = [], []
    for _ in range(RUNS):
        start, began = time.perf_counter(), time.process_time()
        call()
        worked.append(time.process_time() - began)
        seconds.append(time.perf_counter() - start)
    seconds.sort()
    worked.sort()
    return {
        "p50": seconds[len(seconds) // 2] * 1000,
        "p95": seconds[int(len(seconds) * 0.95)] * 1000,
        "cpu": worked[len(worked) // 2] * 1000,
    }


def floor(statements: Sequence[str], body: Any) -> Callable[[], Any]:
    """The same rows by raw SQL and ``json.dumps``: what nobody can undercut who tells as much. Counts are left out."""
    wanted = [sql for sql in statements if "COUNT(" not in sql]

    def run() -> str:
        with connection.cursor() as cursor:
            for sql in wanted:
                cursor.execute(sql)
                cursor.fetchall()
        return json.dumps(body, ensure_ascii=False)

    return run


def table() -> dict[str, Any]:
    """CSV of everything: rows a second, and by how much memory grew beside the first thousand rows."""
    client = Client(SERVER_NAME="localhost")
    answer = client.get("/api/v1/showings/?format=csv")
    start, size, first = time.perf_counter(), 0, 0.0
    for piece in answer.streaming_content:  # type: ignore[attr-defined]
        size += len(piece)
        first = first or _peak()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "rows": Showing.objects.count(), "bytes": size, "grown_mb": _peak() - first}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    name, *rest = sys.argv[1:]
    print(json.dumps({"fill": lambda: fill(int(rest[0])), "ask": ask, "table": table}[name]()))
