"""How pictures are answered: with validators, or, where a fault is on, with what passes for a picture elsewhere."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import blake2b
from io import BytesIO
from typing import Final

from PIL import Image

from providers.simulation.simulator import Request, Response

PICTURES: Final[Mapping[str, str]] = {
    "picture_404": "pictures are not found",
    "picture_html": "an HTML page under 200, called a JPEG",
    "picture_svg": "an SVG drawing with a script, called a JPEG",
    "picture_bomb": "a small PNG of 2.5 billion pixels",
    "picture_animated": "an animated GIF, called a JPEG",
    "picture_cut": "half of a picture in a complete answer",
    "picture_cmyk": "a correct picture in print colours",
    "picture_turned": "a correct picture that lies on its side and says so",
}
"""Done to pictures alone, whichever simulator sends them."""

_HTML = (
    b"<!DOCTYPE html><html><head><title>Not here</title></head><body><script>alert(1)</script></body></html>"
)
_SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="9" height="9"/>'
)


def served(request: Request, response: Response, strikes: Callable[[str], bool]) -> Response:
    """The answer to send in place of *response*; other answers than pictures pass as they are.

    *strikes* tells of a fault by its name whether it is on for this request, and uses up one of its times.
    """
    media = dict(response.headers).get("Content-Type", "")
    if response.status != 200 or not media.startswith("image/") or not isinstance(response.body, bytes):
        return response
    for name in PICTURES:
        if strikes(name):
            if name == "picture_404":
                return Response(404, b"", (("Content-Type", "text/plain"),))
            return Response(200, _SPOILT[name](response.body), response.headers)
    tag = f'"{blake2b(response.body, digest_size=8).hexdigest()}"'
    headers = (*response.headers, ("ETag", tag))
    if request.headers.get("if-none-match") == tag:
        return Response(304, b"", headers)
    return Response(200, response.body, headers)


@cache
def _bomb(body: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(9_000_000), 9))
        + chunk(b"IEND", b"")
    )


def _animated(body: bytes) -> bytes:
    frame = Image.open(BytesIO(body)).convert("RGB").resize((120, 90))
    out = BytesIO()
    turned = [
        frame.transpose(way) for way in (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM)
    ]
    frame.save(out, "GIF", save_all=True, append_images=turned, duration=80)
    return out.getvalue()


def _cmyk(body: bytes) -> bytes:
    out = BytesIO()
    Image.open(BytesIO(body)).convert("CMYK").save(out, "JPEG", quality=85)
    return out.getvalue()


def _turned(body: bytes) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = BytesIO()
    lying = Image.open(BytesIO(body)).convert("RGB").transpose(Image.Transpose.ROTATE_90)
    lying.save(out, "JPEG", quality=85, exif=exif.tobytes())
    return out.getvalue()


_SPOILT: Mapping[str, Callable[[bytes], bytes]] = {
    "picture_html": lambda body: _HTML,
    "picture_svg": lambda body: _SVG,
    "picture_bomb": lambda body: _bomb(),
    "picture_animated": _animated,
    "picture_cut": lambda body: body[: len(body) // 2],
    "picture_cmyk": _cmyk,
    "picture_turned": _turned,
}
