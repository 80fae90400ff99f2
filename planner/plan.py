"""A person's edits to their plan. Each is one short transaction: the entry, and the calls that carry it upstream.

Every edit names the revision it was made from by taking the row as it is in its own transaction, so that of two edits
at once none is lost: the later one sees the earlier.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from aggregator.models import Showing
from planner import outbox
from planner.copies import RELATED, copied, more, visible
from planner.models import Change, Entry, Link, Ticket
from planner.vocabulary import ChangeKind, Intent, Side, TicketMark

MOST_ENTRIES = 1000
#: Of a copy that may be older than its showing.
_OLD = datetime(1970, 1, 1, tzinfo=UTC)
HELD = (TicketMark.HELD, TicketMark.SPARE)


class NotPossible(Exception):
    """An edit that cannot be made; *reason* is ``no_such_showing``, ``no_such_entry``, ``full``, ``has_ticket``,
    ``ticket_stands``, ``no_question`` or ``too_late``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def add(user: int, showing: int, now: datetime, intent: Intent | None = None) -> Entry:
    """Put a showing into the plan; does nothing but set *intent* where it is there. Raises ``NotPossible``."""
    row = visible().select_related(*RELATED).filter(pk=showing).first()
    if row is None:
        raise NotPossible("no_such_showing")
    columns = {**copied(row), **more(row)}
    identity = {name: columns.pop(name) for name in ("provider", "external_id")}
    if not Entry.objects.filter(user=user, **identity).exists():
        if Entry.objects.filter(user=user, removed_at=None).count() >= MOST_ENTRIES:
            raise NotPossible("full")
        try:
            with transaction.atomic():
                _announce(user)
                entry = Entry(user_id=user, **identity, **columns, created_at=now, edited_at=now)
                entry.intent, entry.ticket = intent or Intent.WANT, _mark_from_tickets(entry)
                entry.save(force_insert=True)
                _wrote(entry, now)
            return entry
        except IntegrityError:
            pass  # somebody was quicker, and it is there now
    pk = Entry.objects.values_list("pk", flat=True).get(user=user, **identity)

    def back(entry: Entry) -> None:
        if entry.removed_at is not None:
            entry.removed_at, entry.ticket = None, _mark_from_tickets(entry)
            for name, value in columns.items():
                setattr(entry, name, value)
        entry.intent = intent or entry.intent

    return edit(user, pk, back, now)


def remove(user: int, entry: int, now: datetime, *, confirmed: bool = False) -> None:
    """Take an entry out. One with a ticket only when the person *confirmed*; else raises ``NotPossible``."""

    edit(user, entry, lambda row: _go(row, now, confirmed=confirmed), now)


def set_intent(user: int, entry: int, intent: Intent, now: datetime) -> Entry:
    """How much the person wants to be there. Stays here: *myfestival* knows nothing of it."""
    return edit(user, entry, lambda row: setattr(row, "intent", intent), now)


def set_ticket(user: int, entry: int, mark: TicketMark, now: datetime) -> Entry:
    """What the person says about a ticket. A ticket on a card outweighs it: ``NotPossible("ticket_stands")``."""

    return edit(user, entry, lambda row: _mark(row, mark), now)


def answer(user: int, entry: int, keep_ours: bool, now: datetime) -> None:
    """Settle an open question: this plan's state, or the festival's. Does nothing where there is none any more."""

    def settled(row: Entry) -> None:
        asked = getattr(row, "question", None)
        if asked is None:
            raise NotPossible("no_question")
        if not keep_ours:
            take(row, Side(asked.remote), now)

    try:
        edit(user, entry, settled, now)
    except NotPossible:
        return


def undo(user: int, change: int, now: datetime, *, confirmed: bool = False) -> None:
    """Take back something that the planner did by itself, as an edit of the person's own. Raises ``NotPossible``.

    Only what was done then is taken back; what the person did since stays. An entry with a ticket goes only when
    they *confirmed*.
    """
    done = Change.objects.filter(pk=change, user=user, undone_at=None).first()
    if done is None:
        raise NotPossible("too_late")
    entry = Entry.objects.filter(user=user, provider=done.provider, external_id=done.external_id).first()
    if entry is None:
        if done.kind != ChangeKind.REMOVED:
            raise NotPossible("too_late")
        entry = _revived(user, done, now)

    def restored(row: Entry) -> None:
        if done.kind == ChangeKind.ADDED:
            _go(row, now, confirmed=confirmed)
        elif done.kind != ChangeKind.REMOVED:
            _mark_as_before(row, done)
        elif row.removed_at is not None:
            row.removed_at, row.intent, row.ticket = None, done.before["intent"], done.before["ticket"]

    edit(user, entry.pk, restored, now)
    Change.objects.filter(pk=change, undone_at=None).update(undone_at=now)


def edit(user: int, pk: int, change: Callable[[Entry], None], now: datetime) -> Entry:
    """One edit of one entry, made on the row as it is at that moment. Raises ``NotPossible("no_such_entry")``.

    *change* alters the row in memory; it may be called again where another edit came in between. An open question
    is thereby answered: the person has seen both sides and decided.
    """
    while True:
        with transaction.atomic():
            _announce(user)
            row = Entry.objects.select_related("question").filter(user=user, pk=pk).first()
            if row is None:
                raise NotPossible("no_such_entry")
            change(row)
            asked = getattr(row, "question", None)
            if asked is not None:
                row.base, row.sent = asked.remote, []
            row.edited_at = now
            if not save(row):
                continue
            if asked is not None:
                asked.delete()
                row._state.fields_cache.pop("question", None)
            _wrote(row, now)
            return row


def save(row: Entry) -> bool:
    """Write *row* if nobody changed it since it was read; False where somebody did."""
    values = {name: getattr(row, name) for name in _COLUMNS}
    done = Entry.objects.filter(pk=row.pk, revision=row.revision).update(**values, revision=F("revision") + 1)
    row.revision += done
    return bool(done)


def take(entry: Entry, side: Side, now: datetime) -> None:
    """Let *entry* say what *side* says, in memory."""
    if side is Side.ABSENT:
        entry.removed_at = entry.removed_at or now
        return
    entry.removed_at = None
    if side is Side.TICKET and entry.ticket not in HELD:
        entry.ticket = TicketMark.HELD
    if side is Side.PLAIN and entry.ticket in HELD:
        entry.ticket = TicketMark.NONE


def has_live_ticket(entry: Entry) -> bool:
    """Whether a ticket for the entry's showing is on a card that is known."""
    if not outbox.is_synced(entry):
        return False
    return Ticket.objects.filter(user=entry.user_id, external_id=entry.external_id, gone_at=None).exists()


def prune(entry: Entry) -> None:
    """Let go of a removed entry once nobody is to be told any more."""
    settled = not outbox.is_synced(entry) or not outbox.has_link(entry.user_id)
    settled = settled or outbox.possible(entry) == {Side.ABSENT}
    if entry.removed_at is not None and settled:
        Entry.objects.filter(pk=entry.pk, revision=entry.revision).delete()


_COLUMNS = (
    *("showing_id", "titles", "starts_at", "ends_at", "zone", "precision"),
    *("venue_key", "venue_name", "latitude", "longitude"),
    *("festival_key", "work_key", "state", "was", "copied_at", "gone_at", "intent", "ticket"),
    *("removed_at", "base", "remote", "sent", "edited_at"),
)


def _announce(user: int) -> None:
    """First in the transaction of an edit: who works at the link takes its row before the entries' as well."""
    Link.objects.filter(user=user).update(edits=F("edits") + 1)


def _wrote(entry: Entry, now: datetime) -> None:
    """What follows from an edit, in its transaction."""
    if outbox.is_synced(entry) and outbox.has_link(entry.user_id):
        outbox.rewrite(entry, now)
        Link.objects.filter(user=entry.user_id).update(next_sync_at=now)
    prune(entry)


def _go(row: Entry, now: datetime, *, confirmed: bool) -> None:
    if row.removed_at is None and not confirmed and (row.local is Side.TICKET or has_live_ticket(row)):
        raise NotPossible("has_ticket")
    row.removed_at = row.removed_at or now


def _mark(row: Entry, mark: TicketMark) -> None:
    if mark not in HELD and has_live_ticket(row):
        raise NotPossible("ticket_stands")
    row.ticket = mark


def _mark_as_before(row: Entry, done: Change) -> None:
    """Take back a ticket mark that the planner made or took off, unless it is another one by now."""
    made = TicketMark.NONE if done.kind == ChangeKind.TICKET_CLEARED else TicketMark.HELD
    if row.removed_at is not None or row.ticket != made:
        raise NotPossible("too_late")
    _mark(row, TicketMark(done.before["ticket"]))


def _mark_from_tickets(entry: Entry) -> TicketMark:
    return TicketMark.HELD if has_live_ticket(entry) else TicketMark.NONE


def _revived(user: int, done: Change, now: datetime) -> Entry:
    columns = {**done.before["copy"]}
    for name in ("starts_at", "ends_at"):
        columns[name] = datetime.fromisoformat(columns[name]) if columns.get(name) else None
    if columns.get("showing_id") and not Showing.objects.filter(pk=columns["showing_id"]).exists():
        columns["showing_id"] = None
    row, _ = Entry.objects.get_or_create(
        user_id=user,
        provider=done.provider,
        external_id=done.external_id,
        defaults={**columns, "copied_at": _OLD, "created_at": now, "edited_at": now, "removed_at": now},
    )
    return row
