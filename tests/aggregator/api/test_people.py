"""People in the API."""

import json
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aggregator.models import Credit, Tombstone
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    expected = "application/json" if status == 200 else "application/problem+json"
    assert response["Content-Type"] == expected
    return json.loads(response.content)


def names(answer: Any) -> list[str]:
    return [row["name"] for row in answer["results"]]


def test_a_person_is_told_whole(client: Client) -> None:
    agency = factories.make_organisation("Agentur Lind", website="https://lind.example/")
    person = factories.make_person(
        "Åsa Ek",
        sort_name="Ek, Åsa",
        url="https://up.example/p/7",
        professions=["actor"],
        year_of_birth=1988,
        descriptions={"sv": "<p>Hej</p>", "en": "<p>Hello</p>"},
        vita=[{"year": 2025, "title": "Boars"}],
        links={"website": "https://asa.example/", "bad": "javascript:x"},
        trailers=[{"url": "https://v.example/1", "label": "Reel"}, {"url": "data:x"}],
        agency=agency,
    )
    [told] = get(client, "/api/v1/people/")["results"]
    assert {**told, "credits": []} == get(client, f"/api/v1/people/{person.pk}/")
    expected = {
        "id": person.pk,
        "provider": "sff",
        "external_id": person.external_id,
        "source_url": "https://up.example/p/7",
        "updated_at": "2026-11-22T15:00:00Z",
        "status": "listed",
        "name": "Åsa Ek",
        "sort_name": "Ek, Åsa",
        "professions": ["actor"],
        "year_of_birth": 1988,
        "descriptions": {"sv": "<p>Hej</p>", "en": "<p>Hello</p>"},
        "attributes": {},
        "vita": [{"year": 2025, "title": "Boars"}],
        "links": {"website": "https://asa.example/"},
        "trailers": [{"url": "https://v.example/1", "label": "Reel"}],
    }
    assert {name: told[name] for name in expected} == expected
    assert told["attribution"]
    assert (told["agency"]["id"], told["agency"]["name"]) == (agency.pk, "Agentur Lind")
    assert urlsplit(told["url"]).path == f"/people/{person.pk}-asa-ek/"
    assert urlsplit(told["api_url"]).path == f"/api/v1/people/{person.pk}/"


def test_attributes_bring_the_labels_of_their_lists_and_levels(client: Client) -> None:
    attributes = {"accents": {"403": "gut", "9": "gut"}, "dances": ["403"], "eye_color": "blue"}
    person = factories.make_person(attributes=attributes)
    factories.make_term("accents", "403", en="Bavarian", de="Bairisch")
    factories.make_term("dances", "403", en="Waltz")
    factories.make_term("accent_skill", "gut", en="good")
    factories.make_term("aaa_skill", "gut", en="of another list")
    other = factories.make_term("eye_color", "blue", en="of another provider")
    type(other).objects.filter(pk=other.pk).update(provider="kulturbiljetter")
    told = get(client, f"/api/v1/people/{person.pk}/")["attributes"]
    assert told == {
        "accents": [
            {
                "value": "403",
                "labels": {"en": "Bavarian", "de": "Bairisch"},
                "level": "gut",
                "level_labels": {"en": "good"},
            },
            {"value": "9", "labels": {}, "level": "gut", "level_labels": {"en": "good"}},
        ],
        "dances": [{"value": "403", "labels": {"en": "Waltz"}, "level": None, "level_labels": {}}],
        "eye_color": [{"value": "blue", "labels": {}, "level": None, "level_labels": {}}],
    }


def test_credits_stand_in_the_detail_and_lead_to_what_visitors_may_see(client: Client) -> None:
    person = factories.make_person()
    film, event = factories.make_film("Nattlinjen"), factories.make_event("Samtal")
    hidden = factories.make_event()
    factories.hide(hidden)
    factories.make_credit("A. Malm", "director", film=film, person=person)
    factories.make_credit("Astrid Malm", "speaker", event=event, person=person)
    factories.make_credit("Astrid Malm", "speaker", event=hidden, person=person)
    factories.make_credit("Somebody Else", "speaker", event=event)
    assert "credits" not in get(client, "/api/v1/people/")["results"][0]
    told = get(client, f"/api/v1/people/{person.pk}/")["credits"]
    assert {(one["role"], one["name"]) for one in told} == {
        ("director", "A. Malm"),
        ("speaker", "Astrid Malm"),
    }
    by_role = {one["role"]: one for one in told}
    assert (by_role["director"]["film"]["id"], by_role["director"]["film"]["titles"]) == (
        film.pk,
        {"sv": "Nattlinjen"},
    )
    assert by_role["director"]["event"] is None
    assert by_role["speaker"]["event"]["id"] == event.pk


def test_only_public_people_are_there(client: Client) -> None:
    private = factories.make_person("Private", public=False)
    gone = factories.make_person("Gone", withdrawn_at=NOW)
    hidden = factories.make_person("Hidden")
    factories.hide(hidden)
    seen = factories.make_person("Seen")
    assert names(get(client, "/api/v1/people/")) == ["Seen"]
    assert get(client, f"/api/v1/people/{seen.pk}/")["status"] == "listed"
    assert get(client, f"/api/v1/people/{gone.pk}/")["status"] == "withdrawn"
    for person in (private, hidden):
        get(client, f"/api/v1/people/{person.pk}/", 404)
        assert get(client, f"/api/v1/people/?q={person.name}")["count"] == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("åsa", {"Åsa Ek", "Märta Åsander"}),
        ("ÅSA", {"Åsa Ek", "Märta Åsander"}),
        ("ek åsa", {"Åsa Ek"}),
        ("MÄRTA", {"Märta Åsander"}),
        ("nobody", set()),
    ],
)
def test_people_are_found_by_all_words_of_their_name(client: Client, query: str, found: set[str]) -> None:
    for name in ("Åsa Ek", "Märta Åsander", "Bo Ekman"):
        factories.make_person(name)
    assert set(names(get(client, f"/api/v1/people/?q={quote(query)}"))) == found


def test_repeating_a_name_is_or_and_providers_narrow(client: Client) -> None:
    factories.make_person("Ada")
    factories.make_person("Bo", provider="kulturbiljetter")
    factories.make_person("Cy")
    assert names(get(client, "/api/v1/people/?q=ada&q=bo")) == ["Ada", "Bo"]
    assert names(get(client, "/api/v1/people/?q=ada&q=bo&provider=kulturbiljetter")) == ["Bo"]
    assert names(get(client, "/api/v1/people/?ordering=-id")) == ["Cy", "Bo", "Ada"]


def test_pages_add_up_to_the_whole(client: Client) -> None:
    rows = [factories.make_person() for _ in range(7)]
    seen, path = [], "/api/v1/people/?page_size=3&q=malm"
    while path:
        answer = get(client, path)
        assert answer["count"] == 7
        seen += [row["id"] for row in answer["results"]]
        path = answer["next"] and "{0.path}?{0.query}".format(urlsplit(answer["next"]))
    assert seen == [row.pk for row in rows]
    get(client, "/api/v1/people/?page=2", 404)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        *(("city=x", "city"), ("from=2026-11-22", "from"), ("nme=x", "nme")),
        *(
            ("provider=nobody", "provider"),
            ("q=%00", "q"),
            ("ordering=start", "ordering"),
            ("page=0", "page"),
        ),
    ],
)
def test_a_bad_value_is_refused_by_name(client: Client, query: str, parameter: str) -> None:
    assert get(client, f"/api/v1/people/?{query}", 400)["parameter"] == parameter


@pytest.mark.parametrize("kind", ["events", "showings", "people"])
def test_what_was_forgotten_is_gone_and_not_merely_absent(client: Client, kind: str) -> None:
    word = {"events": "event", "showings": "showing", "people": "person"}[kind]
    Tombstone.objects.create(kind=word, row=4711, forgotten_at=NOW)
    assert get(client, f"/api/v1/{kind}/4711/", 410)["title"] == "Gone"
    get(client, f"/api/v1/{kind}/4712/", 404)
    get(client, f"/api/v1/{kind}/99999999999999999999/", 404)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for wanted in (1, 3, 30):
        for one in range(wanted):
            person = factories.make_person(
                agency=factories.make_organisation(), attributes={"accents": {str(one): "gut"}}
            )
            Credit.objects.create(
                person=person, event=factories.make_event(), role="cast", name="x", position=0
            )
        with django_assert_num_queries(3):
            get(client, "/api/v1/people/?page_size=200")
        with django_assert_num_queries(3):
            get(client, f"/api/v1/people/{person.pk}/")
