"""The planner's closed word lists. What a word looks like to a person is for ``planner.web.words``."""

from enum import StrEnum


class Intent(StrEnum):
    """How much a person wants to be there. GOING is settled."""

    MUST = "must"
    WANT = "want"
    MAYBE = "maybe"
    GOING = "going"


class TicketMark(StrEnum):
    """What a person, or a ticket that was found, says about a ticket for a showing."""

    NONE = "none"
    NEEDED = "needed"
    HELD = "held"
    SPARE = "spare"


class Obstacle(StrEnum):
    """What stands in the way of an entry; derived from the showing and the rest of the plan, never stored."""

    NONE = "none"
    CLASH = "clash"
    NO_TRAVEL_TIME = "no_travel_time"
    GOING_ELSEWHERE = "going_elsewhere"
    UNAVAILABLE = "unavailable"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Side(StrEnum):
    """All that *myfestival* can say of a showing: not in the plan, in it, in it with a ticket."""

    ABSENT = "absent"
    PLAIN = "plain"
    TICKET = "ticket"


class Step(StrEnum):
    """One call that alters *myfestival*. Each may be repeated without harm."""

    ADD = "add"
    REMOVE = "remove"
    HAVE_TICKET = "have_ticket"
    NO_TICKET = "no_ticket"


class LinkState(StrEnum):
    """LINKED works or will again by itself; RELINK needs the person to approve anew."""

    LINKED = "linked"
    RELINK = "relink"


class ShowingState(StrEnum):
    """What became of a showing, as an entry last saw it."""

    SCHEDULED = "scheduled"
    MOVED = "moved"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class ChangeKind(StrEnum):
    """What the planner did to a plan by itself; each can be undone."""

    ADDED = "added"
    REMOVED = "removed"
    TICKET_MARKED = "ticket_marked"
    TICKET_CLEARED = "ticket_cleared"
    TICKET_FOUND = "ticket_found"


class NoticeKind(StrEnum):
    """What a person is mailed about."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    RELINK = "relink"
