"""The search over every kind."""

import re

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


def test_every_kind_has_a_group_with_links_and_marks(client: Client) -> None:
    event = factories.make_event("Natt i Lund")
    factories.make_showing(event)
    factories.make_film("Natten")
    factories.make_person("Astrid Natt")
    factories.make_venue("Natthuset")
    html = client.get("/sv/search/?q=natt", headers={"accept-language": "en"}).content.decode()
    assert {*re.findall(r'id="found-([a-z]+)"', html)} >= {"event", "film", "person", "venue"}
    assert f'href="/sv/events/{event.pk}-natt-i-lund/"' in html
    assert re.search(r"<mark>Natt</mark>", html)


def test_what_is_found_is_never_markup(client: Client) -> None:
    factories.make_showing(factories.make_event("<img src=x onerror=alert(1)> natt"))
    html = client.get("/search/?q=natt").content.decode()
    assert "<img src=x" not in html
    assert "&lt;img" in html


def test_nothing_asked_for_is_an_empty_page_and_nothing_found_says_so(client: Client) -> None:
    assert "Nothing was found" not in client.get("/search/").content.decode()
    factories.make_showing(factories.make_event("Vildsvin"))
    html = client.get("/search/?q=vildsvim").content.decode()
    assert "Nothing was found." in html
    assert '<a href="/search/?q=vildsvin">vildsvin</a>' in html


def test_the_words_come_back_escaped_in_the_field(client: Client) -> None:
    html = client.get('/search/?q="><b>x').content.decode()
    assert "<b>x" not in html
