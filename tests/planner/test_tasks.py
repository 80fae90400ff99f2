"""What the worker is told to do: only what is due, each part by itself, and never before the festival said."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from planner import plan, push, sync, tasks
from planner.models import Link, OutboxRow
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
