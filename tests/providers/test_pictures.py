"""The simulators' pictures, drawn or spoilt, and what we make of them."""

import io
from typing import Any

import pytest
import requests
from django.test import Client
from PIL import Image as Picture

from aggregator.images import address, work
from aggregator.images.presets import EAGER
from aggregator.models import Event, Image
from providers import registry
from providers.simulation.pictures import PICTURES, drawn
from tests.providers.upstreams import Upstream, upstream

SCALE = 20
SLUGS = sorted(registry.discover())
#: Fault → what the operator reads, "" where the picture is good.
NAMES = {
    "picture_404": "not_found",
    "picture_html": "html_for_picture",
    "picture_svg": "svg",
    "picture_bomb": "too_many_pixels",
    "picture_animated": "animated",
    "picture_cut": "truncated_picture",
    "picture_cmyk": "",
    "picture_turned": "",
}


@pytest.mark.parametrize("size", [(50, 71), (1024, 576), (1600, 400), (75, 75)])
@pytest.mark.parametrize("motif", ["poster", "scene", "portrait", "logo", "painting"])
def test_a_drawing_has_exactly_its_size_and_is_always_the_same(size: Any, motif: Any) -> None:
    first = drawn("name", *size, motif)
    drawn.cache_clear()
    assert drawn("name", *size, motif) == first
    picture = Picture.open(io.BytesIO(first))
    picture.load()
    assert (picture.format, picture.size) == ("JPEG", size)
    assert drawn("another", *size, motif) != first


def test_every_fault_of_pictures_is_known_here() -> None:
    assert set(NAMES) == set(PICTURES)


@pytest.fixture
def shelf_folder(tmp_path: Any, settings: Any) -> None:
    """Files go where the test's other files are."""
    pictures = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "pictures")},
    }
    settings.STORAGES = {**settings.STORAGES, "pictures": pictures}


def brought(up: Upstream, number: int) -> list[Image]:
    """The first pictures that a worker brings."""
    few = list(Image.objects.order_by("-role", "id").values_list("pk", flat=True))
    chosen = few[:: max(1, len(few) // number)][:number]
    Image.objects.exclude(pk__in=chosen).update(due_at=None)
    assert work.work(120.0, clock=up.simulation.now) == len(chosen)
    return list(Image.objects.filter(pk__in=chosen))


@pytest.mark.django_db
@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.usefixtures("shelf_folder")
def test_every_provider_has_pictures_and_all_of_them_can_be_had(
    slug: str, settings: Any, client: Client
) -> None:
    with upstream(slug, settings, scale=SCALE) as up:
        up.ingest_patiently()
        images = brought(up, 3)
        assert images
        for image in images:
            assert (image.failure, bool(image.content_hash)) == ("", True), image.url
            for preset in EAGER:
                for extension in ("webp", "jpg"):
                    response = client.get(address(image, preset.name, extension))
                    assert response.status_code == 200
                    assert "immutable" in response["Cache-Control"]
        assert not Event.objects.filter(
            images__withdrawn_at=None, images__isnull=False, picture=None
        ).exists()
        up.asked()
        Image.objects.filter(pk__in=[image.pk for image in images]).update(due_at=up.simulation.now())
        assert work.work(60.0, clock=up.simulation.now) == len(images)
        assert {served.status for served in up.simulation.requests} == {304}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", NAMES)
@pytest.mark.usefixtures("shelf_folder")
def test_a_spoilt_picture_has_a_name_and_a_drawing(fault: str, settings: Any, client: Client) -> None:
    with upstream("kulturbiljetter", settings, scale=SCALE) as up:
        up.ingest_patiently()
        up.simulation.fault(up.slug, fault)
        [image] = brought(up, 1)
        assert image.failure == NAMES[fault]
        response = client.get(address(image, "preview-320x180"))
        assert response.status_code == 200
        picture = Picture.open(io.BytesIO(response.content))
        assert picture.size == (320, 180)
        if fault == "picture_turned":
            assert image.width is not None
            assert image.height is not None
            assert image.width > image.height


def test_a_picture_that_is_known_is_not_sent_again(settings: Any) -> None:
    with upstream("sff", settings, scale=SCALE) as up:
        url = f"{up.simulation.base_url}/sff/imagecache/200x286/fileadmin/images/film_images/2026/1_99.jpg"
        first = requests.get(url, timeout=10)
        again = requests.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=10)
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
