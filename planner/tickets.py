"""Membership cards and their tickets: read from the festival, kept for when it cannot be reached, put into the plan.

Card numbers are personal. They are encrypted in the row, never logged, and shown only by their last digits.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import F

from aggregator.http import FetchError, RetryLater
from planner import changes, copies, leases, outbox, plan
from planner.leases import Lease
from planner.models import Card, Entry, Link, Ticket
from planner.pull import with_token
from planner.tokens import Tokens
from planner.upstream.calls import Calls, Listed, TokenRejected
from planner.upstream.rows import CARD_NUMBER, CardRow, TicketRow
from planner.vault import Unreadable, digest, seal, unseal
from planner.vocabulary import ChangeKind, Side, TicketMark

logger = logging.getLogger(__name__)

MOST_CARDS = 10
TAIL = 3


class NotACard(ValueError):
    """What was typed is no card number; *reason* is ``not_a_number`` or ``too_many``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def type_in(user: int, typed: str, now: datetime) -> Card:
    """Keep a card by the number that its person typed; blanks and hyphens do not count. Raises ``NotACard``."""
    number = "".join(typed.split()).replace("-", "")
    if not CARD_NUMBER.fullmatch(number):
        raise NotACard("not_a_number")
    known = Card.objects.filter(user=user, digest=digest(number)).first()
    if known is not None:
        return known
    if Card.objects.filter(user=user).count() >= MOST_CARDS:
        raise NotACard("too_many")
    card, _ = Card.objects.get_or_create(user_id=user, digest=digest(number), defaults=_sealed(number, now))
    Link.objects.filter(user=user).update(tickets_at=None, next_sync_at=now)
    return card


def forget(user: int, card: int) -> None:
    """Let go of a card that was typed in, with its tickets. The festival's own stay as long as it names them."""
    Card.objects.filter(user=user, pk=card, own=False).delete()


def is_due(link: Link, now: datetime, every: timedelta) -> bool:
    """Whether the cards of *link* are to be read again."""
    tickets_at = Link.objects.values_list("tickets_at", flat=True).filter(pk=link.pk).first()
    return tickets_at is None or tickets_at <= now - every


def read(
    link: Link,
    lease: Lease,
    calls: Calls,
    tokens: Tokens,
    now: Callable[[], datetime],
    is_over: Callable[[], bool],
) -> None:
    """Read cards and tickets and put them into the plan. Raises ``FetchError``, ``NoToken``, ``LeaseLost``.

    A card that cannot be read keeps what it had, and says why. Once *is_over*, the other cards wait for the next time,
    which begins with those that were not read for longest.
    """
    cards = with_token(tokens, calls.cards)
    with leases.writing(lease, now()):
        for row in cards.rows:
            _keep_card(link.user_id, row, now())
        if cards.whole:
            named = [digest(row.number) for row in cards.rows]
            Card.objects.filter(user=link.user_id, own=True).exclude(digest__in=named).update(own=False)
    newest = with_token(tokens, calls.tickets)
    waiting = list(Card.objects.filter(user=link.user_id).order_by(F("read_at").asc(nulls_first=True), "pk"))
    while waiting:
        _read_card(waiting.pop(0), lease, calls, tokens, now)
        if is_over():
            break
    _keep_newest(link.user_id, cards, newest, lease, now)
    match(link.user_id, lease, now)
    if waiting:
        return
    with leases.writing(lease, now()):
        Link.objects.filter(pk=link.pk).update(tickets_at=now())


def match(user: int, lease: Lease, now: Callable[[], datetime]) -> None:
    """Mark the entries that a ticket stands for. A ticket outweighs whatever was marked before."""
    held = Ticket.objects.filter(user=user, gone_at=None).values_list("external_id", flat=True)
    entries = Entry.objects.filter(
        user=user, provider=copies.FESTIVAL_PROVIDER, external_id__in=list(held), removed_at=None
    ).exclude(ticket__in=plan.HELD)
    for entry in entries.select_related("question"):
        with leases.writing(lease, now()):
            before = changes.snapshot(entry)
            entry.ticket = TicketMark.HELD
            if plan.save(entry):
                changes.note(entry, ChangeKind.TICKET_FOUND, before, now())
                outbox.rewrite(entry, now())


def _sealed(number: str, now: datetime) -> dict[str, object]:
    return {"number": seal(number), "tail": number[-TAIL:], "created_at": now}


def _keep_card(user: int, row: CardRow, now: datetime) -> None:
    values = {
        "own": True,
        "kinds": dict(row.kinds),
        "begins_at": row.begins_at,
        "ends_at": row.ends_at,
        "registered_at": row.registered_at,
    }
    mark = digest(row.number)
    if not Card.objects.filter(user=user, digest=mark).update(**values):
        Card.objects.create(user_id=user, digest=mark, **_sealed(row.number, now), **values)


def _read_card(card: Card, lease: Lease, calls: Calls, tokens: Tokens, now: Callable[[], datetime]) -> None:
    try:
        number = unseal(card.number)
    except Unreadable:
        Card.objects.filter(pk=card.pk).update(reason="token_keys")
        return
    try:
        listed = with_token(tokens, lambda token: calls.tickets_on(number, token))
    except FetchError as error:
        Card.objects.filter(pk=card.pk).update(reason=error.reason)
        # What the festival says of one card says nothing of the others; its silence does.
        if isinstance(error, RetryLater) or error.status is None:
            raise
        return
    except TokenRejected:
        # The same token was good for the list of cards.
        Card.objects.filter(pk=card.pk).update(reason="forbidden")
        return
    _keep(card, listed, lease, now)


def _keep_newest(
    user: int,
    cards: Listed[CardRow],
    newest: Listed[TicketRow],
    lease: Lease,
    now: Callable[[], datetime],
) -> None:
    """Tickets of the newest card, which the festival names without its number."""
    dated = [row for row in cards.rows if row.registered_at is not None]
    if not dated:
        return
    number = max(dated, key=lambda row: row.registered_at.timestamp() if row.registered_at else 0.0).number
    card = Card.objects.filter(user=user, digest=digest(number)).first()
    if card is not None and newest.rows:
        _keep(card, Listed(newest.rows, whole=False), lease, now)


def _keep(card: Card, listed: Listed[TicketRow], lease: Lease, now: Callable[[], datetime]) -> None:
    known = copies.of_festival(row.event.id for row in listed.rows)
    with leases.writing(lease, now()):
        for row in listed.rows:
            showing = known.get(row.event.id)
            values = copies.copied(showing) if showing else copies.written(row.event)
            values |= {"user_id": card.user_id, "seen_at": now(), "gone_at": None}
            known_as = Ticket.objects.filter(card=card, key=row.key, external_id=row.event.id).first()
            before = known_as or Ticket(**values)
            values["first"] = before.first or copies.place_of(before)
            Ticket.objects.update_or_create(card=card, key=row.key, defaults=values)
        if listed.whole:
            _miss(card, (row.key for row in listed.rows), now())
            Card.objects.filter(pk=card.pk).update(read_at=now(), reason="")


def _miss(card: Card, keys: Iterable[str], now: datetime) -> None:
    """Tickets that the card no longer has. What is marked in the plan stays: a person decides about that."""
    Ticket.objects.filter(card=card, gone_at=None).exclude(key__in=list(keys)).update(gone_at=now)


def outweighed(entry: Entry, live: Iterable[str]) -> bool:
    """Whether a ticket among *live* (showing ids) says something else than the entry's mark."""
    return entry.external_id in set(live) and entry.local is not Side.TICKET
