"""What is told to those who share a page: its title and one of our own pictures."""

import re
from collections.abc import Callable

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


def told(html: str) -> dict[str, str]:
    """The Open Graph of a page, by name; each stands once."""
    found = re.findall(r'<meta property="og:([a-z:_]+)" content="([^"]*)">', html.partition("</head>")[0])
    assert len({name for name, _ in found}) == len(found)
    return dict(found)


@pytest.mark.parametrize("query", ["", "?view=grid", "?q=natt", "?view=month"])
def test_a_listing_shows_the_first_of_its_pictures(page: Page, query: str) -> None:
    factories.make_showing(factories.make_event("Natt utan bild"))
    assert "image" not in told(page(f"/events/{query}", "sv"))
    pictured = factories.make_event("Natt")
    image = factories.make_picture(pictured)
    factories.make_showing(pictured)
    said = told(page(f"/events/{query}", "sv"))
    assert (said["type"], said["locale"]) == ("website", "sv_SE")
    assert said["title"] == ("natt" if "q=" in query else "Program")
    assert said["url"] == "http://localhost:8000/sv/events/"
    # A month has no pictures.
    wanted = f"http://localhost:8000/images/{image.pk}/preview-1024x576.jpg?v=01234567"
    assert said.get("image") == (None if "month" in query else wanted)


@pytest.mark.parametrize(
    ("plural", "make"), [("films", factories.make_film), ("people", factories.make_person)]
)
def test_a_list_of_a_kind_does_too(page: Page, plural: str, make: Callable[..., object]) -> None:
    row = make("Natt")
    image = factories.make_picture(row)
    assert f"/images/{image.pk}/preview-1024x576.jpg" in told(page(f"/{plural}/"))["image"]
    type(image).objects.update(hidden_at=factories.NOW)
    assert "image" not in told(page(f"/{plural}/"))


def test_an_event_shows_its_own_and_the_first_page_none(page: Page) -> None:
    event = factories.make_event("Natt")
    image = factories.make_picture(event)
    factories.make_showing(event)
    said = told(page(f"/events/{event.pk}-natt/"))
    assert said["image"] == f"http://localhost:8000/images/{image.pk}/preview-1024x576.jpg?v=01234567"
    assert (said["image:width"], said["image:height"], said["title"]) == ("1024", "576", "Natt")
    assert told(page("/"))["title"] == "Marquee"
