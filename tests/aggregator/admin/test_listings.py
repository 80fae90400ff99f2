"""Listing rows in the admin: hiding by hand, and where each comes from."""

import re
from typing import Any

import pytest
from django.test import Client

from aggregator.models import Event, Person, Venue
from tests import factories
from tests.toy import Toy, item

pytestmark = pytest.mark.django_db
LISTINGS = [
    "event",
    "showing",
    "film",
    "festival",
    "section",
    "venue",
    "organisation",
    "person",
    "category",
    "term",
    "image",
]


def act(client: Client, model: str, action: str, *ids: int) -> str:
    response = client.post(
        f"/admin/aggregator/{model}/", {"action": action, "_selected_action": ids}, follow=True
    )
    return response.content.decode()


@pytest.mark.parametrize("model", [*LISTINGS, "source", "ingestrun", "rejection"])
def test_every_table_opens(operator: Client, model: str) -> None:
    factories.make_showing(venue=factories.make_venue())
    factories.make_source()
    factories.make_run()
    factories.make_rejection()
    assert operator.get(f"/admin/aggregator/{model}/").status_code == 200
    assert operator.get(f"/admin/aggregator/{model}/?q=x").status_code == 200
    assert operator.get(f"/admin/aggregator/{model}/add/").status_code == 403


def test_a_row_is_hidden_and_shown_again(operator: Client) -> None:
    event = factories.make_event()
    assert "1 row is hidden" in act(operator, "event", "hide", event.pk)
    hidden = Event.objects.get()
    assert hidden.hidden_at is not None
    assert hidden.hidden_reason == "by operator"
    assert "1 row is shown" in act(operator, "event", "unhide", event.pk)
    assert Event.objects.get().hidden_at is None


def test_no_row_can_be_deleted(operator: Client) -> None:
    event = factories.make_event()
    act(operator, "event", "delete_selected", event.pk)
    assert operator.post(f"/admin/aggregator/event/{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_was_hidden_by_hand_survives_every_ingest(operator: Client, settings: Any) -> None:
    toy = Toy([item(1), item(2)])
    toy.ingest(settings)
    event, venue = Event.objects.get(external_id="1"), Venue.objects.get()
    act(operator, "event", "hide", event.pk)
    act(operator, "venue", "hide", venue.pk)
    toy.items = [item(1, title="Ny titel", venue={"id": "v1", "name": "Nytt namn"}), item(2)]
    toy.ingest(settings, full=True)
    toy.items = [item(2)]
    toy.ingest(settings)
    toy.items = [item(1, title="Åter"), item(2)]
    toy.ingest(settings)
    event.refresh_from_db()
    venue.refresh_from_db()
    assert (event.titles, event.hidden_reason, venue.hidden_reason) == (
        {"sv": "Åter"},
        "by operator",
        "by operator",
    )
    assert event.hidden_at is not None
    assert venue.hidden_at is not None


@pytest.mark.parametrize(
    ("make", "model", "api"),
    [
        (factories.make_event, "event", "events"),
        (factories.make_showing, "showing", "showings"),
        (factories.make_person, "person", "people"),
        (factories.make_venue, "venue", ""),
    ],
)
def test_the_page_of_a_row_shows_the_documents_behind_it(
    operator: Client, make: Any, model: str, api: str
) -> None:
    row = make()
    document = factories.make_document(row, {"t": "<b>Å</b>"}, key="7", url="https://up.example/7?a=1&b=2")
    factories.make_document(row, b"<x/>", key="old", media_type="application/xml", current=False)
    html = operator.get(f"/admin/aggregator/{model}/{row.pk}/change/").content.decode()
    assert f'href="/admin/aggregator/sourcedocument/{document.pk}/change/"' in html
    assert "https://up.example/7?a=1&amp;b=2" in html
    texts = re.findall(r'<pre class="upstream">(.*?)</pre>', html, re.DOTALL)
    assert texts == ["{\n  &quot;t&quot;: &quot;&lt;b&gt;Å&lt;/b&gt;&quot;\n}", "&lt;x/&gt;"]
    assert (f'href="/api/v1/{api}/{row.pk}/source/"' in html) == bool(api)


def test_a_row_of_many_documents_shows_the_first_and_says_so(operator: Client) -> None:
    venue = factories.make_venue()
    for _ in range(25):
        factories.make_document(venue)
    html = operator.get(f"/admin/aggregator/venue/{venue.pk}/change/").content.decode()
    assert html.count('<pre class="upstream">') == 20
    assert "Only the first 20 documents are shown." in html


def test_a_row_without_documents_says_so(operator: Client) -> None:
    person = factories.make_person()
    html = operator.get(f"/admin/aggregator/person/{person.pk}/change/").content.decode()
    assert "No stored document speaks of this row." in html
    assert Person.objects.count() == 1
