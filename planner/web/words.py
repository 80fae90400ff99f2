"""What the planner's words look like to a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from planner.vocabulary import ChangeKind, Intent, Obstacle, Side, TicketMark

INTENTS = {
    Intent.MUST: _("Must see"),
    Intent.WANT: _("Want to see"),
    Intent.MAYBE: _("Maybe"),
    Intent.GOING: _("Going"),
}
TICKETS = {
    TicketMark.NONE: _("No word about a ticket"),
    TicketMark.NEEDED: _("Needs a ticket"),
    TicketMark.HELD: _("Have a ticket"),
    TicketMark.SPARE: _("Have a ticket to spare"),
}
BADGES: dict[str, Any] = {
    Obstacle.CANCELLED: _("Will not take place"),
    Obstacle.MOVED: _("Moved"),
    "asked": _("Your decision is needed"),
    Obstacle.CLASH: _("Clash"),
    Obstacle.NO_TRAVEL_TIME: _("Too far to walk in time"),
    Obstacle.UNAVAILABLE: _("Sold out, no ticket"),
    Obstacle.GOING_ELSEWHERE: _("Planned at another time as well"),
    TicketMark.NEEDED: _("Needs a ticket"),
    TicketMark.SPARE: _("Ticket to spare"),
    TicketMark.HELD: _("Ticket"),
    **{str(word): label for word, label in INTENTS.items()},
}
#: Which look of badge.css a badge takes.
LOOKS: dict[str, str] = {
    Obstacle.CANCELLED: "cancelled",
    Obstacle.MOVED: "moved",
    "asked": "moved",
    Obstacle.CLASH: "few",
    Obstacle.NO_TRAVEL_TIME: "few",
    Obstacle.UNAVAILABLE: "soldout",
    TicketMark.NEEDED: "few",
    TicketMark.HELD: "free",
    TicketMark.SPARE: "free",
}
SIDES = {
    Side.ABSENT: _("not in the plan"),
    Side.PLAIN: _("in the plan, without a ticket"),
    Side.TICKET: _("in the plan, with a ticket"),
}
CHANGES = {
    ChangeKind.ADDED: _("Added, as at the festival's site"),
    ChangeKind.REMOVED: _("Removed, as at the festival's site"),
    ChangeKind.TICKET_MARKED: _("Marked with a ticket, as at the festival's site"),
    ChangeKind.TICKET_CLEARED: _("Ticket mark taken off, as at the festival's site"),
    ChangeKind.TICKET_FOUND: _("Marked with a ticket, which was found on your card"),
}
#: Why something failed or waits; anything else is told as trouble at the festival.
REASONS = {
    "access_denied": _("You did not give your approval. Nothing was linked."),
    "refused": _("The festival refused without saying why."),
    "state": _(
        "This answer does not belong to a request of yours, or came too late or twice. Please start again here."
    ),
    "no_code": _("The festival sent you back without an approval. Please start again."),
    "invalid_grant": _("The festival no longer accepts the approval. Please link again."),
    "invalid_client": _("The festival does not accept this site's own key. The operator has to mend that."),
    "token_keys": _("The stored approval can no longer be read here. Please link again."),
    "token_rejected": _("The festival does not accept the approval at the moment."),
    "forbidden": _("The festival refuses access to its planner."),
    "unreadable_answer": _("The festival's answer made no sense."),
    "unexpected": _("Something went wrong here, not at the festival. It is tried again by itself."),
    "no_such_showing": _("There is no such showing."),
    "no_such_entry": _("That is not in your plan any more."),
    "full": _("Your plan is full."),
    "has_ticket": _("There is a ticket for this. Please confirm that you want to remove it."),
    "ticket_stands": _("A ticket for this is on one of your cards, and a ticket outweighs this mark."),
    "too_late": _("That can no longer be undone."),
    "not_a_number": _("That is no card number: use the letters and digits on the card."),
    "too_many": _("There are as many cards here as there can be."),
}
TROUBLE = _("The festival does not answer as it should.")


def reason(word: str) -> str:
    """*word* as a sentence."""
    return str(REASONS.get(word, TROUBLE))
