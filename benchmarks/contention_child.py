"""One writer or reader beside an ingest: ``python -m benchmarks.contention_child write|read``, until stdin ends.

Prints ``ready``, then at the end one JSON object; see ``benchmarks.contention.measure``.
"""

import json
import os
import select
import sys
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")

PAUSE = {"write": 0.05, "read": 0.2}


def write(number: int) -> None:
    """What adding to a plan does: one row more, another one changed, in one transaction."""
    from django.db import transaction
    from django.utils import timezone

    from aggregator.models import Notice

    now = timezone.now()
    with transaction.atomic():
        Notice.objects.create(cause=f"write {number}", subject="x", body="x", created_at=now, due_at=now)
        Notice.objects.filter(cause=f"write {number - 1}").update(attempts=1)


def reader() -> Callable[[int], None]:
    """Asks for the programme as a browser does."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")

    def read(number: int) -> None:
        answer = client.get("/events/")
        if answer.status_code != 200:
            raise RuntimeError(f"/events/ answered {answer.status_code}")

    return read


def main() -> None:
    """Work, pause, work … until the other end closes."""
    import django

    django.setup()
    task = sys.argv[1]
    act = write if task == "write" else reader()
    waits: list[float] = []
    errors: list[str] = []
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], PAUSE[task])[0]:
        started = time.perf_counter()
        try:
            act(len(waits))
        except Exception as error:  # noqa: BLE001  whatever it is, it is counted and the work goes on
            errors.append(f"{type(error).__name__}: {error}")
        waits.append((time.perf_counter() - started) * 1000)
    waits.sort()
    account = {
        "count": len(waits),
        "p50": waits[len(waits) // 2] if waits else 0.0,
        "p95": waits[min(len(waits) - 1, len(waits) * 95 // 100)] if waits else 0.0,
        "max": waits[-1] if waits else 0.0,
        "errors": errors,
    }
    print(json.dumps(account), flush=True)


if __name__ == "__main__":
    main()
