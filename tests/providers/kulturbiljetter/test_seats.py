"""Seats of the ticket shop move without its ETags noticing: only asking for availability finds them."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.models import Showing, SourceDocument
from aggregator.vocabulary import Mode, RunState
from tests.providers.upstreams import NOW, Upstream, listing_writes, upstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings: Any) -> Any:
    """The shop, ingested, with its seats as they are now."""
    with upstream("kulturbiljetter", settings, scale=300) as source:
        source.ingest()
        yield source


def sell_out(shop: Upstream) -> str:
    """The next showing has no seat left; gives its external id."""
    showing = str(shop.simulation.mutate("kulturbiljetter", "seats", value=0)["id"])
    assert Showing.objects.get(external_id=showing).seats_free != 0
    shop.asked()
    return showing


def test_the_list_of_etags_does_not_show_it(shop: Upstream) -> None:
    showing = sell_out(shop)
    for mode in (Mode.CHANGES, Mode.FULL):
        run = shop.ingest(mode)
        assert (run.state, run.fetched, run.seats) == (RunState.HEALTHY, 0, 0)
        assert len(shop.asked()) == 1
    assert Showing.objects.get(external_id=showing).availability != "soldout"


def test_asking_for_availability_finds_it_and_rewrites_nothing_else(shop: Upstream) -> None:
    showing = sell_out(shop)
    tag = SourceDocument.objects.get(key=showing.partition(":")[0]).validator
    before = Showing.objects.get(external_id=showing)
    with listing_writes() as written:
        run = shop.ingest(Mode.AVAILABILITY)
    assert (run.state, run.created, run.updated, run.seats) == (RunState.HEALTHY, 0, 0, 1)
    assert len(written) == 1
    after = Showing.objects.get(external_id=showing)
    assert (after.availability, after.seats_free) == ("soldout", 0)
    assert (after.fingerprint, after.updated_at) == (before.fingerprint, before.updated_at)
    assert SourceDocument.objects.get(key=showing.partition(":")[0]).validator == tag


def test_only_events_of_the_next_days_are_asked_for(shop: Upstream) -> None:
    shop.asked()
    shop.ingest(Mode.AVAILABILITY)
    soon = Showing.objects.filter(starts_at__gte=NOW, starts_at__lte=NOW + timedelta(days=3))
    events = {event.partition(":")[0] for event in soon.values_list("external_id", flat=True)}
    assert {path.rstrip("/").rpartition("/")[2] for path in shop.asked()} == events
    assert 0 < len(events) < SourceDocument.objects.count()


def test_conditions_are_not_sent_where_seats_are_wanted(shop: Upstream) -> None:
    shop.simulation.forget_requests()
    shop.ingest(Mode.AVAILABILITY)
    served = shop.simulation.requests
    assert served
    assert not any("if-none-match" in request.headers for request in served)
    assert {request.status for request in served} == {200}
