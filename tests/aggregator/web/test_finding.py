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


def test_what_is_found_bears_its_language(client: Client) -> None:
    factories.make_film(
        titles={"fi": "Nattö"}, descriptions={"sv": "<p>Om nattö i Åbo.</p>", "en": "By night."}
    )
    factories.make_film(titles={"en": "Nattö two", "sv": "Nattö två"})
    html = client.get("/en/search/?q=nattö").content.decode()
    assert re.search(r'<a href="[^"]*" lang="fi">Nattö</a>', html)
    assert '<p class="hit-fragment" lang="sv">Om <mark>nattö</mark> i Åbo.' in html
    assert re.search(r'<a href="[^"]*">Nattö two</a>', html)


@pytest.mark.parametrize("plural", ["films", "people", "venues", "festivals", "organisations"])
def test_every_group_leads_to_all_of_its_kind(
    client: Client, plural: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aggregator.web.finding.PER_KIND", 1)
    make = {
        "films": factories.make_film,
        "people": factories.make_person,
        "venues": factories.make_venue,
        "festivals": factories.make_festival,
        "organisations": factories.make_organisation,
    }[plural]
    for number in range(2):
        make(f"Natt {number}")
    assert f'href="/sv/{plural}/?q=natt"' in client.get("/sv/search/?q=natt").content.decode()


def test_a_section_stands_in_no_list_of_its_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.web.finding.PER_KIND", 1)
    festival = factories.make_festival("Festen")
    for number in range(2):
        factories.make_section(festival, f"Natt {number}")
    assert "/sections/?q" not in client.get("/search/?q=natt").content.decode()
