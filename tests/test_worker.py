"""Worker, beat and web as ``make run`` starts them, on this test's database and broker."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from aggregator.ingest import schedule
from aggregator.ingest.schedule import OPEN
from aggregator.models import IngestRun, Showing, Source
from aggregator.vocabulary import Mode, RunState
from providers import registry, tasks
from providers.simulation import Running, running
from tests.crew import PATIENCE, Crew, all_ended, crew, kill_group, wait_for, without_allowances
from tests.providers.upstreams import WITH_SHOWINGS

pytestmark = pytest.mark.django_db(transaction=True)

SHOWINGS = 60
SLUGS = sorted(registry.discover())

Hire = Callable[..., AbstractContextManager[Crew]]


@pytest.fixture(scope="module")
def simulation() -> Iterator[Running]:
    """All upstreams with a clock that stands still."""
    with running(scale=SHOWINGS, now=datetime.now(UTC)) as upstream:
        without_allowances(upstream)
        yield upstream
        upstream.clear()


@pytest.fixture
def hire(
    transactional_db: None, process_environ: Mapping[str, str], tmp_path: Path, simulation: Running
) -> Hire:
    """Makes the one crew of a test; keywords are settings of its processes."""
    return lambda **more: crew(process_environ, tmp_path, simulation.environment(), **more)


def test_web_worker_and_beat_ingest_what_is_due_and_readyz_sees_them(hire: Hire) -> None:
    with hire() as hands:
        hands.start("web")
        wait_for(lambda: readiness(hands)[0] != 0, "the web process answers")
        status, parts = readiness(hands)
        assert (status, parts["worker"]) == (503, "no sign of life")
        hands.start("beat")
        hands.start("worker")
        wait_for(lambda: readiness(hands)[0] == 200, "everything is ready")
        wait_for(all_ended, "all runs ended")
        assert readiness(hands) == (
            200,
            {"database": "ok", "migrations": "ok", "broker": "ok", "worker": "ok"},
        )
    ended = IngestRun.objects.values_list("provider", "mode", "state", "reason")
    assert sorted(ended) == [(slug, Mode.FULL, RunState.HEALTHY, "") for slug in SLUGS]
    assert set(Showing.objects.values_list("provider", flat=True)) == set(WITH_SHOWINGS)


def test_beat_sends_tick_after_tick_and_a_tick_needs_no_argument(hire: Hire) -> None:
    with hire() as hands:
        hands.start("beat")
        with hands.app() as app, app.connection_for_read() as connection:
            ticks = connection.SimpleQueue("celery")
            messages = [ticks.get(timeout=60) for _ in range(3)]
        headers = [message.headers for message in messages]
        assert {header["task"] for header in headers} == {settings.TICK_TASK}
        assert all(message.content_type == "application/json" for message in messages)
        assert {str(message.payload[:2]) for message in messages} == {"[[], {}]"}
        assert all(header["expires"] for header in headers)


def test_the_site_ticks_every_thirty_seconds_and_a_tick_does_not_outlive_the_next() -> None:
    tick = settings.CELERY_BEAT_SCHEDULE["tick"]
    assert tick["task"] == tasks.tick.name
    assert tick["schedule"] == 30.0
    assert 0 < tick["options"]["expires"] <= 30.0


def test_every_task_of_ours_ends_within_limits_that_leave_room_for_its_budget() -> None:
    ours = {
        name: task
        for name, task in current_app.tasks.items()
        if name.startswith(("providers.", "aggregator."))
    }
    assert set(ours) >= {tasks.tick.name, tasks.work.name}
    for task in ours.values():
        soft = task.soft_time_limit or settings.CELERY_TASK_SOFT_TIME_LIMIT
        hard = task.time_limit or settings.CELERY_TASK_TIME_LIMIT
        assert settings.INGEST_BUDGET_SECONDS < soft < hard


def test_hints_that_arrive_twice_and_late_change_nothing(hire: Hire) -> None:
    with hire() as hands:
        for _ in range(2):
            hands.send(tasks.tick.name)
            hands.send(tasks.work.name, "sff")
        hands.start("worker")
        wait_for(all_ended, "all runs ended")
        runs, rows = list(IngestRun.objects.values()), list(Showing.objects.order_by("pk").values())
        turns = sum(Source.objects.values_list("generation", flat=True))
        for _ in range(2):
            hands.send(tasks.tick.name)
            hands.send(tasks.work.name, "sff")
        hands.send(tasks.work.name, "nobody")
        wait_for(
            lambda: sum(Source.objects.values_list("generation", flat=True)) >= turns + 2,
            "the hints have been looked at",
        )
        assert list(IngestRun.objects.values()) == runs
        assert list(Showing.objects.order_by("pk").values()) == rows
    assert IngestRun.objects.count() == len(SLUGS)


def test_a_run_over_its_budget_yields_and_the_next_tick_goes_on(hire: Hire) -> None:
    with hire(FAST_BUDGET="0.05") as hands:
        worker = hands.start("worker")
        hands.send(tasks.tick.name)
        yielded = IngestRun.objects.filter(state=RunState.WAITING).exclude(position={})
        wait_for(yielded.exists, "a run yields, and it is written down where it goes on")
        kill_group(worker)
        hands.empty_broker()
        Source.objects.update(lease_until=None)  # as if it had run out
        open_runs = set(IngestRun.objects.filter(state__in=OPEN).values_list("pk", flat=True))
        assert open_runs
        hands.start("worker")
        time.sleep(2.0)
        assert set(IngestRun.objects.filter(state__in=OPEN).values_list("pk", flat=True)) == open_runs
        hands.send(tasks.tick.name)
        wait_for(all_ended, "one tick is enough for all", 2 * PATIENCE)
    ended = IngestRun.objects.values_list("provider", "state", "reason", "message")
    assert sorted(ended) == [(slug, RunState.HEALTHY, "", "") for slug in SLUGS]
    assert sum(Source.objects.values_list("generation", flat=True)) > 3 * len(SLUGS)


def test_an_upstream_that_takes_longer_than_a_lease_keeps_its_worker(hire: Hire, simulation: Running) -> None:
    with hire(FAST_LEASE="4", FAST_BUDGET="60") as hands:
        for _ in range(2):
            hands.start("worker")
        # Two seconds an answer, and nothing to commit before several have come.
        simulation.fault("kulturbiljetter", "slow", times=5)
        run = schedule.request("kulturbiljetter", Mode.FULL, timezone.now())
        turns = 0
        while not all_ended():
            assert turns <= 1, "somebody took over from a worker that was alive"
            hands.send(tasks.work.name, "kulturbiljetter")
            time.sleep(0.5)
            turns = Source.objects.values_list("generation", flat=True).first() or 0
        run.refresh_from_db()
        assert (run.state, run.requests > 3) == (RunState.HEALTHY, True)
        assert "took over" not in hands.said()


def test_a_task_that_an_upstream_keeps_hanging_is_interrupted_and_its_run_goes_on(
    hire: Hire, simulation: Running
) -> None:
    with hire(FAST_LIMIT="2") as hands:
        hands.start("worker")
        simulation.fault("kulturbiljetter", "connect_timeout", times=1)
        run = schedule.request("kulturbiljetter", Mode.FULL, timezone.now())
        hands.send(tasks.work.name, "kulturbiljetter")
        wait_for(
            lambda: IngestRun.objects.filter(reason="time_limit").exists(), "the task is interrupted", 15
        )
        wait_for(all_ended, "the run goes on")
        run.refresh_from_db()
        assert (run.state, run.reason) == (RunState.HEALTHY, "")
    assert Source.objects.get(slug="kulturbiljetter").failures == 0


def test_a_run_that_comes_due_is_worked_and_another_is_left_alone(hire: Hire) -> None:
    with hire() as hands:
        hands.manage("ingest")
        made = IngestRun.objects.get(provider="kulturbiljetter")
        IngestRun.objects.update(created_at=made.created_at - timedelta(minutes=20))
        later = schedule.request("sff", Mode.FULL, timezone.now() + timedelta(hours=1))
        hands.start("beat")
        hands.start("worker")
        fresh = IngestRun.objects.filter(mode=Mode.AVAILABILITY, state=RunState.HEALTHY)
        wait_for(lambda: fresh.filter(provider="kulturbiljetter").exists(), "the shop's seats are read again")
        later.refresh_from_db()
        assert later.state == RunState.QUEUED


def readiness(hands: Crew) -> tuple[int, dict[str, Any]]:
    """Status and parts of ``/readyz``; 0 where nothing answers yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{hands.port}/readyz", timeout=10) as answer:
            return answer.status, json.load(answer)["parts"]
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)["parts"]
    except OSError:
        return 0, {}
