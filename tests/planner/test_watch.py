"""Following the listing: copies are renewed, and a change is told by mail once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from aggregator.models import Showing
from planner import notices, plan, watch
from planner.models import Entry, Notice, Preference
from planner.vocabulary import NoticeKind
from tests.factories import NOW, make_event, make_showing, make_venue
from tests.planner.people import make_person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(name="planned")
def _planned(person: Any) -> Showing:
    showing = make_showing(make_event("Nattlinjen"), venue=make_venue("Skandia"))
    plan.add(person.pk, showing.pk, NOW)
    return showing


def _move(showing: Showing, hours: int = 1, at: Any = LATER) -> None:
    Showing.objects.filter(pk=showing.pk).update(
        starts_at=showing.starts_at + timedelta(hours=hours),
        venue=make_venue("Sture 1"),
        moved_from={"starts_at": showing.starts_at.isoformat()},
        updated_at=at,
    )


def test_a_move_renews_the_copy_and_is_mailed_once(person: Any, planned: Showing) -> None:
    _move(planned)
    for _ in range(3):
        watch.changed(LATER + timedelta(minutes=1))
        notices.send_due(LATER + timedelta(minutes=1))
    entry = Entry.objects.get()
    assert (entry.state, entry.venue_name) == ("moved", "Sture 1")
    assert entry.starts_at == planned.starts_at + timedelta(hours=1)
    assert [letter.to for letter in mail.outbox] == [["alice@example.org"]]
    text = mail.outbox[0].body
    assert "Skandia" in text
    assert "Sture 1" in text
    assert "19:00" in text
    assert "20:00" in text


def test_another_move_is_another_cause(planned: Showing) -> None:
    _move(planned)
    watch.changed(LATER)
    _move(planned, hours=2, at=LATER + timedelta(hours=1))
    watch.changed(LATER + timedelta(hours=1))
    assert Notice.objects.count() == 2


def _stands(showing: Showing, minutes: int, at: Any, **columns: Any) -> None:
    """As ingest writes it: so many minutes after the first time, and moved from there if any."""
    first = {"starts_at": showing.starts_at.isoformat(), "venue": "x", "venue_name": "Skandia"}
    columns["moved_from"] = first if minutes else {}
    columns["starts_at"] = showing.starts_at + timedelta(minutes=minutes)
    Showing.objects.filter(pk=showing.pk).update(updated_at=at, **columns)


def test_every_move_is_told_also_back_and_forth(planned: Showing) -> None:
    for number, minutes in enumerate([60, 0, 60, 0], 1):
        at = NOW + timedelta(minutes=number)
        _stands(planned, minutes, at)
        for _ in range(2):
            watch.changed(at)
        assert Notice.objects.filter(kind="moved").count() == number
    assert Entry.objects.get().state == "scheduled"
    assert notices.send_due(LATER) == 4
    assert [letter.body.index("19:00") < letter.body.index("20:00") for letter in mail.outbox] == [
        *(True, False, True, False)
    ]


def test_cancelled_twice_is_told_twice(planned: Showing) -> None:
    for number, status in enumerate(["cancelled", "scheduled", "cancelled"], 1):
        at = NOW + timedelta(minutes=number)
        _stands(planned, 0, at, status=status)
        watch.changed(at)
    assert Notice.objects.filter(kind="cancelled").count() == 2


def test_an_event_that_is_on_again_brings_its_showings_back(planned: Showing) -> None:
    for status in ("cancelled", "scheduled"):
        type(planned.event).objects.update(status=status)
        watch.changed(LATER)
        watch.changed(LATER)
        assert Entry.objects.get().state == status
    assert Notice.objects.count() == 1


def test_another_time_is_told_whatever_the_listing_calls_it(planned: Showing) -> None:
    Showing.objects.update(starts_at=planned.starts_at + timedelta(minutes=5), updated_at=LATER)
    watch.changed(LATER)
    assert Notice.objects.get().kind == "moved"


def test_a_change_that_was_stamped_before_the_copy_and_written_after_it_is_seen(person: Any) -> None:
    showing = make_showing(make_event())
    plan.add(person.pk, showing.pk, NOW + timedelta(minutes=2))
    _stands(showing, 60, NOW + timedelta(minutes=1))
    watch.changed(NOW + timedelta(minutes=3))
    assert Entry.objects.get().starts_at == showing.starts_at + timedelta(hours=1)
    assert Notice.objects.count() == 1


def test_a_house_under_another_name_is_no_move(planned: Showing) -> None:
    type(planned.venue).objects.update(name="Skandia 1")
    Showing.objects.update(updated_at=LATER)
    watch.changed(LATER)
    assert Entry.objects.get().venue_name == "Skandia 1"
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("values", "kind"), [({"status": "cancelled"}, "cancelled"), ({"withdrawn_at": LATER}, "withdrawn")]
)
def test_a_showing_that_will_not_be_stays_in_the_plan_and_is_told(
    planned: Showing, values: dict[str, Any], kind: str
) -> None:
    Showing.objects.filter(pk=planned.pk).update(updated_at=LATER, **values)
    watch.changed(LATER)
    watch.changed(LATER)
    assert Entry.objects.get().state == kind
    assert Notice.objects.get().kind == kind
    Showing.objects.filter(pk=planned.pk).update(
        status="scheduled", withdrawn_at=None, updated_at=LATER + timedelta(1)
    )
    watch.changed(LATER)
    assert Entry.objects.get().state == "scheduled"
    assert Notice.objects.count() == 1


def test_a_cancelled_event_cancels_its_showings(planned: Showing) -> None:
    type(planned.event).objects.update(status="cancelled")
    watch.changed(LATER)
    assert Notice.objects.get().kind == "cancelled"


def test_mail_is_in_the_persons_language_and_only_if_wanted(person: Any, planned: Showing) -> None:
    Preference.objects.create(user=person, language="sv", mail=False)
    _move(planned)
    watch.changed(LATER)
    assert notices.send_due(LATER) == 1
    assert not mail.outbox


def test_what_is_over_is_no_news(planned: Showing) -> None:
    _move(planned)
    watch.changed(NOW + timedelta(hours=6))
    assert not Notice.objects.exists()


def test_a_row_that_is_forgotten_leaves_the_copy(planned: Showing) -> None:
    planned.delete()
    entry = Entry.objects.get()
    assert entry.showing_id is None
    assert entry.titles == {"sv": "Nattlinjen"}
    watch.changed(LATER)


def test_queries_do_not_grow_with_plans(planned: Showing, django_assert_max_num_queries: Any) -> None:
    for number in range(10):
        plan.add(make_person(f"p{number}").pk, planned.pk, NOW)
    with django_assert_max_num_queries(4):
        watch.changed(LATER)


def test_an_entry_that_cannot_be_renewed_stops_no_other(
    person: Any, planned: Showing, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [plan.add(make_person(f"p{number}").pk, planned.pk, NOW) for number in range(3)]
    first, renew = Entry.objects.get(user=person), watch.renew

    def choking(entry: Entry, *more: Any) -> None:
        renew(entry, *more)
        if entry.pk in (first.pk, others[1].pk):
            raise ZeroDivisionError

    monkeypatch.setattr(watch, "renew", choking)
    _move(planned)
    watch.changed(LATER)
    assert Notice.objects.count() == 2
    monkeypatch.undo()
    watch.changed(LATER)
    assert Notice.objects.count() == 4


def test_a_notice_that_cannot_be_written_stops_no_other(person: Any, planned: Showing) -> None:
    _move(planned)
    watch.changed(LATER)
    now = LATER - timedelta(minutes=1)
    facts = {"titles": {}, "zone": "Nowhere/At all", "starts_at": now.isoformat()}
    notices.post(person.pk, "broken", NoticeKind.MOVED, facts, now)
    assert notices.send_due(LATER) == 1
    assert len(mail.outbox) == 1
    assert Notice.objects.get(cause="broken").attempts == 1
    assert Notice.objects.get(cause="broken").due_at > LATER
