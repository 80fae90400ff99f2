"""What a visitor has to load for a page, without its pictures."""

import gzip
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MOST = 100_000


def linked(html: str) -> set[str]:
    """The style sheets and scripts that a page loads on a screen."""
    styles = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', html)
    return {*styles, *re.findall(r'<script src="/static/([^"]+)"', html)}


def transferred(name: str) -> int:
    """The size of a static file as WhiteNoise sends it."""
    found = finders.find(name)
    assert found, name
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))


@pytest.mark.parametrize(
    "path",
    ["/", "/events/", "/events/?view=grid", "/events/?view=month", "/events/?view=map", "/search/?q=havet"],
)
def test_a_full_page_weighs_less_than_100_kilobytes(client: Client, path: str) -> None:
    for one in range(120):
        venue = factories.make_venue(
            f"Biograf {one}", latitude=59 + one / 100, longitude=18.06, city=f"Ort {one}"
        )
        event = factories.make_event(f"En ganska lång titel på en film om havet, nummer {one}")
        factories.make_showing(event, venue=venue, starts_at=NOW + timedelta(hours=one))
    response = client.get(path, headers={"accept-encoding": "gzip"})
    html = unescape(gzip.decompress(response.content).decode())
    weights = {name: transferred(name) for name in linked(html)}
    assert len(response.content) + sum(weights.values()) < MOST, (len(response.content), weights)
