"""The upstream documents behind a row, for staff alone."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from aggregator.provider import Configured
from tests import factories
from tests.factories import NOW
from tests.toy import Toy

pytestmark = pytest.mark.django_db
MAKE = {
    "events": factories.make_event,
    "showings": factories.make_showing,
    "films": factories.make_film,
    "people": factories.make_person,
    "venues": factories.make_venue,
    "festivals": factories.make_festival,
    "sections": lambda: factories.make_section(factories.make_festival()),
    "organisations": factories.make_organisation,
    "categories": factories.make_category,
}


@pytest.fixture
def staff(client: Client) -> Client:
    """Somebody signed in who is staff and no more."""
    client.force_login(User.objects.create(username="staff", is_staff=True))
    return client


def get(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.content
    return json.loads(response.content)


@pytest.mark.parametrize("kind", MAKE)
def test_staff_see_every_document_behind_a_row(staff: Client, kind: str) -> None:
    row = MAKE[kind]()  # type: ignore[operator]
    factories.make_document(
        row, b"<a>\xc3\xa5</a>", key="old", media_type="application/xml", current=False, gone_at=NOW
    )
    document = factories.make_document(
        row, {"title": "Å", "n": 1}, key="7", url="https://up.example/7", validator="v1"
    )
    factories.make_document(MAKE[kind](), {"other": True})  # type: ignore[operator]
    response = staff.get(f"/api/v1/{kind}/{row.pk}/source/")
    assert response["Cache-Control"] == "private, no-store"
    told = json.loads(response.content)
    assert (told["id"], told["provider"]) == (row.pk, row.provider)
    assert told["documents"] == [
        {
            "id": document.pk,
            "kind": "item",
            "key": "7",
            "url": "https://up.example/7",
            "fetched_at": "2026-11-22T15:00:00Z",
            "last_seen_at": "2026-11-22T15:00:00Z",
            "gone_at": None,
            "validator": "v1",
            "mapping_version": 1,
            "current": True,
            "body": {"title": "Å", "n": 1},
            "never_publish": [],
        },
        told["documents"][1],
    ]
    old = told["documents"][1]
    assert (old["key"], old["current"], old["body"]) == ("old", False, "<a>å</a>")
    assert old["gone_at"] == "2026-11-22T15:00:00Z"


def test_broken_json_is_shown_as_the_text_that_it_is(staff: Client) -> None:
    row = factories.make_event()
    factories.make_document(row, b'{"a": \xff')
    assert get(staff, f"/api/v1/events/{row.pk}/source/")["documents"][0]["body"] == '{"a": �'


def test_what_may_never_be_published_is_named_and_shown_here_alone(staff: Client, settings: Settings) -> None:
    provider = replace(Toy().provider(), slug="sff", never_publish=("phone", "fax"))
    settings.PROVIDERS = {"sff": Configured(provider, None)}
    row = factories.make_person()
    factories.make_document(row, {"contact": [{"phone": "0812345"}]})
    [document] = get(staff, f"/api/v1/people/{row.pk}/source/")["documents"]
    assert (document["never_publish"], document["body"]["contact"][0]["phone"]) == (["phone"], "0812345")
    assert "0812345" not in staff.get(f"/api/v1/people/{row.pk}/").content.decode()


def test_hidden_and_private_rows_have_sources_too(staff: Client) -> None:
    row = factories.make_person(public=False)
    factories.hide(row)
    factories.make_document(row)
    assert len(get(staff, f"/api/v1/people/{row.pk}/source/")["documents"]) == 1


@pytest.mark.parametrize("kind", MAKE)
def test_nobody_else_sees_anything_not_even_whether_there_is_something(client: Client, kind: str) -> None:
    row = MAKE[kind]()  # type: ignore[operator]
    factories.make_document(row, {"secret": "s3cret"})
    refusals = [get(client, f"/api/v1/{kind}/{pk}/source/", 403) for pk in (row.pk, row.pk + 1)]
    client.force_login(User.objects.create(username="visitor"))
    refusals += [get(client, f"/api/v1/{kind}/{pk}/source/", 403) for pk in (row.pk, row.pk + 1)]
    assert all(problem["status"] == 403 and "s3cret" not in str(problem) for problem in refusals)


def test_an_unknown_row_is_not_found_and_nothing_can_be_written(staff: Client) -> None:
    get(staff, "/api/v1/events/4711/source/", 404)
    get(staff, "/api/v1/events/99999999999999999999/source/", 404)
    get(staff, "/api/v1/venues/1/source/", 404)
    assert staff.post("/api/v1/events/1/source/", {}).status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_documents(
    staff: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = factories.make_event()
    for wanted in (1, 3, 30):
        for _ in range(wanted):
            factories.make_document(row)
        with django_assert_num_queries(4):  # session, user, row, documents
            get(staff, f"/api/v1/events/{row.pk}/source/")
