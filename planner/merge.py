"""The three-way merge of one showing, and the calls that bring *myfestival* to where the plan is.

Pure: words in, words out. It knows no network, no clock and no database. ``base`` is what both sides last agreed on;
``sent`` are the states that calls without an answer may have produced, so that our own lost calls are not taken for
somebody's edits. The festival gives neither stamps nor versions: a person's edit there that exactly takes back a call
whose answer was lost cannot be told from that call never having arrived, and then the plan here decides.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.vocabulary import Side, Step


class Verdict(StrEnum):
    """AGREED: nothing to do. PUSH: the plan here decides. TAKE: the plan there does. ASK: a person has to.

    KEEP: the showing is gone from the programme, which is nobody's edit; the entry stays as it is.
    """

    AGREED = "agreed"
    PUSH = "push"
    TAKE = "take"
    ASK = "ask"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Sides:
    """One showing as both plans have it. *ticket* says that a ticket on a card stands for it, which outweighs marks.

    *exists* is False where the festival's programme no longer has the showing at all.
    """

    base: Side
    local: Side
    remote: Side
    sent: Collection[Side] = ()
    ticket: bool = False
    exists: bool = True


def merge(sides: Sides) -> Verdict:
    """What to do about one showing. Nothing with a ticket on our side goes without a person, and no edit is lost."""
    local, remote = sides.local, sides.remote
    if local == remote:
        return Verdict.AGREED
    if not sides.exists and remote is Side.ABSENT:
        return Verdict.KEEP
    if remote == sides.base or remote in sides.sent:
        return Verdict.PUSH
    if local == sides.base and all(one == sides.base for one in sides.sent):
        return _taken(sides)
    if sides.base is Side.ABSENT and Side.ABSENT not in (local, remote):
        # Both added it, one with a ticket: together that is one entry with a ticket.
        return Verdict.PUSH if local is Side.TICKET else Verdict.TAKE
    return Verdict.ASK


def _taken(sides: Sides) -> Verdict:
    """Only the other side was edited."""
    if sides.remote is Side.ABSENT and (sides.local is Side.TICKET or sides.ticket):
        return Verdict.ASK
    if sides.remote is Side.PLAIN and sides.ticket:
        return Verdict.PUSH
    return Verdict.TAKE


def steps(possible: Collection[Side], wanted: Side) -> Sequence[Step]:
    """The calls, in their order, after which *myfestival* says *wanted*, whichever of *possible* it says now."""
    there = set(possible)
    if wanted is Side.ABSENT:
        return [] if there == {Side.ABSENT} else [Step.REMOVE]
    calls = [Step.ADD] if Side.ABSENT in there else []
    if wanted is Side.TICKET and there != {Side.TICKET}:
        calls.append(Step.HAVE_TICKET)
    if wanted is Side.PLAIN and Side.TICKET in there:
        calls.append(Step.NO_TICKET)
    return calls


def after(step: Step, before: Side) -> Side:
    """What *myfestival* says once *step* is done."""
    if step is Step.ADD:
        return Side.PLAIN if before is Side.ABSENT else before
    return {Step.REMOVE: Side.ABSENT, Step.HAVE_TICKET: Side.TICKET, Step.NO_TICKET: Side.PLAIN}[step]


def is_mass_removal(removed: int, agreed: int) -> bool:
    """Whether so many entries vanished at once that it may be a fault of the other side: over a fifth and over five."""
    return removed > 5 and removed * 5 > agreed
