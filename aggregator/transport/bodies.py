"""Unpacking a body piece by piece, so that a bomb is stopped before it is large."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from aggregator.transport import faults
from aggregator.transport.faults import TransportFault

#: Most that one step of unpacking may produce.
PIECE = 64 * 1024
#: The ratio is looked at only above this: small answers pack very well and harm nobody.
RATIO_FLOOR = 1024 * 1024


def unpacked(chunks: Iterable[bytes], encoding: str, *, max_bytes: int, max_ratio: int) -> Iterator[bytes]:
    """The decoded pieces of a body sent as `chunks` under `Content-Encoding: encoding`.

    Raises `TransportFault` with `body_too_large`, `decompression_bomb`, `truncated_body` (also for
    broken packing) or `unknown_encoding`. Nothing sent at all is an empty body in any encoding.
    """
    names = [
        name.strip().lower() for name in encoding.split(",") if name.strip().lower() not in ("", "identity")
    ]
    if len(names) > 1 or any(name not in ("gzip", "x-gzip", "deflate") for name in names):
        raise TransportFault(faults.UNKNOWN_ENCODING)
    inflater = _Inflater(gzip=names[0] != "deflate") if names else None
    total = 0
    for chunk in chunks:
        pieces = inflater.feed(chunk) if inflater else iter((chunk,))
        for piece in pieces:
            total += len(piece)
            if inflater and total > RATIO_FLOOR and total > max_ratio * inflater.consumed:
                raise TransportFault(faults.DECOMPRESSION_BOMB)
            if total > max_bytes:
                raise TransportFault(faults.BODY_TOO_LARGE)
            yield piece
    if inflater:
        inflater.finish()


class _Inflater:
    """gzip (also several members in a row) or deflate (zlib as the standard says, or raw as some send)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._stream = zlib.decompressobj(31) if gzip else None
        self._waiting = b""
        self._done = False
        self.consumed = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        data = self._waiting + chunk
        self._waiting = b""
        if self._stream is None:
            if len(data) < 2:
                self._waiting = data
                return
            zlib_header = data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
            self._stream = zlib.decompressobj(15 if zlib_header else -15)
        while data:
            if self._done and not self._next_member(data):
                return
            piece = self._step(data)
            while piece:
                yield piece
                # A full piece may leave output waiting inside zlib although all input was taken.
                pending = len(piece) == PIECE and not self._done and not self._stream.unconsumed_tail
                piece = self._step(b"") if pending else b""
            data = self._stream.unused_data if self._done else self._stream.unconsumed_tail

    def _step(self, data: bytes) -> bytes:
        assert self._stream is not None
        broken = False
        piece = b""
        try:
            piece = self._stream.decompress(data, PIECE)
        except zlib.error:
            broken = True
        if broken:
            raise TransportFault(faults.TRUNCATED_BODY)
        self._done = self._stream.eof
        left = self._stream.unused_data if self._done else self._stream.unconsumed_tail
        self.consumed += len(data) - len(left)
        return piece

    def _next_member(self, data: bytes) -> bool:
        """Begin the next gzip member; False for the zero padding that may follow the last one."""
        if not data.strip(b"\0"):
            self.consumed += len(data)
            return False
        if not self._gzip:
            raise TransportFault(faults.TRUNCATED_BODY)
        self._stream = zlib.decompressobj(31)
        self._done = False
        return True

    def finish(self) -> None:
        if self._waiting or (self.consumed and not self._done):
            raise TransportFault(faults.TRUNCATED_BODY)
