"""Map tiles come through the site, are kept, and are pictures or nothing."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.test import Client
from pytest_django import Settings

PNG = b"\x89PNG\r\n\x1a\n and so on"


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


def test_a_tile_is_fetched_once(client: Client, server: type[Tiles]) -> None:
    for _ in range(2):
        response = client.get("/tiles/3/4/2")
        assert (response.status_code, response.content, response["Content-Type"]) == (200, PNG, "image/png")
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
