"""What one process measures about pictures: ``python -m benchmarks.pictures_child eager``, or ``serving``, which goes
through the whole of Django.
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")

WARM, COLD = 300, 6
#: Presets that are made when somebody asks.
ASKED = ("square-190", "poster-640x914", "preview-600x338", "width-600", "fit-500")


def eager() -> dict[str, Any]:
    """What the eager set costs."""
    from benchmarks import pictures_eager

    return pictures_eager.measure()


def serving() -> dict[str, Any]:
    """Bring some pictures of 12 MP, then ask for them as browsers do."""
    from django.test import Client
    from django.utils import timezone

    from aggregator.images import address, work
    from aggregator.models import Image
    from benchmarks.pictures_eager import photograph

    images = _brought(photograph(4000, 3000), COLD)
    client = Client(SERVER_NAME="localhost")
    now = timezone.now()
    found: dict[str, float] = {}
    paths = [address(image, "preview-640x360", "webp") for image in images]
    found |= _times("warm", lambda turn: client.get(paths[turn % COLD]), WARM)
    tag = client.get(paths[0])["ETag"]
    headers = {"if-none-match": tag}
    found |= _times("fresh", lambda turn: client.get(paths[0], headers=headers), WARM)
    for extension in ("webp", "jpg"):
        asked = [address(image, preset, extension) for image in images for preset in ASKED]
        found |= _times(extension, lambda turn, asked=asked: client.get(asked[turn]), len(asked))
    Image.objects.update(content_hash="", due_at=None)
    plain = paths[0].partition("?")[0]
    found |= _times("none", lambda turn: client.get(plain), WARM)
    assert not work.due(now)
    return found


def _times(name: str, ask: Any, number: int) -> dict[str, float]:
    """Milliseconds that half of *number* requests, and nineteen of twenty, stay under; by the clock, and of CPU."""
    seconds, busy = [], []
    for turn in range(number):
        started, cpu = time.perf_counter(), time.process_time()
        response = ask(turn)
        seconds.append((time.perf_counter() - started) * 1000)
        busy.append((time.process_time() - cpu) * 1000)
        assert response.status_code in (200, 304), response
    seconds.sort()
    busy.sort()
    high = min(number - 1, number * 95 // 100)
    return {
        f"{name}_p50": seconds[number // 2],
        f"{name}_p95": seconds[high],
        f"{name}_cpu": busy[high],
    }


def _brought(body: bytes, number: int) -> list[Any]:
    """Pictures of one event, fetched over HTTP and made by the worker's own function."""
    from django.utils import timezone

    from aggregator.http import HttpClient
    from aggregator.images import fetch, work
    from aggregator.models import Event, Image

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base, now = f"http://127.0.0.1:{server.server_port}", timezone.now()
    fetch.client = lambda origins: HttpClient(allowed_origins=[base], limits=fetch.LIMITS)
    usual = {"provider": "bench", "first_seen_at": now, "updated_at": now}
    event = Event.objects.create(external_id="1", titles={"en": "x"}, **usual)
    for one in range(number):
        Image.objects.create(
            external_id=str(one), event=event, position=one, url=f"{base}/{one}.jpg", due_at=now, **usual
        )
    work.work(600)
    server.shutdown()
    images = list(Image.objects.exclude(content_hash=""))
    assert len(images) == number
    return images


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"eager": eager, "serving": serving}[sys.argv[1]]()))
