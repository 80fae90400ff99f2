"""The one word that an entry is given first: three axes, one stated order. Pure.

The order is that of what costs most to overlook: something that will not take place, something that changed, something
that a person has to decide, something that cannot be reached, a ticket to get, and only then how much it is wanted.
"""

from collections.abc import Sequence

from planner.vocabulary import Intent, Obstacle, TicketMark

#: An axis and its word, the most pressing first. What is not in it is never a badge.
ORDER: Sequence[tuple[str, str]] = (
    ("obstacle", Obstacle.CANCELLED),
    ("obstacle", Obstacle.MOVED),
    ("question", "asked"),
    ("obstacle", Obstacle.CLASH),
    ("obstacle", Obstacle.NO_TRAVEL_TIME),
    ("obstacle", Obstacle.UNAVAILABLE),
    ("ticket", TicketMark.NEEDED),
    ("obstacle", Obstacle.GOING_ELSEWHERE),
    ("ticket", TicketMark.SPARE),
    ("ticket", TicketMark.HELD),
    ("intent", Intent.GOING),
    ("intent", Intent.MUST),
    ("intent", Intent.WANT),
    ("intent", Intent.MAYBE),
)


def badge(intent: Intent, ticket: TicketMark, obstacles: Sequence[Obstacle], asked: bool) -> str:
    """The badge of an entry, as its word; *asked* says that a question about it is open."""
    there: set[tuple[str, str]] = {
        ("intent", intent),
        ("ticket", ticket),
        *(("obstacle", one) for one in obstacles),
    }
    if asked:
        there.add(("question", "asked"))
    return next(str(word) for axis, word in ORDER if (axis, word) in there)


def obstacle(obstacles: Sequence[Obstacle]) -> Obstacle:
    """The one that stands in the way most."""
    order = [word for axis, word in ORDER if axis == "obstacle"]
    return min(obstacles, key=lambda one: order.index(one), default=Obstacle.NONE)
