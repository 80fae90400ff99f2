"""Random interleavings of everything that can happen to a plan that two sides edit, over real HTTP.

What is held against the outcome is a short memory: per showing, the last edit a person made on each side since both
sides last agreed. When they agree again, it must be on one of these edits and, if only one side was edited, on that.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import CodeType, FrameType
from typing import Any, ClassVar

import hypothesis
import pytest
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from aggregator.models import Showing
from planner import leases, plan, pull, push, sync, tickets, tokens, watch
from planner.models import Card, Change, Entry, Link, Notice, OutboxRow, Question, Ticket
from planner.upstream import calls, oauth
from planner.upstream.calls import Listed
from planner.upstream.rows import EventRow, TicketRow
from planner.vocabulary import Intent, LinkState, Side, TicketMark
from tests.planner.festival import NOW, Elsewhere, FakeFestival, festival_running, here

EVENTS = 3
FAULTS = (
    *("connect_timeout", "read_timeout", "reset", "500", "502_html", "429", "401", "403", "html_200"),
    *("truncated_json", "huge_body", "redirect_private", "plan_error", "plan_bare_word", "plan_empty"),
    *("plan_unreadable_row", "token_dead"),
)
#: Those whose wait is felt are drawn less often.
SLOW = ("connect_timeout", "read_timeout")
PATHS = ("myfestival/add", "myfestival/remove", "myfestival/have_ticket", "myfestival/list", "oauth/token")
TRACED = {module.__file__ for module in (leases, plan, pull, push, sync, tokens, calls, oauth)}

events = st.integers(0, EVENTS - 1)
sides = st.sampled_from(list(Side))
faults = st.one_of(st.sampled_from([one for one in FAULTS if one not in SLOW]), st.sampled_from(FAULTS))


class Killed(BaseException):
    """The process ends here; nothing catches it."""


@dataclass
class Memory:
    """Of one showing: what was agreed last, the last edit of each side since, and whether a call is in doubt."""

    agreed: Side = Side.ABSENT
    ours: Side | None = None
    theirs: Side | None = None
    doubtful: bool = False
    withdrawn: bool = False
    ticket: bool = False

    def allows(self, side: Side) -> bool:
        """Whether it is right that both sides say *side* now. A ticket on a card outweighs a mark that says none."""
        return self._allows(side) or (self.ticket and side is Side.TICKET and self._allows(Side.PLAIN))

    def _allows(self, side: Side) -> bool:
        """By the edits alone. Those that took each other back are none."""
        if self.ours is None and self.theirs is None:
            return side is self.agreed
        if self.theirs is None or self.ours is None:
            return side is (self.ours or self.theirs)
        if self.ours is self.theirs:
            return side is self.ours
        both = {self.ours, self.theirs}
        if self.agreed is Side.ABSENT and both == {Side.PLAIN, Side.TICKET}:
            return side is Side.TICKET or (self.doubtful and side in both)
        return self.doubtful and side in both


class PlanMachine(RuleBasedStateMachine):
    """One person, one link, some showings."""

    festival: ClassVar[FakeFestival]
    elsewhere: ClassVar[Elsewhere]
    person: ClassVar[Any]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        for model in (OutboxRow, Question, Change, Notice, Ticket, Card, Entry, Link):
            model.objects.all().delete()
        self.festival.simulation.clear()
        self.festival.simulation.stage.clock.set(NOW)
        self.festival.simulation.mutate("sff", "restore")
        self.festival.meanwhile.clear()
        Showing.objects.update(withdrawn_at=None)
        for event in self.festival.there():
            self.elsewhere.remove(event)
        self._link()
        self.memories = [Memory() for _ in range(EVENTS)]
        self.intents: dict[int, Intent] = {}
        self.live: set[int] = set()

    # What people do

    @rule(event=events, side=sides)
    def edit_here(self, event: int, side: Side) -> None:
        """The person edits the plan here, confirming what has to be confirmed."""
        self._count()
        self._edit_here(event, side)

    @rule(event=events, side=sides)
    def edit_there(self, event: int, side: Side) -> None:
        """The person edits the plan at the festival's own site, which shows no withdrawn events."""
        self._count()
        self._edit_there(event, side)

    @rule(event=events, keep_ours=st.booleans())
    def answer(self, event: int, keep_ours: bool) -> None:
        """The person answers a question, where there is one."""
        self._count()
        entry = self._entry(event)
        question = Question.objects.filter(entry=entry).first() if entry else None
        if entry is None or question is None:
            return
        self._looked(event, self.festival.there())
        self._ours(event, entry.local if keep_ours else Side(question.remote))
        plan.answer(self.person.pk, entry.pk, keep_ours, self.festival.now())
        self._forget_if_gone(event)

    @rule(event=events, intent=st.sampled_from(list(Intent)))
    def want(self, event: int, intent: Intent) -> None:
        """The person says how much they want to see it, which answers a question about it as well."""
        self._count()
        entry = self._entry(event)
        if entry is None or entry.removed_at is not None:
            return
        if Question.objects.filter(entry=entry).exists():
            self._looked(event, self.festival.there())
            self._ours(event, entry.local)
        plan.set_intent(self.person.pk, entry.pk, intent, self.festival.now())
        self.intents[event] = intent

    @rule()
    def undo(self) -> None:
        """The person takes back what was last done by itself."""
        self._count()
        change = Change.objects.filter(undone_at=None).order_by("-pk").first()
        if change is None:
            return
        event = self.festival.ids.index(change.external_id)
        self._looked(event, self._check())
        try:
            plan.undo(self.person.pk, change.pk, self.festival.now(), confirmed=True)
        except plan.NotPossible:
            return
        self._ours(event, self._here(event))
        self._forget_if_gone(event)

    @rule()
    def link_again(self) -> None:
        """The person links anew where that was asked for."""
        self._count()
        self._relink()

    # What the worker does

    @rule()
    def turn(self) -> None:
        """A turn with nothing wrong."""
        self._count()
        self._turn()
        self._check(rested=True)

    @rule(fault=faults, path=st.sampled_from(PATHS), times=st.integers(1, 2))
    def turn_with_fault(self, fault: str, path: str, times: int) -> None:
        """A turn in which the festival fails."""
        self._count()
        self.festival.simulation.fault("sff", fault, times=times, path=path)
        self._turn()
        self.festival.simulation.clear()
        self._doubt()
        self._check()

    @rule(line=st.integers(1, 400))
    def turn_killed(self, line: int) -> None:
        """A turn whose process dies at a line of ours."""
        self._count()
        with killed_at(line):
            self._turn()
        self._doubt()
        self._check()
        self.festival.simulation.advance(200)

    @rule(event=events, found=st.booleans())
    def cards_read(self, event: int, found: bool) -> None:
        """The person's card is read, and has a ticket that it had not, or no longer has one."""
        self._count()
        self.live = self.live | {event} if found else self.live - {event}
        lease = leases.acquire(Link.objects.get().pk, "sync", self.festival.now())
        if lease is None:
            self.live = self._live()
            return
        card = tickets.type_in(self.person.pk, "0004711999", self.festival.now())
        self._leave_cards()
        before = [self._here(one) for one in range(EVENTS)]
        rows = [
            TicketRow(f"t{one}", EventRow(self.festival.ids[one], {}, NOW, "", "", "")) for one in self.live
        ]
        tickets._keep(card, Listed(rows, whole=True), lease, self.festival.now)
        tickets.match(self.person.pk, lease, self.festival.now)
        leases.release(lease)
        for one, was in enumerate(before):
            self.memories[one].ticket = self.memories[one].ticket or one in self.live
            if was is not self._here(one):
                assert (was, self._here(one)) == (Side.PLAIN, Side.TICKET)
                self._ours(one, Side.TICKET)

    @rule(request=st.integers(0, 4), event=events, side=sides, ours=st.booleans())
    def turn_with_edit(self, request: int, event: int, side: Side, ours: bool) -> None:
        """A turn during which a person edits one side, between two requests."""
        self._count()

        def edit() -> None:
            (self._edit_here if ours else self._edit_there)(event, side)
            if not ours:
                self.memories[event].doubtful = True

        self.festival.meanwhile[:] = [lambda: None] * request + [edit]
        self._turn()
        self.festival.meanwhile.clear()
        self._doubt()
        self._check()

    @rule()
    def token_expires(self) -> None:
        """Time passes."""
        self._count()
        self.festival.simulation.advance(7300)

    @rule()
    def refresh_race(self) -> None:
        """Somebody else needs a fresh token in the middle of a turn."""
        self._count()
        self.festival.meanwhile[:] = [lambda: None, self._refresh_elsewhere]
        self.festival.simulation.advance(7300)
        self._turn()
        self.festival.meanwhile.clear()
        self._doubt()
        self._check()

    # What the festival does

    @rule(event=events)
    def move(self, event: int) -> None:
        """A showing gets another time; our listing follows."""
        self._count()
        if self.memories[event].withdrawn:
            return
        self.festival.simulation.mutate("sff", "move", id=self.festival.ids[event], seconds=600)
        showing = self.festival.showing(event)
        Showing.objects.filter(pk=showing.pk).update(
            starts_at=showing.starts_at + timedelta(minutes=10),
            updated_at=self.festival.now(),
            moved_from={"a": 1},
        )
        watch.changed(self.festival.now())

    @rule(event=events)
    def withdraw(self, event: int) -> None:
        """A showing leaves the programme."""
        self._count()
        if self.memories[event].withdrawn:
            return
        self.festival.simulation.mutate("sff", "remove_showing", id=self.festival.ids[event])
        Showing.objects.filter(pk=self.festival.showing(event).pk).update(withdrawn_at=self.festival.now())
        self.memories[event].withdrawn = True
        watch.changed(self.festival.now())

    @rule()
    def bring_back(self) -> None:
        """All showings are in the programme again."""
        self._count()
        self._bring_back()

    # What must hold

    @invariant()
    def every_entry_is_wanted_as_its_person_said(self) -> None:
        """Whatever came and went in between."""
        for entry in Entry.objects.filter(user=self.person.pk, removed_at=None):
            said = self.intents.get(self.festival.ids.index(entry.external_id))
            assert said in (None, entry.intent), (entry.external_id, said, entry.intent)

    @invariant()
    def every_entry_says_how_it_stands(self) -> None:
        """Nothing waits without a call, a question or a reason."""
        rows = Entry.objects.filter(user=self.person.pk).select_related("question").prefetch_related("outbox")
        for entry in rows:
            if not hasattr(entry, "question") and entry.gone_at is None and not entry.sent:
                calls = [call.step for call in entry.outbox.all()]
                assert (entry.agreed is entry.local) == (not calls), (entry.agreed, entry.local, calls)

    def teardown(self) -> None:
        """At rest both sides agree, or a question is shown."""
        self._bring_back()
        for _ in range(3):
            self._relink()
            self.festival.settle(Link.objects.get())
        self._check(rested=True)
        asked = set(Question.objects.values_list("entry__external_id", flat=True))
        ours, theirs = here(self.person.pk), self.festival.there()
        for event in self.festival.ids[:EVENTS]:
            assert event in asked or ours.get(event) == theirs.get(event), (event, ours, theirs)
        assert not OutboxRow.objects.exists()

    # Means

    def _count(self) -> None:
        type(self).steps += 1

    def _link(self) -> None:
        self.festival.link(self.person)
        self._leave_cards()

    def _leave_cards(self) -> None:
        """Turns read no cards: what is on them is said by ``cards_read``."""
        Link.objects.update(tickets_at=NOW.replace(year=2040))

    def _relink(self) -> None:
        if Link.objects.filter(state=LinkState.RELINK).exists():
            self._link()

    def _entry(self, event: int) -> Entry | None:
        return Entry.objects.filter(user=self.person.pk, external_id=self.festival.ids[event]).first()

    def _here(self, event: int) -> Side:
        entry = self._entry(event)
        return entry.local if entry else Side.ABSENT

    def _live(self) -> set[int]:
        rows = Ticket.objects.filter(gone_at=None).values_list("external_id", flat=True)
        return {self.festival.ids.index(one) for one in rows}

    def _forget_if_gone(self, event: int) -> None:
        """What a person takes out themselves is nothing to remember."""
        if self._here(event) is Side.ABSENT:
            self.intents.pop(event, None)

    def _looked(self, event: int, there: dict[str, Side]) -> None:
        """The person sees the plan here: what arrived from there is settled by what they do now."""
        entry, memory = self._entry(event), self.memories[event]
        now_there = there.get(self.festival.ids[event], Side.ABSENT)
        question = Question.objects.filter(entry=entry).first() if entry else None
        remote = Side(entry.remote or Side.ABSENT) if entry else Side.ABSENT
        if question is not None:
            # What they decide about is what the question says; what was done there since comes after it.
            memory.agreed = Side(question.remote)
            memory.theirs = None if now_there is memory.agreed else now_there
        elif now_there is remote:
            memory.theirs, memory.agreed = None, remote

    def _edit_here(self, event: int, side: Side) -> None:
        now, user, entry = self.festival.now(), self.person.pk, self._entry(event)
        before = self._here(event)
        if before is side or (side is Side.PLAIN and event in self.live):
            return
        self._looked(event, self._check())
        if side is Side.ABSENT and entry is not None:
            plan.remove(user, entry.pk, now, confirmed=True)
        else:
            entry = plan.add(user, self.festival.showing(event).pk, now)
            mark = TicketMark.HELD if side is Side.TICKET else TicketMark.NEEDED
            plan.set_ticket(user, entry.pk, mark, now)
            if before is Side.ABSENT:
                self.intents[event] = Intent(entry.intent)
        self._ours(event, side)
        self._forget_if_gone(event)

    def _edit_there(self, event: int, side: Side) -> None:
        if self.memories[event].withdrawn:
            return
        there = self._check()
        identifier = self.festival.ids[event]
        if there.get(identifier, Side.ABSENT) is not side:
            self.elsewhere.put(identifier, side)
            self.memories[event].theirs = None if side is self.memories[event].agreed else side

    def _ours(self, event: int, side: Side) -> None:
        self.memories[event].ours = None if side is self.memories[event].agreed else side

    def _bring_back(self) -> None:
        self.festival.simulation.mutate("sff", "restore")
        Showing.objects.update(withdrawn_at=None)
        watch.changed(self.festival.now())
        for memory in self.memories:
            memory.withdrawn = False

    def _turn(self) -> None:
        ticketed = {event for event in range(EVENTS) if self._here(event) is Side.TICKET}
        ticketed |= {event for event in self.live if self._here(event) is not Side.ABSENT}
        edits = Link.objects.get().edits
        self.festival.simulation.advance(61)
        Link.objects.update(next_sync_at=self.festival.now(), not_before=None, refresh_retry_at=None)
        OutboxRow.objects.update(due_at=self.festival.now())
        self.festival.sync(Link.objects.get())
        if Link.objects.get().edits == edits:
            gone = {event for event in ticketed if self._here(event) is Side.ABSENT}
            assert not gone, "an entry with a ticket went without a person"

    def _doubt(self) -> None:
        """Calls whose answer is unknown put edits there at the same moment on a par with ours."""
        for event in range(EVENTS):
            entry = self._entry(event)
            if entry is not None and entry.sent:
                self.memories[event].doubtful = True

    def _refresh_elsewhere(self) -> None:
        self.festival.meanwhile.clear()
        with suppress(tokens.NoToken):
            self.festival.tokens(Link.objects.get()).access()

    def _check(self, *, rested: bool = False) -> dict[str, Side]:
        """Wherever both sides agree and know it, they agree on the right thing; after a good turn they must know it."""
        rested = rested and Link.objects.filter(sync_failures=0, state=LinkState.LINKED).exists()
        there = self.festival.there()
        rows = Entry.objects.filter(user=self.person.pk).select_related("question").prefetch_related("outbox")
        entries = {row.external_id: row for row in rows}
        for event, memory in enumerate(self.memories):
            identifier = self.festival.ids[event]
            entry, theirs = entries.get(identifier), there.get(identifier, Side.ABSENT)
            asked = entry is not None and (hasattr(entry, "question") or len(entry.outbox.all()) > 0)
            if memory.withdrawn or asked:
                continue
            ours = entry.local if entry else Side.ABSENT
            known = entry is None or (entry.base == ours and not entry.sent)
            assert ours is theirs or not rested, (identifier, ours, theirs, memory)
            if ours is theirs and known:
                assert memory.allows(ours), (identifier, ours, memory)
                self.memories[event] = Memory(agreed=ours, ticket=event in self.live)
        return there


@contextmanager
def killed_at(line: int) -> Iterator[None]:
    """Die at the *line*-th line of ours that is run within; whoever dies gives no lease back."""
    left = [line]
    dead: list[bool] = []
    release: Callable[[leases.Lease], None] = leases.release

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        code: CodeType = frame.f_code
        if code.co_filename not in TRACED or dead:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] <= 0:
                dead.append(True)
                raise Killed
        return trace

    leases.release = lambda lease: None if dead else release(lease)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    except Killed:
        pass
    finally:
        sys.settrace(before)
        leases.release = release


def play(
    settings: Any,
    person: Any,
    examples: int,
    *,
    derandomize: bool,
    phases: Any = (hypothesis.Phase.generate,),
) -> int:
    """Play *examples* games of up to fifty steps; how many steps were made. Shrinking takes minutes: ask for it."""
    PlanMachine.steps = 0
    with festival_running(EVENTS) as festival:
        festival.point(settings)
        festival.list_showings()
        PlanMachine.festival, PlanMachine.person = festival, person
        PlanMachine.elsewhere = festival.elsewhere("guest")
        run_state_machine_as_test(
            PlanMachine,
            settings=hypothesis.settings(
                max_examples=examples,
                stateful_step_count=50,
                deadline=None,
                derandomize=derandomize,
                database=None,
                phases=phases,
                suppress_health_check=list(HealthCheck),
            ),
        )
    return PlanMachine.steps


@pytest.mark.django_db
def test_a_thousand_steps(settings: Any, person: Any) -> None:
    assert play(settings, person, 36, derandomize=True) >= 1000


@pytest.mark.long
@pytest.mark.django_db
def test_twenty_thousand_steps(settings: Any, person: Any) -> None:
    assert play(settings, person, 520, derandomize=False) >= 20_000
