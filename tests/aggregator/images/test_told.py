"""A picture that comes, changes or goes is a change of the row that shows it."""

from datetime import timedelta

import pytest

from aggregator.images import work
from aggregator.models import Change, Image
from tests.aggregator.images import pictures
from tests.aggregator.images.pictures import Upstream, make_image
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, int, str]]:
    return list(Change.objects.order_by("pk").values_list("kind", "row", "action"))


def test_the_owner_is_told_of_once_a_content(server: Upstream) -> None:
    image = make_image(url=server.put("/a.jpg", pictures.encoded(pictures.photo())))
    for days in range(3):
        Image.objects.update(due_at=NOW + timedelta(days=days))
        work.work(30.0, clock=lambda at=NOW + timedelta(days=days): at)  # type: ignore[misc]
    assert told() == [("event", image.event_id, "updated")]
    server.put("/a.jpg", pictures.encoded(pictures.photo(800, 600)))
    Image.objects.update(due_at=NOW + timedelta(days=9))
    work.work(30.0, clock=lambda: NOW + timedelta(days=9))
    assert told() == [("event", image.event_id, "updated")] * 2
