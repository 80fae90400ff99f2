"""A server on loopback that takes webhooks, over real HTTP, and behaves as badly as it is told to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> str:
        """The id that is the same in all attempts."""
        return self.headers["webhook-id"]

    @property
    def data(self) -> Any:
        """What is told of the change."""
        return json.loads(self.body)["data"]

    def is_signed_with(self, secret: str) -> bool:
        """Whether a receiver that follows the conventions takes it."""
        try:
            Webhook(secret).verify(self.body, self.headers)
        except WebhookVerificationError:
            return False
        return True


# What to answer: status, headers, and seconds to wait before.
Answer = tuple[int, dict[str, str], float]
TAKEN: Answer = (204, {}, 0.0)


@dataclass
class Receiver:
    """*decide* says what to answer to each call; *calls* are all that came, in order, *taken* those answered 2xx.

    *body* is what every answer holds.
    """

    origin: str
    decide: Callable[[Call], Answer] = lambda call: TAKEN
    body: bytes = b""
    calls: list[Call] = field(default_factory=list)
    taken: list[Call] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, status: int, seconds: float = 0.0, **headers: str) -> None:
        """From now on the same to every call."""
        self.decide = lambda call: (status, headers, seconds)

    @property
    def url(self) -> str:
        """Where webhooks are taken."""
        return f"{self.origin}/hook"


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that is gone after the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            call = Call(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            with made.lock:
                made.calls.append(call)
                status, headers, seconds = made.decide(call)
                if 200 <= status < 300 and not seconds:
                    made.taken.append(call)
            time.sleep(seconds)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(made.body)))
            self.end_headers()
            with suppress(OSError):  # who has read enough hangs up
                self.wfile.write(made.body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
