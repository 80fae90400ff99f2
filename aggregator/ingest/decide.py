"""What a record calls for. Data in, data out: no clock, no database, no settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.records import Record, ShowingRecord
from aggregator.vocabulary import Kind, Precision

DAY_BEGINS = timedelta(hours=5)

# An authority weaker than any that a record carries.
NOBODY = "~"

FUSE_ROWS = 5
FUSE_SHARE = 0.2
REJECTED_ROWS = 5
REJECTED_SHARE = 0.1


class Action(StrEnum):
    """What to do with one record. ADOPT notes that another document now speaks for the row, with the same words."""

    CREATE = "create"
    UPDATE = "update"
    RESTORE = "restore"
    SEATS = "seats"
    ADOPT = "adopt"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a row, as far as deciding needs it; *public* is a person's."""

    id: int
    fingerprint: str
    seats_fingerprint: str
    authority: str
    mapping_version: int
    withdrawn: bool
    public: bool = True


def action(
    known: Known | None, *, kind: Kind, fingerprint: str, seats: str, authority: str, mapping_version: int
) -> Action:
    """What one record with these prints calls for, given the row that is stored under its external id.

    A record of lesser authority than the row (a greater string) may bring only seats. An event is not restored
    here: its showings decide about that.
    """
    if known is None:
        return Action.CREATE
    if authority <= known.authority:
        if known.withdrawn and kind is not Kind.EVENT:
            return Action.RESTORE
        if (fingerprint, mapping_version) != (known.fingerprint, known.mapping_version):
            return Action.UPDATE
        if authority != known.authority:
            return Action.ADOPT
    return Action.SEATS if seats != known.seats_fingerprint else Action.NOTHING


def strongest(records: Iterable[Record]) -> dict[tuple[Kind, str], Record]:
    """One record per row: the smallest authority wins, among equals the last that came."""
    chosen: dict[tuple[Kind, str], Record] = {}
    for record in records:
        identity = (record.kind, record.external_id)
        present = chosen.get(identity)
        if present is None or record.authority <= present.authority:
            chosen[identity] = record
    return chosen


def programme_day(moment: datetime, zone: str, precision: Precision = Precision.EXACT) -> date:
    """The programme day that an instant belongs to in *zone*: the day turns at 05:00, but not for whole days."""
    local = moment.astimezone(_zone(zone))
    return (local - DAY_BEGINS).date() if precision is Precision.EXACT else local.date()


def programme_days(record: ShowingRecord) -> tuple[date, date]:
    """First and last programme day. A showing that ends on the stroke of 05:00 ends on the day before."""
    first = programme_day(record.starts_at, record.zone, record.precision)
    if record.ends_at is None:
        return first, first
    last_moment = record.ends_at
    if record.precision is Precision.EXACT and record.ends_at > record.starts_at:
        last_moment -= timedelta(microseconds=1)
    return first, max(first, programme_day(last_moment, record.zone, record.precision))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Place:
    """When and where a showing stood before: the instant, the primary venue's external id and its name."""

    starts_at: datetime
    venue: str
    venue_name: str


def moved_from(
    before: Place, stored: Mapping[str, Any], record: ShowingRecord, now: datetime
) -> dict[str, Any] | None:
    """What ``moved_from`` becomes when *record* replaces a showing that stood at *before*; None to leave it.

    The first place is kept over several moves; a showing that returns to it has not moved. A showing that was over
    when its record changed was corrected, not moved.
    """
    venue = record.venues[0] if record.venues else ""
    if before.starts_at == record.starts_at and before.venue == venue:
        return None
    if max(before.starts_at, record.starts_at) < now:
        return None
    first = dict(stored) or {
        "starts_at": before.starts_at.astimezone(UTC).isoformat(),
        "venue": before.venue,
        "venue_name": before.venue_name,
    }
    if datetime.fromisoformat(first["starts_at"]) == record.starts_at and first["venue"] == venue:
        return {}
    return first | {"at": now.astimezone(UTC).isoformat()}


def blows_fuse(going: int, total: int) -> bool:
    """Whether *going* of *total* future rows of a kind are too many to withdraw without a person."""
    return going > FUSE_ROWS and going > total * FUSE_SHARE


def too_many_rejected(rejected: int, read: int) -> bool:
    """Whether so many of the documents read were rejected that the run is not to be trusted."""
    return rejected > REJECTED_ROWS and rejected > read * REJECTED_SHARE


def backoff(failures: int, jitter: float) -> timedelta:
    """How long to wait after *failures* in a row: from one minute, doubling, to six hours. *jitter* in 0..1."""
    seconds = min(60.0 * 2 ** min(max(failures, 1) - 1, 12), 6 * 3600.0)
    return timedelta(seconds=seconds * (0.75 + jitter / 2))
