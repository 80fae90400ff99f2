"""Pages and feeds timed in one process: ``python -m benchmarks.pages_child SHOWINGS``; prints one JSON object."""

import gzip
import json
import os
import re
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")
SHOWINGS, FILMS, VENUES, TIMES = 400, 130, 16, 40
LIST, DETAIL, GRID = 60, 40, 100


def _addresses() -> dict[str, tuple[str, int]]:
    """Name → address and the milliseconds that it may take at most (0: nothing is promised)."""
    from benchmarks.search_rows import Words

    word = Words().all[20]
    views = {
        f"/events/ as {view}": (f"/events/?view={view}", LIST) for view in ("grid", "month", "map", "ongoing")
    }
    return {
        "home": ("/", LIST),
        "/events/, a list of 24": ("/events/", LIST),
        **views,
        "/events/ with a word and filters": (f"/events/?q={word}&city=Stockholm&kind=concert", LIST),
        "/search/": (f"/search/?q={word}", LIST),
        "list of 48 films": ("/films/", LIST),
        "list of 48 venues": ("/venues/", LIST),
        "Atom of 60": ("/en/events/feed.atom", 0),
        **_festival(),
    }


def _festival() -> dict[str, tuple[str, int]]:
    """A festival of ten days with ``SHOWINGS`` showings, and what belongs to it."""
    from django.utils import timezone

    from tests import factories

    now = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    days = {"starts_on": now.date(), "ends_on": (now + timedelta(days=10)).date()}
    festival = factories.make_festival("Festivalen", external_id="festival", **days)
    section = factories.make_section(festival, "Rum")
    person, organisation = factories.make_person("Aino Kallas"), factories.make_organisation("Nalen")
    venues = [factories.make_venue(f"Salong {number}", street="Gatan 1") for number in range(VENUES)]
    films = [factories.make_film(f"Film nummer {number}") for number in range(FILMS)]
    for film in films[:40]:
        factories.make_selection(film, festival, section)
        factories.make_credit("Aino Kallas", "director", film=film, person=person)
    events = [
        factories.make_event(f"Film nummer {number}", film=film, festival=festival, organisation=organisation)
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
        f"festival grid of {SHOWINGS}": (f"/festivals/{festival.pk}-festivalen/", GRID),
        f"iCalendar of {SHOWINGS}": (f"/en/events/calendar.ics?festival={festival.pk}", GRID),
        "film": (f"/films/{films[0].pk}-film-nummer-0/", DETAIL),
        "event": (f"/events/{events[0].pk}-film-nummer-0/", DETAIL),
        "venue": (f"/venues/{venues[0].pk}-salong-0/", DETAIL),
        "person": (f"/people/{person.pk}-aino-kallas/", DETAIL),
        "section": (f"/sections/{section.pk}-rum/", DETAIL),
        "organisation": (f"/organisations/{organisation.pk}-nalen/", DETAIL),
    }


def _further(showings: int) -> None:
    """So many showings more, indexed as ``manage.py reindex`` does."""
    from django.db import connection

    from aggregator.search import backlog
    from benchmarks import search_rows

    if showings:
        search_rows.fill(showings)
        backlog.count_rows()
        backlog.postpone_all()
        backlog.work()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _timed(path: str, most: int) -> dict[str, Any]:
    """Milliseconds of whole answers to a visitor who has nothing yet, and of one who has everything."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    zipped = client.get(path, headers={"accept-encoding": "gzip"})
    if zipped.status_code != 200:
        raise RuntimeError(f"{path} answered {zipped.status_code}")
    plain = client.get(path)
    weight = len(zipped.content) + sum(map(_transferred, _linked(plain.content.decode())))
    figures: dict[str, Any] = {"most": most, "page": len(zipped.content), "weight": weight}
    for name, headers in (("whole", {}), ("unchanged", {"if-none-match": plain["ETag"]})):
        waits, busy = [], []
        for _ in range(TIMES):
            started, before = time.perf_counter(), time.process_time()
            client.get(path, headers=headers)
            waits.append((time.perf_counter() - started) * 1000)
            busy.append((time.process_time() - before) * 1000)
        waits.sort()
        high = TIMES * 95 // 100
        figures[name] = {"p50": waits[TIMES // 2], "p95": waits[high], "cpu": sorted(busy)[high]}
    return figures


def _linked(page: str) -> set[str]:
    """The style sheets and scripts of our own that *page* loads."""
    styles = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', page)
    return {*styles, *re.findall(r'<script src="/static/([^"]+)"', page)}


def _transferred(name: str) -> int:
    """The bytes of a static file as it is sent."""
    from django.conf import settings

    return len(gzip.compress((Path(settings.STATIC_ROOT) / name).read_bytes()))


def main() -> None:
    """Fill the database, ask, print."""
    import django

    django.setup()
    _further(int(sys.argv[1]) if sys.argv[1:] else 0)
    figures = {name: _timed(*asked) for name, asked in _addresses().items()}
    print(json.dumps(figures), file=sys.stdout, flush=True)


if __name__ == "__main__":
    main()
