"""Pictures for tests, and a server on loopback that sends whatever it is told to."""

import io
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image, ImageDraw

from aggregator.ingest.parts import image_id
from aggregator.models import Image as Row
from aggregator.records import Image as Part
from aggregator.vocabulary import ImageRole, Kind
from tests.factories import NOW, make_event


def photo(width: int = 1600, height: int = 1000, colour: Any = (180, 60, 40)) -> Image.Image:
    """A plain ground with a busy spot left of the middle."""
    picture = Image.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(picture)
    for step in range(0, width // 5, 7):
        draw.line(
            (width // 8 + step, height // 5, width // 8 + step // 2, height // 2),
            fill=(250, 240, 90),
            width=2,
        )
    return picture


def encoded(picture: Image.Image, name: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, name, **options)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    """A file as a picture, read to its end."""
    picture = Image.open(io.BytesIO(body))
    picture.load()
    return picture


def png_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """A small PNG that claims to be huge, and keeps its promise as far as anybody reads."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(3_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animation(name: str = "GIF") -> bytes:
    """Three frames."""
    frames = [photo(80, 60, (shade, 0, 0)) for shade in (0, 120, 240)]
    return encoded(frames[0], name, save_all=True, append_images=frames[1:], duration=100)


@dataclass
class Upstream:
    """Path → (status, headers, body); *asked* is what was asked for, with its headers."""

    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    base: str = ""

    def put(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Answer *path* with this; gives its address. ``etag`` makes the answer conditional."""
        self.answers[path] = (status, {"Content-Type": "image/jpeg", **headers}, body)
        return self.base + path


@contextmanager
def upstream() -> Iterator[Upstream]:
    """A server on a port of its own."""
    made = Upstream()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            made.asked.append((self.path, dict(self.headers)))
            status, headers, body = made.answers.get(self.path, (404, {}, b""))
            if "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def make_image(owner: Any = None, **columns: Any) -> Row:
    """A picture of an event, due now; *owner* may be any row that has pictures."""
    owner = owner or make_event()
    kind = Kind(owner._meta.model_name)
    role = columns.pop("role", ImageRole.STILL)
    position = Row.objects.filter(**{kind: owner}).count()
    usual = {
        "provider": owner.provider,
        "external_id": image_id(kind, owner.external_id, Part(role=role), position),
        "first_seen_at": NOW,
        "updated_at": NOW,
        "due_at": NOW,
        "url": "http://pictures.example/1.jpg",
        kind: owner,
    }
    return Row.objects.create(role=role, position=position, **{**usual, **columns})
