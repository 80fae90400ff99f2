"""What is due and when."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.http import FetchError
from aggregator.ingest import schedule
from aggregator.models import IngestRun, Source
from aggregator.provider import Configured
from aggregator.vocabulary import Mode, RunState
from tests.toy import NOW, Toy, item

pytestmark = pytest.mark.django_db(transaction=True)


def modes(runs: list[IngestRun]) -> list[str]:
    """The modes of runs."""
    return [run.mode for run in runs]


def test_the_first_tick_asks_for_everything_and_for_nothing_twice(settings: Any) -> None:
    settings.PROVIDERS = {"toy": Toy([item(1)]).configured()}
    assert modes(schedule.plan(NOW)) == [Mode.FULL]
    assert schedule.plan(NOW) == []
    assert schedule.due(NOW) == ["toy"]


def test_each_mode_comes_due_at_its_own_pace(settings: Any) -> None:
    toy = Toy([item(1)])
    settings.PROVIDERS = {"toy": toy.configured()}
    asked: dict[Mode, list[int]] = {mode: [] for mode in Mode}
    # The morning of one day, and the morning after.
    for minutes in (*range(0, 3 * 60, 5), *range(24 * 60 - 60, 24 * 60 + 31, 5)):
        now = NOW + timedelta(minutes=minutes)
        for mode in modes(schedule.plan(now)):
            asked[mode].append(minutes)
        while schedule.due(now):
            schedule.work("toy", clock=lambda now=now: now)  # type: ignore[misc]
    assert asked[Mode.FULL] == [0, 24 * 60]
    assert asked[Mode.CHANGES] == [60, 120, 23 * 60]
    assert asked[Mode.AVAILABILITY] == [
        *range(15, 3 * 60, 15),
        *(minutes for minutes in range(23 * 60, 24 * 60 + 31, 15) if minutes != 24 * 60),
    ]


def test_a_provider_without_credentials_is_left_alone(settings: Any) -> None:
    settings.PROVIDERS = {"toy": Configured(Toy().provider(), None, "Set PROVIDER_TOY_API_KEY.")}
    assert schedule.plan(NOW) == []
    assert schedule.next_due("toy", NOW) is None
    assert schedule.work("toy", clock=lambda: NOW) is None


def test_a_source_that_backs_off_is_not_asked_before_its_time_and_pauses_in_the_end(settings: Any) -> None:
    toy = Toy([item(1)], fault=FetchError("server_error", url="http://toy.example/", status=503))
    settings.PROVIDERS = {"toy": toy.configured()}
    now, waits = NOW, []
    for _ in range(10):
        schedule.plan(now)
        schedule.work("toy", clock=lambda now=now: now)  # type: ignore[misc]
        source = Source.objects.get()
        assert source.backoff_until is not None
        waits.append((source.backoff_until - now).total_seconds())
        assert schedule.plan(now + timedelta(seconds=1)) == []
        now = source.backoff_until + timedelta(days=1)
    assert waits[0] < waits[3] < waits[6]
    assert Source.objects.get().state == "paused"
    assert schedule.plan(now + timedelta(days=30)) == []


def test_a_run_that_waits_is_due_when_its_time_has_come(settings: Any) -> None:
    settings.PROVIDERS = {"toy": Toy([item(1)]).configured()}
    run = schedule.request("toy", Mode.FULL, NOW)
    IngestRun.objects.filter(pk=run.pk).update(state=RunState.WAITING, due_at=NOW + timedelta(minutes=5))
    assert schedule.due(NOW) == []
    assert schedule.due(NOW + timedelta(minutes=5)) == ["toy"]


def test_a_run_whose_worker_died_is_due_once_its_lease_ran_out(settings: Any) -> None:
    settings.PROVIDERS = {"toy": Toy([item(1)]).configured()}
    run = schedule.request("toy", Mode.FULL, NOW)
    IngestRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    Source.objects.create(slug="toy", lease_owner="dead", lease_until=NOW + timedelta(seconds=60))
    assert schedule.due(NOW) == []
    assert schedule.due(NOW + timedelta(seconds=61)) == ["toy"]
