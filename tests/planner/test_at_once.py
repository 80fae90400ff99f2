"""Edits, turns of the worker and changes of the listing at the same moment: none fails, none is lost."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from aggregator.models import Showing
from planner import leases, plan, watch
from planner.models import Entry, Link
from planner.vocabulary import Intent, Side, TicketMark
from tests.planner.festival import FakeFestival, festival_running, here
from tests.planner.people import make_person

EDITS = 200


@pytest.fixture(name="linked")
def _linked(settings: Any, transactional_db: None) -> Iterator[tuple[FakeFestival, Link]]:
    """A festival and a link that other threads can see."""
    with festival_running() as festival:
        festival.point(settings)
        festival.list_showings()
        yield festival, festival.link(make_person())


def _closing(work: Callable[[], None]) -> Callable[[], None]:
    def closed() -> None:
        try:
            work()
        finally:
            connections.close_all()

    return closed


def test_who_edits_and_who_writes_for_the_link_wait_for_the_same_row_first(
    linked: tuple[FakeFestival, Link],
) -> None:
    """The worker has the link and wants the entry, while an edit of that entry has begun."""
    festival, link = linked
    user, now = link.user_id, festival.now()
    entry = plan.add(user, festival.showing().pk, now)
    lease = leases.acquire(link.pk, "sync", now)
    assert lease is not None
    begun, asked = threading.Event(), threading.Event()

    def edited() -> None:
        begun.wait(10)
        asked.set()
        plan.set_intent(user, entry.pk, Intent.MUST, now)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_closing(edited))
        with leases.writing(lease, now):
            begun.set()
            asked.wait(10)
            threading.Event().wait(0.3)
            row = Entry.objects.get(pk=entry.pk)
            row.remote = Side.PLAIN
            written = plan.save(row)
        waiting.result(timeout=60)
    row = Entry.objects.get(pk=entry.pk)
    assert written
    assert (row.intent, row.remote) == (Intent.MUST, Side.PLAIN)


def test_two_hundred_edits_beside_turns_and_moves(linked: tuple[FakeFestival, Link]) -> None:
    festival, link = linked
    user = link.user_id
    keys = [plan.add(user, festival.showing(at).pk, festival.now()).pk for at in range(6)]
    said: dict[int, tuple[Intent, TicketMark]] = {}
    over = threading.Event()

    def edits(mine: list[int]) -> Callable[[], None]:
        def work() -> None:
            for number in range(EDITS // 2):
                key = mine[number % len(mine)]
                intent = list(Intent)[number % len(Intent)]
                mark = list(TicketMark)[number // 3 % len(TicketMark)]
                plan.set_intent(user, key, intent, festival.now())
                plan.set_ticket(user, key, mark, festival.now())
                said[key] = (intent, mark)

        return work

    def turns() -> None:
        while not over.is_set():
            Link.objects.update(next_sync_at=festival.now())
            festival.sync(link)

    def moves() -> None:
        hours = 0
        while not over.is_set():
            hours += 1
            at = festival.now() + timedelta(minutes=hours)
            Showing.objects.filter(provider="sff").update(updated_at=at)
            watch.changed(festival.now())

    with ThreadPoolExecutor(4) as pool:
        editing = [pool.submit(_closing(edits(keys[:3]))), pool.submit(_closing(edits(keys[3:])))]
        beside = [pool.submit(_closing(turns)), pool.submit(_closing(moves))]
        try:
            for one in editing:
                one.result(timeout=300)
        finally:
            over.set()
        for one in beside:
            one.result(timeout=60)
    festival.settle(Link.objects.get())
    rows = Entry.objects.filter(user=user)
    assert {row.pk: (row.intent, row.ticket) for row in rows} == said
    assert here(user) == festival.there()
