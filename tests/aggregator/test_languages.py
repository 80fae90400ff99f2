"""The language of a page: from the address, else the cookie, else the browser."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_script_prefix, reverse

from aggregator import languages
from tests import factories

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).parents[2] / "templates"


def language_of(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    found = re.search(r'<html lang="([a-z]+)"', response.content.decode())
    assert found
    assert response["Content-Language"] == found[1]
    return found[1]


def test_an_address_without_a_language_follows_the_browser(client: Client) -> None:
    assert language_of(client, "/") == "en"
    assert language_of(client, "/", **{"accept-language": "fr-CH, fr;q=0.9, de;q=0.5"}) == "fr"
    assert language_of(client, "/", **{"accept-language": "fi, sv;q=0.5"}) == "sv"
    assert language_of(client, "/", **{"accept-language": "xx;;;,\x00"}) == "en"


def test_an_address_with_a_language_means_it(client: Client) -> None:
    for code in ("sv", "fr", "de", "en"):
        assert language_of(client, f"/{code}/events/", **{"accept-language": "sv"}) == code


def test_caches_are_told_what_an_answer_depends_on(client: Client) -> None:
    assert {"Accept-Language", "Cookie"} <= set(client.get("/events/")["Vary"].split(", "))
    assert "Accept-Language" not in client.get("/sv/events/").get("Vary", "")


def test_a_chosen_language_is_remembered(client: Client) -> None:
    response = client.post("/language/", {"language": "de", "next": "/events/?q=x&city=Ume%C3%A5"})
    assert (response.status_code, response["Location"]) == (302, "/events/?q=x&city=Ume%C3%A5")
    assert language_of(client, "/events/", **{"accept-language": "sv"}) == "de"
    assert language_of(client, "/fr/events/") == "fr"


def test_choosing_under_a_language_leads_to_the_same_page_under_the_other(client: Client) -> None:
    response = client.post("/sv/language/", {"language": "fr", "next": "/sv/events/?q=x"})
    assert response["Location"] == "/fr/events/?q=x"
    response = client.post(
        "/language/", {"language": "fr"}, headers={"referer": "http://testserver/sv/events/?page=2"}
    )
    assert response["Location"] == "/fr/events/?page=2"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_chooser_leads_nowhere_else(client: Client, target: str) -> None:
    response = client.post("/language/", {"language": "sv", "next": target})
    assert response["Location"] == "/events/"


def test_the_chooser_answers_no_other_site_and_knows_only_its_languages(client: Client) -> None:
    refused = client.post("/language/", {"language": "sv"}, headers={"sec-fetch-site": "cross-site"})
    assert (refused.status_code, refused.cookies.get("django_language")) == (403, None)
    odd = client.post("/language/", {"language": "xx", "next": "/"})
    assert (odd["Location"], dict(odd.cookies)) == ("/", {})
    assert client.get("/language/").status_code == 405


def test_every_link_of_a_page_keeps_its_language(client: Client) -> None:
    factories.make_showing(venue=factories.make_venue())
    for path in ("/sv/", "/sv/events/", "/sv/sources/", "/sv/events/?q=natt&city=Stockholm"):
        html = client.get(path).content.decode()
        links = re.findall(r'<(?:a|form)[^>]* (?:href|action)="(/[^"]*)"', html)
        assert links
        assert [link for link in links if not link.startswith(("/sv/", "/api/"))] == [], path
    assert get_script_prefix() == "/"


def test_a_page_under_a_language_has_its_address_there(client: Client) -> None:
    event = factories.make_event("Nattlinjen")
    wrong = client.get(f"/sv/events/{event.pk}-x/")
    assert (wrong.status_code, wrong["Location"]) == (301, f"/sv/events/{event.pk}-nattlinjen/")
    right = client.get(f"/sv/events/{event.pk}-nattlinjen/")
    assert f'rel="canonical" href="http://localhost:8000/sv/events/{event.pk}-nattlinjen/"' in (
        right.content.decode()
    )


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/sv", "/sv/"),
        ("/sv?q=1", "/sv/?q=1"),
        ("/sv/api/v1/events/?limit=1", "/api/v1/events/?limit=1"),
        ("/sv/images/1/x.webp", "/images/1/x.webp"),
        ("/sv/static//evil.example/", "/static//evil.example/"),
    ],
)
def test_what_exists_once_is_not_found_under_a_language(client: Client, path: str, target: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (308, target)


@pytest.mark.parametrize("path", ["/sv//evil.example/", "/sv/sv/", "/xx/", "/svx/", "/sv/nowhere/"])
def test_odd_addresses_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_what_has_no_words_has_no_language(client: Client) -> None:
    response = client.get("/healthz", headers={"accept-language": "sv"})
    assert "Content-Language" not in response
    assert "Accept-Language" not in response.get("Vary", "")


def test_an_address_in_every_language() -> None:
    assert languages.in_language("/events/?q=x", "sv") == "/sv/events/?q=x"
    assert languages.in_language("/de/", "sv") == "/sv/"
    assert languages.plain("/de/events/") == "/events/"
    assert languages.plain("/debut/") == "/debut/"
    assert languages.versions("/")[0] == ("en", "/en/")
    assert languages.split("/sv") == ("sv", "")
    assert reverse("web:events") == "/events/"


def test_templates_write_no_address_of_ours_by_hand() -> None:
    """It would lose the language; the API has none."""
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r'(?:href|action|hx-get)="/(?!api/)', text), template
