"""What the operator can do by hand."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from aggregator.models import Event, Rejection
from tests import factories

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
    "image",
]


@pytest.fixture
def operator(client: Client) -> Client:
    """A signed-in superuser."""
    client.force_login(User.objects.create(username="operator", is_staff=True, is_superuser=True))
    return client


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


def test_a_rejection_that_cannot_be_mapped_again_stays(operator: Client) -> None:
    row = factories.make_rejection("nobody")
    assert "0 of 0 documents went through" in act(operator, "rejection", "replay", row.pk)
    assert Rejection.objects.count() == 1
