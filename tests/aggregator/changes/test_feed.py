"""The order of the changes, their cursors, and what becomes of old ones."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from aggregator import changes
from aggregator.changes import feed, hiding
from aggregator.models import Change, Event, Feed
from aggregator.vocabulary import ChangeAction, Kind
from tests import factories
from tests.factories import NOW
from tests.followers import settle

pytestmark = pytest.mark.django_db(transaction=True)


def say(row: int, at: datetime = NOW) -> None:
    with transaction.atomic():
        changes.beside_others()
        changes.record(Kind.EVENT, [row], ChangeAction.UPDATED, at)


def served(after: feed.Place = feed.START) -> list[int]:
    return [change.row for change in feed.page(after, 1000)]


@pytest.fixture
def rows() -> list[int]:
    return [factories.make_event().pk for _ in range(5)]


def test_every_cursor_goes_on_behind_its_change(rows: list[int]) -> None:
    for row in rows:
        say(row)
    settle()
    assert served() == rows
    found, cursor, era = feed.follow("", 2)
    seen = [change.row for change in found]
    while found:
        assert feed.written(feed.place_of(found[-1]), era) == cursor
        found, cursor, era = feed.follow(cursor, 2)
        seen += [change.row for change in found]
    assert seen == rows
    assert feed.follow(cursor, 2)[1] == cursor


def test_a_place_taken_now_has_everything_behind_it(rows: list[int]) -> None:
    assert feed.follow(feed.written(feed.now(), feed.era()), 5)[0] == []
    say(rows[0])
    settle()
    place = feed.now()
    assert served(place) == []
    say(rows[1])
    settle()
    assert served(place) == [rows[1]]


@pytest.mark.parametrize(
    "word", ["x", "0", "0.1", "0.1.g", "0.1.1.1", "0.-1.1", " 0.1.1", f"0.{'f' * 16}.1", "0.1.1\n"]
)
def test_what_is_no_cursor_is_refused(word: str) -> None:
    with pytest.raises(feed.BadCursor):
        feed.follow(word, 5)


def test_a_cursor_that_lies_ahead_is_refused(rows: list[int]) -> None:
    say(rows[0])
    settle()
    ahead = (
        feed.Place(feed.now().xid + 10**6, 1) if connection.vendor == "postgresql" else feed.Place(0, 10**6)
    )
    with pytest.raises(feed.BadCursor):
        feed.follow(feed.written(ahead, feed.era()), 5)


def test_old_changes_are_cleared_away_in_order_and_their_cursors_expire(rows: list[int]) -> None:
    for days, row in zip((100, 95, 91, 89, 1), rows, strict=True):
        say(row, NOW - timedelta(days=days))
    settle()
    _, first, _ = feed.follow("", 1)
    _, third, _ = feed.follow("", 3)
    assert feed.prune(NOW) == 3
    assert served() == rows[3:]
    with pytest.raises(feed.Expired):
        feed.follow(first, 5)
    assert [change.row for change in feed.follow(third, 5)[0]] == rows[3:]
    assert [change.row for change in feed.follow("", 5)[0]] == rows[3:]
    assert feed.prune(NOW) == 0
    assert feed.prune(NOW + timedelta(days=100)) == 2
    assert feed.follow(feed.written(feed.now(), feed.era()), 5)[0] == []
    assert feed.follow("", 5)[0] == []


def test_clearing_away_takes_some_rows_a_transaction(
    monkeypatch: pytest.MonkeyPatch, rows: list[int]
) -> None:
    monkeypatch.setattr(feed, "CHUNK", 2)
    monkeypatch.setattr(feed, "PAUSE", 0.0)
    for row in rows:
        say(row, NOW - timedelta(days=91))
    settle()
    assert feed.prune(NOW) == 5
    assert Change.objects.count() == 0


def test_a_new_era_ends_all_cursors(rows: list[int]) -> None:
    say(rows[0])
    settle()
    _, cursor, _ = feed.follow("", 1)
    feed.restart()
    with pytest.raises(feed.Expired):
        feed.follow(cursor, 1)
    assert feed.follow("", 1)[1].startswith(Feed.objects.get().era)


def test_the_operator_begins_a_new_era_by_command(rows: list[int]) -> None:
    _, cursor, era = feed.follow("", 2)
    with pytest.raises(CommandError, match="--yes") as refused:
        call_command("restart_feed")
    assert refused.value.returncode == 2
    assert feed.follow(cursor, 2)[2] == era
    out = StringIO()
    call_command("restart_feed", "--yes", stdout=out)
    assert feed.era() in out.getvalue()
    assert feed.era() != era
    with pytest.raises(feed.Expired):
        feed.follow(cursor, 2)
    assert feed.follow("", 2)[0] == []


@pytest.mark.only_postgres
def test_rows_of_another_server_begin_a_new_era(rows: list[int]) -> None:
    say(rows[0])
    assert not feed.restart_if_moved()
    Change.objects.update(xid=feed.now().xid + 10**9)
    assert feed.restart_if_moved()
    assert not Change.objects.exists()
    assert not feed.restart_if_moved()


# Writers that commit out of order --------------------------------------------------------------------------


@contextmanager
def another(work: Callable[[], None]) -> Iterator[threading.Event]:
    """*work* in a transaction of a connection of its own, which ends when the block does."""
    begun, may_end = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                begun.set()
                may_end.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(30)
    try:
        yield may_end
    finally:
        may_end.set()
        thread.join(30)


@pytest.mark.only_postgres
def test_nothing_is_served_behind_which_an_open_transaction_may_still_appear(rows: list[int]) -> None:
    say(rows[0])
    settle()
    with another(lambda: say(rows[1])):
        say(rows[2])  # a later transaction, committed earlier
        assert served() == [rows[0]]
        place = feed.now()
    settle()
    assert served() == rows[:3]
    assert served(place) == rows[1:3]


@pytest.mark.only_postgres
def test_a_hand_waits_for_an_ingest_and_hides_what_it_brings(rows: list[int]) -> None:
    made: list[int] = []

    def ingest() -> None:
        changes.beside_others()
        made.append(factories.make_showing(Event.objects.get(pk=rows[0])).pk)
        changes.record(Kind.SHOWING, made, ChangeAction.CREATED, NOW)

    with another(ingest) as may_end:
        hand = threading.Thread(target=hide, args=(rows[0],))
        hand.start()
        hand.join(0.3)
        assert hand.is_alive()
        may_end.set()
        hand.join(30)
    settle()
    assert [(change.kind, change.action) for change in feed.page(feed.START, 10)] == [
        ("showing", "created"),
        ("event", "hidden"),
        ("showing", "hidden"),
    ]


def hide(row: int) -> None:
    try:
        hiding.hide(Event.objects.filter(pk=row), "by hand", NOW)
    finally:
        connection.close()
