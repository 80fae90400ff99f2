"""Leases: one writer at a time, and a late one writes nothing."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from aggregator.ingest import leases, schedule
from aggregator.models import Event, IngestRun, Source
from aggregator.vocabulary import Mode, RunState
from tests.toy import NOW, Toy, item

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lease_is_held_by_one_and_free_when_it_is_given_back() -> None:
    first = leases.acquire("toy", NOW)
    assert first is not None
    assert leases.acquire("toy", NOW + timedelta(seconds=1)) is None
    leases.release(first)
    second = leases.acquire("toy", NOW + timedelta(seconds=2))
    assert second is not None
    assert second.generation == first.generation + 1


def test_a_lease_that_ran_out_is_taken_over_and_the_late_worker_writes_nothing() -> None:
    late = leases.acquire("toy", NOW)
    assert late is not None
    taken = leases.acquire("toy", NOW + leases.lease_time() + timedelta(seconds=1))
    assert taken is not None
    with pytest.raises(leases.LeaseLost), leases.writing(late):
        Source.objects.create(slug="never")
    assert not Source.objects.filter(slug="never").exists()
    leases.release(late)
    assert Source.objects.get(slug="toy").lease_owner == taken.owner


def test_of_many_that_ask_at_once_exactly_one_gets_the_lease() -> None:
    Source.objects.create(slug="toy")
    got: list[Any] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        got.append(leases.acquire("toy", NOW))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(lease is not None for lease in got) == 1


def test_a_worker_whose_lease_is_taken_in_mid_run_stops_without_a_trace(settings: Any) -> None:
    toy = Toy([item(n) for n in range(1, 40)])

    def usurped(document: Any, config: Any) -> Any:
        from tests.toy import map_item

        if document.key == "15":
            Source.objects.update(generation=99, lease_owner="somebody else", lease_until=NOW)
        return map_item(document, config)

    toy.mapper = usurped
    settings.PROVIDERS = {"toy": toy.configured()}
    run = schedule.request("toy", Mode.FULL, NOW)
    assert schedule.work("toy", only=run.pk, clock=lambda: NOW) is None
    written = Event.objects.count()
    assert written < 39
    assert Source.objects.get().lease_owner == "somebody else"
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    toy.mapper = __import__("tests.toy", fromlist=["map_item"]).map_item
    settings.PROVIDERS = {"toy": toy.configured()}
    Source.objects.update(lease_until=None, lease_owner="")
    done = schedule.work("toy", clock=lambda: NOW)
    assert done is not None
    assert (done.pk, done.state) == (run.pk, RunState.HEALTHY)
    assert Event.objects.count() == 39


def test_there_is_one_open_run_a_provider_and_mode() -> None:
    first = schedule.request("toy", Mode.FULL, NOW)
    second = schedule.request("toy", Mode.FULL, NOW, full=True)
    assert first.pk == second.pk
    assert IngestRun.objects.get().full is True
