"""What a visitor sees when something cannot be shown, and what every page has."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests import factories

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).parents[3] / "templates"
STYLES = Path(__file__).parents[3] / "static" / "css"


def test_a_missing_page_is_ours_and_tells_nothing(client: Client, settings: Settings) -> None:
    settings.DEBUG = False
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_an_error_of_ours_shows_no_traceback(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("django.utils.timezone.now", fail)
    client.raise_request_exception = False
    response = client.get("/sources/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()
    assert "a secret detail" not in response.content.decode()


def test_pages_are_read_only(client: Client) -> None:
    assert [client.post(path).status_code for path in ("/", "/events/", "/search/", "/sources/")] == [405] * 4


def test_the_demo_says_that_it_is_one_on_every_page(client: Client, settings: Settings) -> None:
    event = factories.make_event()
    paths = ("/", "/events/", f"/events/{event.pk}-nattlinjen/", "/sources/", "/nowhere/")
    for demo in (True, False):
        settings.DEMO, settings.DEBUG = demo, False
        shown = ["Invented data from simulators" in client.get(path).content.decode() for path in paths]
        assert shown == [demo] * len(paths)


def test_every_page_has_its_landmarks(client: Client) -> None:
    event = factories.make_event()
    for path in ("/", "/events/", f"/events/{event.pk}-nattlinjen/", "/sources/"):
        html = client.get(path).content.decode()
        for part in (
            '<html lang="en">',
            'class="skip" href="#main"',
            '<main id="main"',
            "<header",
            "<footer",
            "<nav",
        ):
            assert html.count(part) >= 1, (path, part)
        assert html.count("<h1") == 1, path


def test_no_template_holds_script_or_style_of_its_own() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        ours = r"<script src=\"\{% static '[a-z0-9_./-]+' %\}\" defer></script>|<script type=\"application/ld\+json\">"
        text = re.sub(ours, "", text)
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|\|safe|autoescape off", text), template


def test_styles_load_nothing_from_elsewhere() -> None:
    for style in STYLES.glob("*.css"):
        assert not re.search(r"url\(|@import", style.read_text(encoding="utf-8")), style
