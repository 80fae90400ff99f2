"""Pictures in templates."""

import re
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from aggregator import images
from aggregator.images.presets import PRESETS
from aggregator.models import Event, Image
from tests.aggregator.images.pictures import make_image
from tests.factories import NOW, make_event

pytestmark = pytest.mark.django_db

HASH = "0123456789abcdef" * 4


def drawn(arguments: str, **context: Any) -> str:
    return Template("{% load pictures %}{% picture " + arguments + " %}").render(Context(context))


def ready(**columns: Any) -> Image:
    usual = {"content_hash": HASH, "width": 1600, "height": 1000, "dominant_colour": "#10a0ff"}
    return make_image(**{**usual, **columns})


def test_a_picture_offers_the_sizes_that_are_made_beforehand() -> None:
    image = ready(alt={"sv": "Två vid havet", "en": "Two by the sea"})
    with translation.override("sv"):
        page = drawn('image "poster-200x286" sizes="45vw"', image=image)
    root = f"/images/{image.pk}/poster"
    assert f'<source type="image/webp" srcset="{root}-200x286.webp?v=01234567 200w,' in page
    assert f'src="{root}-200x286.jpg?v=01234567"' in page
    assert re.findall(r"poster-[0-9x]+\.jpg\?v=01234567 ([0-9]+)w", page) == ["200", "320", "600"]
    assert 'width="200" height="286" alt="Två vid havet"' in page
    assert 'sizes="45vw"' in page
    assert 'loading="lazy"' in page
    assert 'class="picture tone-023"' in page
    assert "style" not in page
    assert "//" not in page


def test_a_small_picture_offers_nothing_that_only_enlarges() -> None:
    page = drawn('image "preview-320x180"', image=ready(width=400, height=300))
    assert re.findall(r" ([0-9]+)w[,\"]", page) == ["320", "320"]


@pytest.mark.parametrize(
    ("preset", "size"), [("fit-240", (240, 150)), ("width-600", (600, 375)), ("original", (1600, 1000))]
)
def test_height_and_width_are_what_will_come(preset: str, size: tuple[int, int]) -> None:
    assert 'width="{}" height="{}"'.format(*size) in drawn(f'image "{preset}"', image=ready())


@pytest.mark.parametrize("columns", [{"content_hash": ""}, {"hidden_at": NOW}, {"withdrawn_at": NOW}, None])
@pytest.mark.parametrize("preset", ["poster-200x286", "square-190", "preview-1024x576"])
def test_without_a_picture_there_is_a_drawing_of_the_same_size(
    columns: dict[str, Any] | None, preset: str
) -> None:
    page = drawn(f'image "{preset}"', image=None if columns is None else ready(**columns))
    assert f'width="{PRESETS[preset].width}" height="{PRESETS[preset].height}"' in page
    assert page.startswith("<svg ")
    assert "<img" not in page


def test_upstreams_words_are_escaped() -> None:
    image = ready(alt={}, caption='"><script>alert(1)</script>', dominant_colour="red;}")
    page = drawn('image "poster-200x286"', image=image)
    assert "<script" not in page
    assert "tone-" not in page


def test_an_own_text_and_an_eager_picture() -> None:
    page = drawn('image "preview-1024x576" alt="" eager=True', image=ready(caption="x"))
    assert 'alt=""' in page
    assert "lazy" not in page
    assert 'fetchpriority="high"' in page


def test_a_list_needs_no_query_for_its_pictures(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        image = ready()
        Event.objects.filter(pk=image.event_id).update(picture=image)
    make_event()
    rows = Event.objects.select_related("picture").only("titles", *images.columns("picture"))
    with django_assert_num_queries(1):
        for event in rows:
            drawn('image "poster-200x286"', image=event.picture)


def test_addresses_for_the_api() -> None:
    image = ready()
    found = images.addresses(image)
    assert set(found) == set(PRESETS)
    assert found["square-190"] == f"/images/{image.pk}/square-190.jpg?v=01234567"
    assert images.addresses(make_image(), "webp")["original"].endswith("/original.webp")
    page = Template('{% load pictures %}{% picture_url image "original" "webp" %}').render(
        Context({"image": image})
    )
    assert page == f"/images/{image.pk}/original.webp?v=01234567"
