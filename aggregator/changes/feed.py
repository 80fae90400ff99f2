"""Following the changes: cursors, pages, and clearing away what is old.

The order is (transaction, id). On PostgreSQL transactions commit out of order, so only changes of transactions below
the oldest one that is still under way are served: nothing can appear before them any more. A long transaction, also
one of another database of the same server, delays the feed and loses nothing. SQLite has one writer and serves all.
"""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import BigIntegerField, Func, Max, Q, QuerySet

from aggregator.models import Change, Feed

KEPT = timedelta(days=90)
FIRST_ERA = "0"
# Rows a transaction, transactions a turn, and what everybody else gets in between.
CHUNK, CHUNKS, PAUSE = 200, 50, 0.020

_LARGEST = 2**63 - 1
_FORM = re.compile(r"([0-9a-f]{1,8})\.([0-9a-f]{1,16})\.([0-9a-f]{1,16})", re.ASCII)


class BadCursor(ValueError):
    """Not a cursor of this feed, or one that lies ahead of it."""


class Expired(LookupError):
    """What came after the cursor has been cleared away: its reader has to start again from a snapshot."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Behind which change somebody stands: the transaction's number (0 on SQLite) and the change's id."""

    xid: int
    id: int


START = Place(0, 0)


class _Bound(Func):
    """A bound of the transactions that the reading statement sees as finished."""

    template = "%(function)s(pg_current_snapshot())::text::bigint"
    output_field = BigIntegerField()


def _served() -> QuerySet[Change]:
    """Changes before which nothing can appear any more."""
    if connection.vendor != "postgresql":
        return Change.objects.all()
    return Change.objects.filter(xid__lt=_Bound(function="PG_SNAPSHOT_XMIN"))


def page(after: Place, limit: int) -> Sequence[Change]:
    """Up to *limit* changes behind *after*, oldest first. One query."""
    behind = Q(xid__gte=after.xid) & (Q(xid__gt=after.xid) | Q(id__gt=after.id))
    return list(_served().filter(behind).order_by("xid", "id")[:limit])


def place_of(change: Change) -> Place:
    """The place behind *change*."""
    return Place(change.xid, change.pk)


def newest() -> Place:
    """The place behind the last change that is served; ``START`` where there is none. One query."""
    last = _served().order_by("-xid", "-id").first()
    return START if last is None else place_of(last)


def is_behind(cursor: str, newest: Place, era: str) -> bool:
    """Whether something may have happened behind *cursor*; True as well for one that has to be given up."""
    try:
        asked, place = read(cursor)
    except BadCursor:
        return True
    return asked != era or place < newest


def now() -> Place:
    """A place such that whatever is read from now on holds everything that was changed up to it. One query."""
    if connection.vendor == "postgresql":
        return Place(_bounds()[0] - 1, _LARGEST)
    return Place(0, _last_id())


def _bounds() -> tuple[int, int]:
    """The oldest transaction that is under way, and the next one to begin."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint "
            "FROM pg_current_snapshot() AS s"
        )
        oldest, upcoming = cursor.fetchone()
    return oldest, upcoming


def _last_id() -> int:
    """The highest id that was ever given to a change on SQLite, cleared away or not."""
    last = Change.objects.aggregate(last=Max("id"))["last"]
    return max(last or 0, _state().pruned_id)


def _state() -> Feed:
    return Feed.objects.first() or Feed(era=FIRST_ERA)


# Cursors ---------------------------------------------------------------------------------------------------


def era() -> str:
    """What all cursors of today begin with."""
    return _state().era


def written(place: Place, era: str) -> str:
    """*place* as a cursor: to be handed back as it is, and not to be read."""
    return f"{era}.{place.xid:x}.{place.id:x}"


def read(cursor: str) -> tuple[str, Place]:
    """The era and place that *cursor* is written for. Raises ``BadCursor``."""
    form = _FORM.fullmatch(cursor)
    if form is None:
        raise BadCursor("This is not a cursor of this feed.")
    place = Place(int(form[2], 16), int(form[3], 16))
    if max(place.xid, place.id) > _LARGEST:
        raise BadCursor("This is not a cursor of this feed.")
    return form[1], place


def follow(cursor: str, limit: int) -> tuple[Sequence[Change], str, str]:
    """Up to *limit* changes behind *cursor* ("" for the oldest that is kept), the cursor behind them, and the era.

    Raises ``BadCursor`` and ``Expired``. At most four queries.
    """
    asked, after = read(cursor) if cursor else ("", START)
    ahead = bool(asked) and _is_ahead(after)
    found = page(after, limit)
    # Looked at last: what was cleared away while the page was read is noticed here.
    state = _state()
    cleared = Place(state.pruned_xid, state.pruned_id)
    if asked and (asked != state.era or after < cleared):
        raise Expired
    if ahead:
        raise BadCursor("This cursor lies ahead of the feed.")
    last = place_of(found[-1]) if found else max(after, cleared)
    return found, written(last, state.era), state.era


def _is_ahead(place: Place) -> bool:
    if connection.vendor == "postgresql":
        return place.xid >= _bounds()[1]
    return place.xid > 0 or place.id > _last_id()


# Clearing away ---------------------------------------------------------------------------------------------


def prune(now: datetime) -> int:
    """Delete changes older than ``KEPT``, oldest first and without leaving a gap; gives how many went."""
    gone = 0
    for turn in range(CHUNKS):
        if turn:
            time.sleep(PAUSE)
        oldest = list(_served().order_by("xid", "id").values_list("pk", "xid", "at")[:CHUNK])
        old = []
        for pk, xid, at in oldest:
            if at >= now - KEPT:
                break
            old.append((pk, xid))
        if old:
            with transaction.atomic():
                _remember(pruned_xid=old[-1][1], pruned_id=old[-1][0])
                Change.objects.filter(pk__in=[pk for pk, _ in old]).delete()
        gone += len(old)
        if len(old) < CHUNK:
            break
    return gone


def _remember(**columns: int | str) -> None:
    Feed.objects.get_or_create(pk=1, defaults={"era": FIRST_ERA})
    Feed.objects.filter(pk=1).update(**columns)


def restart() -> None:
    """Begin a new era with no changes: every cursor that is out there is answered with ``Expired``."""
    with transaction.atomic():
        _remember(era=secrets.token_hex(4), pruned_xid=0, pruned_id=0)
        Change.objects.all().delete()


def restart_if_moved() -> bool:
    """Begin a new era where the rows came from another PostgreSQL server, whose transactions count otherwise.

    After a restore from a dump, numbers in the rows may lie ahead of the server's own; nothing would be served until
    it caught up, and in the wrong order.
    """
    if connection.vendor != "postgresql":
        return False
    newest = Change.objects.aggregate(newest=Max("xid"))["newest"]
    if newest is None or newest < _bounds()[1]:
        return False
    restart()
    return True
