"""Pages and feeds timed in one process: ``python -m benchmarks.pages_child``; prints one JSON object."""

import json
import os
import sys
import time
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")
SHOWINGS, FILMS, VENUES, TIMES = 400, 130, 16, 40


def _festival() -> dict[str, str]:
    """A festival of ten days with ``SHOWINGS`` showings; name → address of what is asked for."""
    from django.utils import timezone

    from tests import factories

    now = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    days = {"starts_on": now.date(), "ends_on": (now + timedelta(days=10)).date()}
    festival = factories.make_festival("Festivalen", **days)
    venues = [factories.make_venue(f"Salong {number}", street="Gatan 1") for number in range(VENUES)]
    films = [factories.make_film(f"Film nummer {number}") for number in range(FILMS)]
    events = [
        factories.make_event(f"Film nummer {number}", film=film, festival=festival)
        for number, film in enumerate(films)
    ]
    per_day = SHOWINGS // 10
    for number in range(SHOWINGS):
        factories.make_showing(
            events[number % FILMS],
            venue=venues[number % VENUES],
            starts_at=now + timedelta(days=number // per_day, minutes=number % per_day * 20),
            availability=("available", "few", "soldout", "unknown")[number % 4],
        )
    return {
        f"festival grid of {SHOWINGS}, at most 100": f"/festivals/{festival.pk}-festivalen/",
        f"iCalendar of {SHOWINGS}, at most 100": f"/en/events/calendar.ics?festival={festival.pk}",
        "film, at most 40": f"/films/{films[0].pk}-film-nummer-0/",
        "event, at most 40": f"/events/{events[0].pk}-film-nummer-0/",
        "venue, at most 40": f"/venues/{venues[0].pk}-salong-0/",
        "list of 48 films, at most 60": "/films/",
        "Atom of 60": "/en/events/feed.atom",
    }


def _timed(path: str) -> dict[str, Any]:
    """Milliseconds of whole answers to a visitor who has nothing yet, and of one who has everything."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    figures: dict[str, Any] = {"bytes": len(answer.content)}
    for name, headers in (("whole", {}), ("unchanged", {"if-none-match": answer["ETag"]})):
        waits = []
        for _ in range(TIMES):
            started = time.perf_counter()
            client.get(path, headers=headers)
            waits.append((time.perf_counter() - started) * 1000)
        waits.sort()
        figures[name] = {"p50": waits[TIMES // 2], "p95": waits[TIMES * 95 // 100]}
    return figures


def main() -> None:
    """Fill the database, ask, print."""
    import django

    django.setup()
    figures = {name: _timed(path) for name, path in _festival().items()}
    print(json.dumps(figures), file=sys.stdout, flush=True)


if __name__ == "__main__":
    main()
