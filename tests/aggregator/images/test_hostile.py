"""Hostile upstreams over real HTTP: each ends in a name for the operator and a drawing for the visitor."""

import zlib
from typing import Any

import pytest
from django.test import Client
from PIL import Image as Picture

from aggregator.images import address, faults, fetch, work
from aggregator.models import Image, Rendition
from aggregator.vocabulary import ImageRole
from tests.aggregator.images import pictures
from tests.aggregator.images.pictures import Upstream, encoded, make_image, photo
from tests.factories import NOW

pytestmark = pytest.mark.django_db

GOOD = encoded(photo(500, 400))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
LIES = {
    "svg": (SVG, faults.SVG),
    "html": (b"<!doctype html><html><body><script>alert(1)</script></body></html>", faults.HTML),
    "bomb": (pictures.png_bomb(), faults.TOO_MANY_PIXELS),
    "animated": (pictures.animation(), faults.ANIMATED),
    "cut": (GOOD[:-900], faults.TRUNCATED),
    "nothing": (b"", faults.EMPTY),
    "noise": (bytes(range(256)) * 20, faults.UNKNOWN_FORMAT),
}


def outcome(image: Image) -> str:
    assert work.work(30.0, clock=lambda: NOW) == 1
    image.refresh_from_db()
    return image.failure


def shows_a_drawing(client: Client, image: Image) -> bool:
    response = client.get(address(image, "poster-200x286", "webp"))
    return response.status_code == 200 and pictures.opened(response.content).size == (200, 286)


@pytest.mark.parametrize("lie", LIES)
def test_whatever_is_called_a_jpeg_is_judged_by_what_it_is(
    client: Client, server: Upstream, lie: str
) -> None:
    body, reason = LIES[lie]
    image = make_image(url=server.put("/a.jpg", body))
    assert outcome(image) == reason
    assert shows_a_drawing(client, image)
    assert not Rendition.objects.exists()


def test_and_a_picture_is_one_whatever_it_is_called(server: Upstream) -> None:
    image = make_image(url=server.put("/a", GOOD, **{"Content-Type": "text/html"}))
    assert outcome(image) == ""
    assert image.content_hash


def test_an_announced_gigabyte_is_not_even_begun(
    client: Client, server: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "LIMITS", fetch.Limits(max_bytes=20_000, attempts=1))
    image = make_image(url=server.put("/a.jpg", GOOD + bytes(30_000)))
    assert outcome(image) == "body_too_large"
    assert shows_a_drawing(client, image)


def test_a_packed_bomb_is_not_unpacked(client: Client, server: Upstream) -> None:
    packed = zlib.compress(bytes(60_000_000), 9, wbits=31)
    image = make_image(url=server.put("/a.jpg", packed, **{"Content-Encoding": "gzip"}))
    assert outcome(image) in ("decompression_bomb", "body_too_large")
    assert shows_a_drawing(client, image)


@pytest.mark.parametrize(
    "url",
    [
        *("http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/a.jpg", "http://10.0.0.1/a.jpg"),
        *("http://[::1]:9/a.jpg", "http://0.0.0.0/a.jpg", "http://2130706433/a.jpg"),
    ],
)
def test_nobody_sends_us_into_the_network_behind_us(client: Client, server: Upstream, url: str) -> None:
    image = make_image(url=url)
    assert outcome(image) == "private_address"
    assert shows_a_drawing(client, image)


def test_not_by_a_redirect_either(server: Upstream) -> None:
    image = make_image(url=server.put("/a.jpg", b"", 302, Location="http://127.0.0.1:1/admin"))
    assert outcome(image) == "redirect_refused"


def test_only_the_providers_own_origin_may_be_private(server: Upstream, settings: Any) -> None:
    url = server.put("/a.jpg", GOOD)
    image = make_image(url=url)
    settings.PROVIDERS = {}
    assert outcome(image) == "private_address"
    assert not server.asked


def test_no_credential_goes_along(server: Upstream) -> None:
    make_image(url=server.put("/a.jpg", GOOD))
    work.work(30.0, clock=lambda: NOW)
    [(_, headers)] = server.asked
    assert not {name.lower() for name in headers} & {"authorization", "cookie", "x-api-key", "referer"}
    assert "toy-key" not in str(headers)


def test_of_several_sizes_the_next_one_is_taken_where_one_is_no_good(server: Upstream) -> None:
    image = make_image(
        url=server.put("/original.gif", pictures.animation()),
        sizes={"600": server.put("/600.jpg", GOOD), "300": server.put("/300.jpg", GOOD)},
    )
    assert outcome(image) == ""
    assert [path for path, _ in server.asked] == ["/original.gif", "/600.jpg"]
    assert image.fetched_from.endswith("/600.jpg")


def test_a_logo_is_asked_for_no_larger_than_it_is_shown(server: Upstream) -> None:
    image = make_image(
        role=ImageRole.LOGO,
        url=server.put("/original.jpg", GOOD),
        sizes={"600": server.put("/600.jpg", GOOD), "150": server.put("/150.jpg", GOOD)},
    )
    assert outcome(image) == ""
    assert [path for path, _ in server.asked] == ["/600.jpg"]


def test_what_is_sent_on_holds_nothing_of_what_was_received(server: Upstream, shelf_folder: Any) -> None:
    exif = Picture.Exif()
    exif[0x010E] = "<script>planted</script>"
    body = encoded(photo(500, 400), exif=exif.tobytes(), comment=b"planted") + b"planted<?php planted ?>"
    image = make_image(url=server.put("/a.jpg", body))
    assert outcome(image) == ""
    made = [path.read_bytes() for path in shelf_folder.rglob("*") if path.is_file()]
    assert len(made) == 13
    assert not any(b"planted" in each for each in made)


def test_validators_of_upstreams_are_taken_with_care(server: Upstream) -> None:
    headers = {"ETag": '"' + "x" * 400 + '"', "Last-Modified": "y" * 100}
    image = make_image(url=server.put("/a.jpg", GOOD, **headers))
    assert outcome(image) == ""
    assert (image.etag, image.last_modified) == ("", "")
