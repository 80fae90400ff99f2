"""Map tiles come through the site, are kept, and are pictures or nothing."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pytest_django import Settings


def picture(kind: str, size: int = 256, **saved: Any) -> bytes:
    """A tile with a lake and a road, as its server draws it."""
    tile = Image.new("RGB", (size, size), (240, 235, 220))
    tile.paste((90, 140, 200), (10, 20, 90, 120))
    tile.paste((200, 60, 40), (0, 200, size, 204))
    out = BytesIO()
    tile.save(out, kind, **saved)
    return out.getvalue()


def palette() -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(picture("PNG"))) as tile:
        tile.quantize(16).save(out, "PNG", pnginfo=_told())
    return out.getvalue()


def _told() -> PngInfo:
    told = PngInfo()
    told.add_text("comment", "<script>alert(1)</script>")
    return told


PNG = picture("PNG")


class Tiles(BaseHTTPRequestHandler):
    asked: list[str] = []
    body = PNG

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(settings: Settings) -> Iterator[type[Tiles]]:
    Tiles.asked.clear()
    Tiles.body = PNG
    running = HTTPServer(("127.0.0.1", 0), Tiles)
    Thread(target=running.serve_forever, daemon=True).start()
    settings.MAP_TILES_URL = f"http://127.0.0.1:{running.server_port}/t/{{z}}/{{x}}/{{y}}.png"
    yield Tiles
    running.shutdown()
    running.server_close()


def colour(body: bytes, at: tuple[int, int]) -> Any:
    with Image.open(BytesIO(body)) as tile:
        tile.load()
        return tile.convert("RGB").getpixel(at)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (picture("PNG", pnginfo=_told()), "image/png"),
        (palette(), "image/png"),
        (picture("WEBP", lossless=True, exif=b"Exif\0\0<script>alert(1)</script>"), "image/png"),
        (picture("JPEG", comment=b"<script>alert(1)</script>"), "image/jpeg"),
        (PNG + b"<script>alert(1)</script>", "image/png"),
    ],
)
def test_only_the_pixels_of_a_tile_are_passed_on(
    client: Client, server: type[Tiles], body: bytes, media_type: str
) -> None:
    assert b"<script>" in body
    server.body = body
    response = client.get("/tiles/3/4/2")
    assert (response.status_code, response["Content-Type"]) == (200, media_type)
    assert b"<script>" not in response.content
    assert (
        max(abs(a - b) for a, b in zip(colour(response.content, (20, 30)), (90, 140, 200), strict=True)) < 9
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"\xff\xd8\xff<script>",
        b"RIFF\0\0\0\0WAVEfmt ",
        PNG[:200],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture("GIF"),
        picture("PNG", 1025),
    ],
)
def test_what_begins_like_a_picture_and_is_none_is_not_passed_on(
    client: Client, server: type[Tiles], body: bytes
) -> None:
    server.body = body
    response = client.get("/tiles/1/0/0")
    assert (response.status_code, response.content) == (502, b"")


def test_whoever_asks_too_often_has_to_wait(client: Client, server: type[Tiles], settings: Settings) -> None:
    settings.THROTTLE_ANON = "3/h"
    got = [client.get("/tiles/3/4/2", REMOTE_ADDR="198.51.100.7") for _ in range(4)]
    assert [one.status_code for one in got] == [200, 200, 200, 429]
    assert int(got[3]["Retry-After"]) > 0
    assert client.get("/tiles/3/4/2", REMOTE_ADDR="198.51.100.8").status_code == 200


def test_a_tile_is_fetched_once(client: Client, server: type[Tiles]) -> None:
    for _ in range(2):
        response = client.get("/tiles/3/4/2")
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        assert colour(response.content, (20, 30)) == (90, 140, 200)
        assert "max-age=604800" in response["Cache-Control"]
        assert "Cookie" not in response.get("Vary", "")
    assert server.asked == ["/t/3/4/2.png"]


@pytest.mark.parametrize(
    "path", ["/tiles/20/0/0", "/tiles/3/8/0", "/tiles/3/0/8", "/tiles/0/1/0", f"/tiles/{'9' * 99}/0/0"]
)
def test_a_place_off_the_map_is_not_asked_for(client: Client, server: type[Tiles], path: str) -> None:
    assert client.get(path).status_code == 404
    assert server.asked == []


def test_what_is_no_picture_is_not_passed_on(client: Client, server: type[Tiles]) -> None:
    server.body = b"<script>alert(1)</script>"
    response = client.get("/tiles/1/0/0")
    assert (response.status_code, response.content) == (502, b"")


def test_a_server_that_is_away_is_not_asked_again_at_once(client: Client, settings: Settings) -> None:
    settings.MAP_TILES_URL = "http://127.0.0.1:9/{z}/{x}/{y}.png"
    assert [client.get("/tiles/1/0/0").status_code for _ in range(2)] == [502, 502]


def test_without_a_server_there_are_no_tiles(client: Client) -> None:
    assert client.get("/tiles/1/0/0").status_code == 404


@pytest.mark.django_db
def test_the_map_names_our_tiles_and_whose_they_are(client: Client, server: type[Tiles]) -> None:
    from tests import factories

    factories.make_showing(venue=factories.make_venue(latitude=59.3, longitude=18.0))
    html = client.get("/events/?view=map&from=2020-01-01").content.decode()
    assert 'data-tiles="/tiles/{z}/{x}/{y}"' in html
    assert 'data-attribution="127.0.0.1"' in html
