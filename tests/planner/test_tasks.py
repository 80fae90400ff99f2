"""What the worker is told to do: only what is due, each part by itself, and never before the festival said."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from planner import plan, push, sync, tasks
from planner.models import Card, Link, OutboxRow
from planner.vocabulary import Intent
from tests.planner.festival import FakeFestival

pytestmark = pytest.mark.django_db


@pytest.fixture(name="turns")
def _turns(festival: FakeFestival, link: Link, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The turns that were made, counted instead of made; the festival's clock is ours."""
    made: list[int] = []
    festival.simulation.stage.clock.set(timezone.now())
    monkeypatch.setattr(sync, "_turn", lambda one: made.append(one.link.pk))
    monkeypatch.setattr(tasks, "_send", lambda *_: None)
    monkeypatch.setattr(tasks.work, "apply_async", lambda *_, **__: None)
    return made


@pytest.mark.parametrize("failures", [0, 3])
def test_looking_at_a_page_calls_no_sooner_than_is_due(link: Link, turns: list[int], failures: int) -> None:
    later = timezone.now() + timedelta(minutes=10)
    Link.objects.update(next_sync_at=later, sync_failures=failures, pulled_at=None)
    tasks.seen(link.user_id)
    assert len(turns) == (0 if failures else 1)


def test_looking_at_a_page_obeys_retry_after(link: Link, turns: list[int]) -> None:
    Link.objects.update(next_sync_at=timezone.now(), not_before=timezone.now() + timedelta(minutes=10))
    tasks.seen(link.user_id)
    assert not turns


def test_hints_that_pile_up_make_one_turn(link: Link, turns: list[int]) -> None:
    Link.objects.update(next_sync_at=timezone.now() - timedelta(seconds=1))
    tasks.work(link.pk)
    assert len(turns) == 1
    Link.objects.update(next_sync_at=timezone.now() + timedelta(minutes=10))
    tasks.work(link.pk)
    assert len(turns) == 1


def test_an_edit_does_not_outweigh_retry_after(festival: FakeFestival, person: Any, link: Link) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    festival.simulation.fault("sff", "429_retry_after")
    festival.sync(link)
    festival.simulation.clear()
    festival.simulation.forget_requests()
    for edit in (
        lambda: plan.set_intent(person.pk, entry.pk, Intent.MUST, festival.now()),
        lambda: push.retry(person.pk, entry.pk, festival.now()),
    ):
        edit()
        assert sync.due(festival.now()) == []
        assert festival.sync(link) is False
        assert not festival.simulation.requests
    festival.simulation.advance(4)
    assert sync.due(festival.now()) == [link.pk]
    festival.sync(link)
    link.refresh_from_db()
    assert (link.not_before, link.sync_failures) == (None, 0)
    assert not OutboxRow.objects.exists()


def test_trying_now_makes_the_link_due(festival: FakeFestival, person: Any, link: Link) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    OutboxRow.objects.update(due_at=festival.now() + timedelta(hours=1))
    Link.objects.update(next_sync_at=festival.now() + timedelta(hours=1))
    push.retry(person.pk, entry.pk, festival.now())
    assert sync.is_due(link.pk, festival.now())


def test_a_turn_that_takes_too_long_goes_on_in_the_next(
    festival: FakeFestival, person: Any, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "TURN_SECONDS", -1.0)
    for at in range(3):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    for number in (1, 2):
        assert festival.sync(link) is True
        assert len(festival.there()) == number
    assert festival.sync(link) is False
    assert len(festival.there()) == 3


def test_cards_that_had_no_time_come_first_in_the_next(
    festival: FakeFestival, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "TURN_SECONDS", -1.0)
    link = festival.link(person, "demo")
    for number in (1, 2, 3):
        Link.objects.update(next_sync_at=festival.now())
        festival.sync(link)
        festival.simulation.advance(10)
        assert Card.objects.exclude(read_at=None).count() == min(number, 2)
    link.refresh_from_db()
    assert link.tickets_at is None
    monkeypatch.setattr(sync, "TURN_SECONDS", 20.0)
    festival.sync(link)
    link.refresh_from_db()
    assert link.tickets_at is not None


def _broken(*_: Any) -> Any:
    raise ZeroDivisionError


@pytest.mark.parametrize("part", ["watch.changed", "notices.send_due", "changes.forget_old"])
def test_what_breaks_in_a_tick_stops_nobodys_turn(
    link: Link, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    hints: list[int] = []
    monkeypatch.setattr(f"planner.{part}", _broken)
    monkeypatch.setattr(tasks, "_send", lambda _, number: hints.append(number))
    tasks.tick()
    assert hints == [link.pk]


def test_a_fault_of_our_own_lengthens_the_rest(
    festival: FakeFestival, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync.Sync, "turn", _broken)
    rests = []
    for failures in (1, 2, 3):
        sync.run(link.pk, festival.now, festival.http)
        link.refresh_from_db()
        assert (link.sync_failures, link.reason, link.sync_lease_until) == (failures, "unexpected", None)
        rests.append(link.next_sync_at - festival.now())
    assert rests == sorted(set(rests))
    monkeypatch.undo()
    festival.settle(link)
    link.refresh_from_db()
    assert (link.sync_failures, link.reason) == (0, "")
