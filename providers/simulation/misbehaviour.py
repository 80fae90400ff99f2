"""Transport faults as they go over the wire. Each ends at once when the server stops."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Protocol

from providers.simulation.simulator import Response, html_response, json_response

HUGE = 200 * 1024 * 1024
BOMB = 1024 * 1024 * 1024
_HANG = 600.0
_BLOCK = b'"' + b"x" * 65_530 + b'",'


class Wire(Protocol):
    """One connection with a request on it that waits for its answer."""

    def send(self, response: Response) -> None:
        """Answer properly."""

    def send_part(self, response: Response) -> None:
        """Send the head, which promises the whole body, and half of the body."""

    def wait(self, seconds: float) -> None:
        """Do nothing for so long, or until the server stops."""

    def silent(self) -> None:
        """Take note that this request gets no answer."""

    def drop(self) -> None:
        """Close the connection."""

    def reset(self) -> None:
        """Close the connection with a reset."""


def whole(response: Response) -> Response:
    """The same answer with its body in one piece."""
    if isinstance(response.body, bytes):
        return response
    return Response(response.status, b"".join(response.body), response.headers)


def _connect_timeout(wire: Wire, answer: Callable[[], Response]) -> None:
    wire.silent()
    wire.wait(_HANG)
    wire.drop()


def _read_timeout(wire: Wire, answer: Callable[[], Response]) -> None:
    wire.send_part(whole(answer()))
    wire.wait(_HANG)
    wire.drop()


def _reset(wire: Wire, answer: Callable[[], Response]) -> None:
    wire.send_part(whole(answer()))
    # Give the half that was promised time to arrive: a reset throws away what is still under way.
    wire.wait(0.05)
    wire.reset()


def _slow(wire: Wire, answer: Callable[[], Response]) -> None:
    response = whole(answer())
    wire.wait(1.0)
    body = response.body if isinstance(response.body, bytes) else b""
    step = max(1, -(-len(body) // 4))

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), step):
            wire.wait(0.25)
            yield body[start : start + step]

    wire.send(Response(response.status, pieces(), response.headers))


def _truncated(wire: Wire, answer: Callable[[], Response]) -> None:
    response = whole(answer())
    body = response.body if isinstance(response.body, bytes) else b""
    wire.send(Response(response.status, body[: len(body) // 2], response.headers))


def _huge() -> Iterator[bytes]:
    yield b"["
    for _ in range(HUGE // len(_BLOCK) + 1):
        yield _BLOCK
    yield b'""]'


@cache
def bomb() -> bytes:
    """About a megabyte of gzip that unpacks to a list of one gigabyte of blanks."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    # Packing a gigabyte takes seconds, and all its blocks pack alike: pack one and repeat it. A full flush
    # makes a block stand for itself; the missing checksum at the end comes after any sane limit.
    head = packer.compress(b"[") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * (1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (BOMB // (1024 * 1024))


_JSON = (("Content-Type", "application/json"),)
_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>nginx</p></body></html>"

_FIXED: dict[str, Callable[[], Response]] = {
    "500": lambda: Response(500, b"Internal Server Error", (("Content-Type", "text/plain"),)),
    "502_html": lambda: html_response(502, _PAGE.format("502 Bad Gateway")),
    "429": lambda: json_response(429, {"error": "Too many requests"}),
    "429_retry_after": lambda: json_response(429, {"error": "Too many requests"}, (("Retry-After", "3"),)),
    "401": lambda: json_response(401, {"error": "Unauthorized"}),
    "403": lambda: json_response(403, {"error": "Forbidden"}),
    "html_200": lambda: html_response(200, _PAGE.format("Vi är strax tillbaka")),
    "huge_body": lambda: Response(200, _huge(), _JSON),
    "gzip_bomb": lambda: Response(200, bomb(), (*_JSON, ("Content-Encoding", "gzip"))),
    "redirect_private": lambda: Response(
        302, b"", (("Location", "http://169.254.169.254/latest/meta-data/"),)
    ),
}

_ACTED: dict[str, Callable[[Wire, Callable[[], Response]], None]] = {
    "connect_timeout": _connect_timeout,
    "read_timeout": _read_timeout,
    "reset": _reset,
    "truncated_json": _truncated,
    "slow": _slow,
}


def misbehave(name: str, wire: Wire, answer: Callable[[], Response]) -> None:
    """Do the named transport fault in place of the answer."""
    if name in _FIXED:
        wire.send(_FIXED[name]())
    else:
        _ACTED[name](wire, answer)
