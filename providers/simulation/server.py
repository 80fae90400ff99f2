"""Simulators over real HTTP: one threaded server on loopback for all of them."""

from __future__ import annotations

import socket
import struct
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock
from typing import Any
from urllib.parse import parse_qsl

from providers.simulation.control import CONTROL, control
from providers.simulation.faults import TRANSPORT
from providers.simulation.misbehaviour import misbehave
from providers.simulation.pictures import served
from providers.simulation.simulator import Request, Response, json_response
from providers.simulation.stage import Stage

_CHUNK = 64 * 1024
_LARGEST_REQUEST = 1024 * 1024


@dataclass(frozen=True)
class Served:
    """One line of the log: what was asked (path with its query), when, and what was answered.

    `status` is 0 where a fault broke the answer off. `headers` has lower-case names.
    """

    slug: str
    method: str
    path: str
    headers: Mapping[str, str]
    status: int
    at: datetime


def _batches(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Small pieces gathered into blocks worth sending."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


class _Handler(BaseHTTPRequestHandler):
    """One connection. Also the `Wire` that transport faults act on."""

    protocol_version = "HTTP/1.1"
    server: Server
    disable_nagle_algorithm = True
    _unlogged: Served | None = None

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the server keeps its own log."""

    def version_string(self) -> str:
        return "simulator"

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_REQUEST:
            self.send(json_response(413, {"error": "too large"}))
            self.close_connection = True
            return
        body = self.rfile.read(length) if length else b""
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        stage = self.server.stage
        slug = stage.owner(path)
        main = slug is not None and stage.is_data(slug, path)

        def take(name: str, wanted: bool) -> bool:
            return slug is not None and stage.board.take(slug, name, self.path, wanted and main)

        pairs = tuple(parse_qsl(query, keep_blank_values=True))
        request = Request(self.command, path, dict(reversed(pairs)), headers, body, take, pairs)
        self._unlogged = None
        if not path.startswith(CONTROL):
            self._unlogged = Served(slug or "", self.command, self.path, headers, 0, stage.now())
        self._answer(request, slug, main)

    def _log(self, status: int) -> None:
        """Log the request, once, and before a byte of the answer: who has the answer must find it in the log."""
        if self._unlogged is not None:
            self.server.log.append(replace(self._unlogged, status=status))
            self._unlogged = None

    def _answer(self, request: Request, slug: str | None, main: bool) -> None:
        stage = self.server.stage
        if request.path.startswith(CONTROL):
            response = control(stage, request)
        elif slug is None:
            response = json_response(404, {"error": "nothing is simulated here"})
        else:
            upstream = stage.upstreams[slug]
            for name in TRANSPORT:
                if request.take(name, main):
                    misbehave(name, self, lambda: upstream.handle(request))
                    return
            # A picture is never among the data that faults are meant for, and these are meant for pictures.
            strikes = partial(stage.board.take, slug, address=self.path, main=True)
            response = served(request, upstream.handle(request), strikes)
        self.send(response)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _serve

    def _head(self, response: Response, length: int | None) -> bytes:
        reason = self.responses.get(response.status, ("",))[0]
        # The simulation's time: a client corrects the times that an answer names by it.
        date = self.date_time_string(self.server.stage.now().timestamp())
        lines = [f"HTTP/1.1 {response.status} {reason}", f"Date: {date}"]
        lines += [f"{name}: {value}" for name, value in response.headers]
        if length is not None:
            lines.append(f"Content-Length: {length}")
        elif self.request_version == "HTTP/1.1":
            lines.append("Transfer-Encoding: chunked")
        else:
            self.close_connection = True
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def send(self, response: Response) -> None:
        self._log(response.status)
        bodiless = response.status in {204, 304} or self.command == "HEAD"
        if isinstance(response.body, bytes):
            length = None if response.status in {204, 304} else len(response.body)
            head = self._head(response, 0 if length is None else length)
            self.wfile.write(head if bodiless else head + response.body)
            return
        self.wfile.write(self._head(response, None))
        if bodiless:
            return
        chunked = self.request_version == "HTTP/1.1"
        for block in _batches(response.body):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block) if chunked else block)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def send_part(self, response: Response) -> None:
        self._log(0)
        body = response.body if isinstance(response.body, bytes) else b""
        self.wfile.write(self._head(response, max(2, len(body))) + body[: len(body) // 2])

    def wait(self, seconds: float) -> None:
        self.server.stopping.wait(seconds)

    def silent(self) -> None:
        self._log(0)

    def drop(self) -> None:
        self.close_connection = True

    def reset(self) -> None:
        self.close_connection = True
        # Lingering for zero seconds makes the system answer with a reset instead of an orderly end; shutting
        # down first, as the server does by itself, would send that orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.server.reset(self.connection)


class Server(ThreadingHTTPServer):
    """Serves a stage. `log` holds the newest requests outside of the control paths."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, build: Callable[[str], Stage], port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.stage = build(f"http://127.0.0.1:{self.server_port}")
        self.log: deque[Served] = deque(maxlen=200_000)
        self.stopping = Event()
        self._open: set[socket.socket] = set()
        self._lock = Lock()

    def server_bind(self) -> None:
        """As inherited, but without asking the resolver for our own name, which can take seconds."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def reset(self, connection: socket.socket) -> None:
        """Close a connection at once, without the orderly end."""
        with self._lock:
            self._open.discard(connection)
        connection.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news; anything else is a mistake of ours and is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop serving, end every wait and close every connection."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._lock:
            left = list(self._open)
        for connection in left:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
