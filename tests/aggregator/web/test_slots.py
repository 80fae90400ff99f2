"""Places that other rooms fill."""

from collections.abc import Iterator

import pytest
from django.template import engines

from aggregator.web import slots


@pytest.fixture
def _filled(settings: object, tmp_path: object) -> Iterator[None]:
    slots.register("plan", "web/_text.html")
    slots.register("plan", "web/_text.html")
    yield
    slots.forget("plan", "web/_text.html")


def _rendered() -> str:
    page = engines["django"].from_string('[{% include "web/_plan_slot.html" with showing=card %}]')
    return page.render({"card": {"id": 7}, "text": {"value": "<b>"}})


def test_a_place_that_nobody_fills_renders_nothing() -> None:
    assert slots.templates_of("nobody") == ()
    assert _rendered() == "[]"


@pytest.mark.usefixtures("_filled")
def test_a_registered_template_renders_once_and_escapes() -> None:
    assert _rendered() == "[&lt;b&gt;]"
