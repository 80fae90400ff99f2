"""A plan and *myfestival*, kept in step over real HTTP with the simulator."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.http import FetchError
from aggregator.models import Showing
from planner import changes, plan, push
from planner.models import Change, Entry, Link, OutboxRow, Question
from planner.plan import NotPossible
from planner.upstream import rows
from planner.upstream.calls import Calls, Word
from planner.upstream.rows import PlannedRow
from planner.vocabulary import ChangeKind, Intent, Side, Step, TicketMark
from tests.planner.festival import Elsewhere, FakeFestival, here

pytestmark = pytest.mark.django_db
_UNANSWERED = (
    *("connect_timeout", "read_timeout", "reset", "500", "502_html", "429_retry_after", "html_200"),
    *("truncated_json", "redirect_private"),
)


def _entry(person: Any, event: str) -> Entry:
    return Entry.objects.get(user=person, external_id=event)


def test_what_is_added_here_arrives_there(festival: FakeFestival, person: Any, link: Link) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    festival.settle(link)
    assert festival.there() == {festival.ids[0]: Side.PLAIN}
    assert not OutboxRow.objects.exists()


def test_what_is_added_there_arrives_here_with_its_copy(
    festival: FakeFestival, person: Any, link: Link, elsewhere: Elsewhere
) -> None:
    elsewhere.put(festival.ids[0], Side.TICKET)
    festival.settle(link)
    entry = _entry(person, festival.ids[0])
    assert (entry.local, entry.starts_at, entry.showing_id) == (
        Side.TICKET,
        festival.showing().starts_at,
        festival.showing().pk,
    )
    assert Change.objects.get().kind == "added"


def test_a_showing_that_we_do_not_list_is_planned_all_the_same(
    festival: FakeFestival, person: Any, link: Link, elsewhere: Elsewhere
) -> None:
    Showing.objects.filter(external_id=festival.ids[0]).delete()
    elsewhere.add(festival.ids[0])
    festival.settle(link)
    entry = _entry(person, festival.ids[0])
    assert entry.showing_id is None
    assert entry.titles["en"].strip() == festival.events[0]["eventName_en"].strip()


def test_ticket_follows_the_entry_in_its_order(festival: FakeFestival, person: Any, link: Link) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, festival.now())
    assert list(OutboxRow.objects.order_by("position").values_list("step", flat=True)) == [
        "add",
        "have_ticket",
    ]
    festival.settle(link)
    assert festival.there() == {festival.ids[0]: Side.TICKET}


def test_opposite_edits_leave_nothing_to_do(festival: FakeFestival, person: Any, link: Link) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    plan.remove(person.pk, entry.pk, festival.now())
    assert not OutboxRow.objects.exists()
    assert not Entry.objects.exists()


def test_a_removal_there_of_what_has_no_ticket_is_taken_over_and_can_be_undone(
    festival: FakeFestival, person: Any, link: Link, elsewhere: Elsewhere
) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    festival.settle(link)
    elsewhere.remove(festival.ids[0])
    festival.settle(link)
    assert not Entry.objects.exists()
    plan.undo(person.pk, Change.objects.get(kind="removed").pk, festival.now())
    festival.settle(link)
    assert here(person.pk) == festival.there() == {festival.ids[0]: Side.PLAIN}


def test_a_removal_there_of_what_has_a_ticket_is_a_question(
    festival: FakeFestival, person: Any, link: Link, elsewhere: Elsewhere
) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, festival.now())
    festival.settle(link)
    elsewhere.remove(festival.ids[0])
    festival.settle(link)
    assert Question.objects.get().remote == Side.ABSENT
    assert here(person.pk) == {festival.ids[0]: Side.TICKET}
    plan.answer(person.pk, entry.pk, True, festival.now())
    festival.settle(link)
    assert festival.there() == {festival.ids[0]: Side.TICKET}
    assert not Question.objects.exists()


def test_a_question_can_be_settled_for_the_other_side(
    festival: FakeFestival, person: Any, link: Link, elsewhere: Elsewhere
) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, festival.now())
    festival.settle(link)
    elsewhere.remove(festival.ids[0])
    festival.settle(link)
    plan.answer(person.pk, entry.pk, False, festival.now())
    festival.settle(link)
    assert here(person.pk) == festival.there() == {}


def test_both_changed_is_a_question(
    festival: FakeFestival, person: Any, link: Link, elsewhere: Elsewhere
) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    festival.settle(link)
    elsewhere.ticket(festival.ids[0])
    plan.remove(person.pk, entry.pk, festival.now())
    festival.sync(link)
    assert Question.objects.get().remote == Side.TICKET
    assert festival.there() == {festival.ids[0]: Side.TICKET}


@pytest.mark.parametrize("now_there", [Side.PLAIN, None])
def test_an_answer_is_about_the_question_as_it_is_by_then(
    festival: FakeFestival, person: Any, link: Link, monkeypatch: pytest.MonkeyPatch, now_there: Side | None
) -> None:
    """Between the page and the answer the festival's side changes, or comes to say the same."""
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, festival.now())
    Question.objects.create(entry=entry, remote=Side.ABSENT, asked_at=festival.now())
    edit = plan.edit

    def late(*arguments: Any) -> Entry:
        if now_there is None:
            Question.objects.all().delete()
        Question.objects.update(remote=now_there or "")
        return edit(*arguments)

    monkeypatch.setattr(plan, "edit", late)
    plan.answer(person.pk, entry.pk, False, festival.now())
    assert Entry.objects.get().local is (now_there or Side.TICKET)


def test_an_entry_with_a_ticket_goes_only_when_its_person_says_so(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    plan.set_ticket(person.pk, entry.pk, TicketMark.SPARE, festival.now())
    with pytest.raises(NotPossible) as refused:
        plan.remove(person.pk, entry.pk, festival.now())
    assert refused.value.reason == "has_ticket"
    plan.remove(person.pk, entry.pk, festival.now(), confirmed=True)
    festival.settle(link)
    assert here(person.pk) == festival.there() == {}


def test_a_programme_published_anew_empties_no_plan(festival: FakeFestival, person: Any, link: Link) -> None:
    for at in range(4):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    festival.settle(link)
    for event in festival.ids[:4]:
        festival.simulation.mutate("sff", "remove_showing", id=event)
    festival.settle(link)
    assert len(here(person.pk)) == 4
    assert Entry.objects.exclude(gone_at=None).count() == 4
    assert not OutboxRow.objects.exists()
    festival.simulation.mutate("sff", "restore")
    festival.settle(link)
    assert here(person.pk) == festival.there()
    assert not Entry.objects.exclude(gone_at=None).exists()


def test_many_that_vanish_at_once_are_asked_about(festival: FakeFestival, person: Any, link: Link) -> None:
    for at in range(8):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    festival.settle(link)
    festival.simulation.fault("sff", "plan_empty", times=2)
    festival.simulation.advance(1000)
    festival.sync(link)
    assert len(here(person.pk)) == 8
    assert Question.objects.count() == 8
    assert Question.objects.values("group").distinct().count() == 1
    festival.settle(link)
    assert not Question.objects.exists()
    assert here(person.pk) == festival.there()


def test_one_empty_answer_takes_nothing_out_of_a_small_plan(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    for at in range(3):
        plan.add(person.pk, festival.showing(at).pk, festival.now(), Intent.MUST)
    festival.settle(link)
    festival.simulation.fault("sff", "plan_empty", times=1)
    festival.simulation.advance(1000)
    festival.sync(link)
    assert len(here(person.pk)) == 3
    assert not Change.objects.exists()


def test_what_vanished_and_is_back_is_wanted_as_before(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    for at, intent, mark in [(0, Intent.MUST, TicketMark.NEEDED), (1, Intent.MAYBE, TicketMark.NONE)]:
        entry = plan.add(person.pk, festival.showing(at).pk, festival.now(), intent)
        plan.set_ticket(person.pk, entry.pk, mark, festival.now())
    festival.settle(link)
    festival.simulation.fault("sff", "plan_empty", times=2)
    festival.simulation.advance(1000)
    festival.sync(link)
    assert here(person.pk) == {}
    festival.settle(link)
    rows = Entry.objects.filter(user=person).order_by("external_id")
    assert {row.external_id: (row.intent, row.ticket) for row in rows} == {
        festival.ids[0]: (Intent.MUST, TicketMark.NEEDED),
        festival.ids[1]: (Intent.MAYBE, TicketMark.NONE),
    }


def test_what_came_back_without_its_ticket_has_none(
    festival: FakeFestival, person: Any, link: Link, elsewhere: Elsewhere
) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now(), Intent.GOING)
    plan.set_ticket(person.pk, entry.pk, TicketMark.HELD, festival.now())
    row = Entry.objects.get()
    changes.note(row, ChangeKind.REMOVED, changes.snapshot(row), festival.now())
    row.delete()
    elsewhere.put(festival.ids[0], Side.PLAIN)
    festival.settle(link)
    row = Entry.objects.get()
    assert (row.intent, row.ticket) == (Intent.GOING, TicketMark.NONE)


def test_a_row_that_cannot_be_read_removes_nothing(festival: FakeFestival, person: Any, link: Link) -> None:
    for at in range(3):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    festival.settle(link)
    festival.simulation.fault("sff", "plan_unreadable_row")
    festival.simulation.advance(1000)
    festival.sync(link)
    assert len(here(person.pk)) == 3
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        *(
            ("myfestival/add", fault)
            for fault in (*_UNANSWERED, "plan_error", "plan_bare_word", "token_dead")
        ),
        *(
            ("oauth/token", fault)
            for fault in ("reset", "500", "429_retry_after", "html_200", "truncated_json")
        ),
        *(("myfestival/list", fault) for fault in ("read_timeout", "html_200", "huge_body", "token_dead")),
    ],
)
def test_no_fault_loses_an_edit(
    festival: FakeFestival, person: Any, link: Link, fault: str, path: str
) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    festival.simulation.advance(7300)
    festival.simulation.fault("sff", fault, times=2, path=path)
    festival.sync(link)
    festival.settle(link)
    link.refresh_from_db()
    if link.state == "relink":
        # The answer with the new pair was lost: that is what is left to do.
        assert path == "oauth/token"
        festival.settle(festival.link(person))
    assert here(person.pk) == festival.there() == {festival.ids[0]: Side.PLAIN}
    assert not OutboxRow.objects.exists()


def test_a_refused_edit_waits_is_shown_and_can_be_tried_at_once(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    entry = plan.add(person.pk, festival.showing().pk, festival.now())
    festival.simulation.fault("sff", "plan_error")
    festival.simulation.forget_requests()
    festival.sync(link)
    row = OutboxRow.objects.get()
    assert (row.reason, row.attempts) == ("refused", 1)
    assert row.due_at > festival.now()
    assert festival.refreshes() == 1  # an error may mean a dead token
    festival.simulation.clear()
    push.retry(person.pk, entry.pk, festival.now())
    festival.sync(link)
    assert not OutboxRow.objects.exists()
    assert festival.there() == {festival.ids[0]: Side.PLAIN}


def test_a_programme_with_a_row_that_cannot_be_read_settles_no_removal(
    festival: FakeFestival, person: Any, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The festival refuses to remove what may well be in its programme."""
    kept, gone = (plan.add(person.pk, festival.showing(at).pk, festival.now()) for at in (0, 1))
    festival.settle(link)
    plan.remove(person.pk, gone.pk, festival.now())
    festival.elsewhere("guest").remove(kept.external_id)
    read = rows.read_event
    hidden = {kept.external_id, gone.external_id}

    def some(row: Any, of: str = "") -> Any:
        return None if row["eventId"] in hidden else read(row, of)

    monkeypatch.setattr(rows, "read_event", some)
    monkeypatch.setattr(rows, "read_planned", lambda row, of: PlannedRow(read(row, of), Side.PLAIN))
    festival.simulation.fault("sff", "plan_error", path="myfestival/remove")
    festival.sync(link)
    assert OutboxRow.objects.get().reason == "refused"
    assert festival.there() == {gone.external_id: Side.PLAIN}
    # Nor can anybody tell whether what is missing there was removed by its person.
    kept.refresh_from_db()
    assert (kept.removed_at, kept.gone_at) == (None, None)
    monkeypatch.undo()
    festival.settle(link)
    assert here(person.pk) == festival.there() == {}


def test_a_function_that_the_festival_lacks_holds_up_no_edit(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    festival.simulation.fault("sff", "403", path="myfestival/list")
    festival.sync(link)
    assert festival.there() == {festival.ids[0]: Side.PLAIN}
    link.refresh_from_db()
    assert link.reason == "forbidden"


def test_linking_adds_both_plans_together(festival: FakeFestival, person: Any, elsewhere: Elsewhere) -> None:
    for at in (0, 1):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    elsewhere.put(festival.ids[1], Side.TICKET)
    elsewhere.add(festival.ids[2])
    festival.settle(festival.link(person))
    wanted = {festival.ids[0]: Side.PLAIN, festival.ids[1]: Side.TICKET, festival.ids[2]: Side.PLAIN}
    assert here(person.pk) == festival.there() == wanted


def test_an_edit_during_a_turn_is_not_forgotten(
    festival: FakeFestival, person: Any, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner import tickets

    def meanwhile(*_: Any) -> None:
        plan.add(person.pk, festival.showing(3).pk, festival.now())

    monkeypatch.setattr(tickets, "read", meanwhile)
    monkeypatch.setattr(tickets, "is_due", lambda *_: True)
    monkeypatch.setattr("planner.push.Push.everything", lambda self: 0)
    festival.sync(link)
    link.refresh_from_db()
    assert link.next_sync_at <= festival.now()


def test_an_unchanged_plan_costs_no_write(
    festival: FakeFestival, person: Any, link: Link, django_assert_max_num_queries: Any
) -> None:
    for at in range(10):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    festival.settle(link)
    before = list(Entry.objects.order_by("pk").values_list("revision", flat=True))
    festival.simulation.advance(1000)
    Link.objects.update(next_sync_at=festival.now(), tickets_at=festival.now())
    with django_assert_max_num_queries(40):
        festival.sync(link)
    assert list(Entry.objects.order_by("pk").values_list("revision", flat=True)) == before


def test_the_rhythm_follows_festival_and_person(festival: FakeFestival, person: Any, link: Link) -> None:
    festival.settle(link)
    link.refresh_from_db()
    assert link.next_sync_at - festival.now() <= timedelta(minutes=15)
    Link.objects.update(seen_at=festival.now() - timedelta(days=8), next_sync_at=festival.now())
    festival.sync(link)
    link.refresh_from_db()
    assert link.next_sync_at - festival.now() > timedelta(hours=23)


@pytest.mark.parametrize("fault", ["server_error", "unexpected_status"])
def test_an_edit_that_the_festival_cannot_digest_holds_up_no_other(
    festival: FakeFestival, person: Any, link: Link, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    for at in range(3):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    alter, bad = Calls.alter, festival.ids[0]

    def choking(self: Calls, step: Step, event: str, token: str) -> Word:
        if event != bad:
            return alter(self, step, event, token)
        raise FetchError(fault, status=500, sent=True)

    monkeypatch.setattr(Calls, "alter", choking)
    festival.sync(link)
    assert festival.there() == dict.fromkeys(festival.ids[1:3], Side.PLAIN)
    link.refresh_from_db()
    assert link.sync_failures == 0
    assert OutboxRow.objects.get().reason
    monkeypatch.undo()
    festival.settle(link)
    assert here(person.pk) == festival.there()


def test_a_festival_that_fails_altogether_is_left_alone(
    festival: FakeFestival, person: Any, link: Link
) -> None:
    for at in range(8):
        plan.add(person.pk, festival.showing(at).pk, festival.now())
    festival.simulation.fault("sff", "500", path="myfestival/add")
    festival.simulation.forget_requests()
    festival.sync(link)
    asked = [one for one in festival.simulation.requests if "myfestival/add" in one.path]
    assert len(asked) == push.MOST_FAILURES
    link.refresh_from_db()
    assert link.sync_failures == 1


def test_an_entry_that_goes_just_before_its_call_is_no_fault(
    festival: FakeFestival, person: Any, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.add(person.pk, festival.showing().pk, festival.now())
    following = push.Push._next

    def overtaken(self: push.Push) -> OutboxRow | None:
        row = following(self)
        Entry.objects.all().delete()
        return row

    monkeypatch.setattr(push.Push, "_next", overtaken)
    festival.sync(link)
    link.refresh_from_db()
    assert link.sync_failures == 0
    assert festival.there() == {}
