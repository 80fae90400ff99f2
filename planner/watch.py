"""Following the listing: entries whose showing was moved, cancelled or withdrawn get a new copy."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from aggregator.models import Showing
from planner import copies, notices, plan
from planner.models import Entry
from planner.vocabulary import NoticeKind, ShowingState

logger = logging.getLogger(__name__)

#: Entries looked after in one turn, and in one transaction.
BATCH, CHUNK = 200, 20
PAST = timedelta(days=1)

_NOTICES = {
    ShowingState.CANCELLED: NoticeKind.CANCELLED,
    ShowingState.WITHDRAWN: NoticeKind.WITHDRAWN,
}


def changed(now: datetime) -> int:
    """Renew the copies of entries whose showing changed since; gives how many. At most ``BATCH`` in a turn."""
    # In one order everywhere, so that of two who write several entries none waits for the other.
    found = sorted([*_stale(now), *_without_showing()], key=lambda entry: entry.pk)
    showings = _showings(found)
    pairs = [(one, showings.get((one.provider, one.external_id))) for one in found]
    for start in range(0, len(pairs), CHUNK):
        some = pairs[start : start + CHUNK]
        try:
            _renew_all(some, now)
        except Exception:  # noqa: BLE001  logged below, where it comes again
            # One of them is at fault: each by itself, so that it keeps no other's person from being told.
            for one in some:
                _renew_alone(one, now)
    return len(found)


def _renew_all(some: Sequence[tuple[Entry, Showing | None]], now: datetime) -> None:
    with transaction.atomic():
        for entry, showing in some:
            if showing is not None:
                renew(entry, showing, now)


def _renew_alone(one: tuple[Entry, Showing | None], now: datetime) -> None:
    entry = Entry.objects.filter(pk=one[0].pk).first()  # as it is, not as the failed attempt left it
    if entry is None:
        return
    try:
        _renew_all([(entry, one[1])], now)
    except Exception:
        logger.exception("the copy of entry %s is not renewed", entry.pk)


def renew(entry: Entry, showing: Showing, now: datetime) -> None:
    """Bring the copy in *entry* up to date and tell its person what that means for the plan."""
    before = copies.shown(entry)
    state, known = ShowingState(entry.state), entry.showing_id is not None
    stood = copies.place_of(entry)
    for name, value in {**copies.copied(showing), **copies.more(showing)}.items():
        if name != "festival_key" or value:
            setattr(entry, name, value)
    if not plan.save(entry):
        return
    kind = _news(
        state, ShowingState(entry.state), elsewhere=copies.is_elsewhere(stood, copies.place_of(entry))
    )
    over = entry.starts_at is not None and entry.starts_at < now
    if known and kind is not None and not over and entry.removed_at is None:
        facts = {**copies.shown(entry), "started_at": before["starts_at"], "was_venue": before["venue"]}
        changed_at = max(showing.updated_at, showing.event.updated_at)
        notices.showing_changed(entry, kind, facts, changed_at, now)


def _news(before: ShowingState, now_is: ShowingState, *, elsewhere: bool) -> NoticeKind | None:
    """What there is to tell. A showing that is moved back to its first place counts as scheduled, and has moved."""
    if now_is in (ShowingState.CANCELLED, ShowingState.WITHDRAWN):
        return None if now_is is before else _NOTICES[now_is]
    return NoticeKind.MOVED if elsewhere else None


def _stale(now: datetime) -> Any:
    differs = Q(showing__updated_at__gt=F("copied_at"))
    gone = Q(showing__withdrawn_at__isnull=False) & ~Q(state=ShowingState.WITHDRAWN)
    back = Q(showing__withdrawn_at=None, state=ShowingState.WITHDRAWN, showing__isnull=False)
    called_off = Q(showing__event__status="cancelled") & ~Q(
        state__in=(ShowingState.CANCELLED, ShowingState.WITHDRAWN)
    )
    on_again = Q(state=ShowingState.CANCELLED, showing__isnull=False) & ~(
        Q(showing__status="cancelled") | Q(showing__event__status="cancelled")
    )
    rows = Entry.objects.filter(differs | gone | back | called_off | on_again)
    return rows.filter(Q(starts_at__gte=now - PAST) | Q(showing__starts_at__gte=now - PAST)).order_by("pk")[
        :BATCH
    ]


def _without_showing() -> Any:
    """Entries that only the festival told of, whose showing we list by now."""
    listed = copies.visible().filter(
        provider=copies.FESTIVAL_PROVIDER,
        external_id__in=Entry.objects.filter(showing=None).values("external_id"),
    )
    return Entry.objects.filter(
        showing=None, provider=copies.FESTIVAL_PROVIDER, external_id__in=listed.values("external_id")
    ).order_by("pk")[:BATCH]


def _showings(entries: list[Entry]) -> Mapping[tuple[str, str], Showing]:
    keys = Q(pk__in=[entry.showing_id for entry in entries if entry.showing_id])
    strays = [entry.external_id for entry in entries if entry.showing_id is None]
    keys |= Q(provider=copies.FESTIVAL_PROVIDER, external_id__in=strays)
    rows = Showing.objects.filter(keys).select_related(*copies.RELATED)
    return {(row.provider, row.external_id): row for row in rows}
