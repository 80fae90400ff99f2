"""What comes back: the limits of a call, the answer, and the reading of its body."""

from __future__ import annotations

import contextlib
import http.client
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Self, cast

import urllib3.exceptions as u3
from urllib3.response import BaseHTTPResponse

from aggregator.transport import faults
from aggregator.transport.bodies import unpacked
from aggregator.transport.faults import TransportFault

MIB = 1024 * 1024
ERROR_BODY_BYTES = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and counts that one call may use.

    `connect` is per address, `read` per wait for bytes, `total` for the whole call with its retries and
    redirects. `max_bytes` counts decoded bytes; `max_ratio` is decoded to sent bytes, looked at above 1 MiB.
    """

    connect: float = 5.0
    read: float = 20.0
    total: float = 120.0
    max_bytes: int = 32 * MIB
    max_ratio: int = 200
    attempts: int = 3


class Response:
    """An answer read to its end.

    `body` is rewound; up to 1 MiB of it is in memory, more in a temporary file. `headers` ignores case; `url`
    is where the answer came from, redacted; `requests` counts what the call cost.
    """

    def __init__(self, status: int, headers: Mapping[str, str], url: str, body: BinaryIO) -> None:
        self.status = status
        self.headers = headers
        self.url = url
        self.body = body
        self.requests = 1

    @property
    def media_type(self) -> str:
        """The content type without parameters, lower case; "" when the server named none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def content(self) -> bytes:
        """The whole body. Leaves `body` rewound. For small answers: it is all in memory."""
        self.body.seek(0)
        data = self.body.read()
        self.body.seek(0)
        return data

    def close(self) -> None:
        self.body.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Response {self.status} {self.url}>"


def pieces_of(raw: BaseHTTPResponse, limits: Limits) -> Iterator[bytes]:
    encoding = raw.headers.get("Content-Encoding", "")
    length = raw.headers.get("Content-Length", "")
    if not encoding and length.isdigit() and int(length[:20]) > limits.max_bytes:
        raise TransportFault(faults.BODY_TOO_LARGE)  # announced: no need to read it
    chunks = raw.stream(64 * 1024, decode_content=False)
    return unpacked(chunks, encoding, max_bytes=limits.max_bytes, max_ratio=limits.max_ratio)


def spooled(pieces: Iterator[bytes]) -> BinaryIO:
    body = tempfile.SpooledTemporaryFile(max_size=MIB)  # noqa: SIM115 - the Response closes it
    try:
        for piece in pieces:
            body.write(piece)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return cast(BinaryIO, body)


def error_body(raw: BaseHTTPResponse) -> bytes:
    """The first 64 KiB of an error answer. A fault on the way ends it: the status has said enough."""
    kept = bytearray()
    limits = Limits(max_bytes=ERROR_BODY_BYTES + MIB)
    with contextlib.suppress(TransportFault, OSError, ValueError, http.client.HTTPException, u3.HTTPError):
        for piece in pieces_of(raw, limits):
            kept += piece
            if len(kept) >= ERROR_BODY_BYTES:
                break
    return bytes(kept[:ERROR_BODY_BYTES])
