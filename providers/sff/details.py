"""The full films of a festival, one request each, as few as the stamps allow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aggregator.http import FetchError
from aggregator.provider import Batch, Document, Refusal
from aggregator.vocabulary import Mode
from providers.sff.items import compact, identifier, stamp_of
from providers.sff.reading import Reading, is_fault_of_one_answer

LOOKED_UP: Final = 100
FETCHED: Final = 20
#: So many broken films of one festival are set aside one by one; one more, and the upstream is at fault.
BROKEN: Final = 5
#: The validator of a film without a stamp: it is known, and asked for again in a full run only.
UNSTAMPED: Final = "unstamped"


@dataclass(frozen=True)
class ShortList:
    """Films of a festival and their stamps ("" for none), the newest stamp, and whether the list was asked
    for whole.
    """

    stamps: Mapping[str, str]
    newest: int
    whole: bool
    refused: Sequence[Refusal]


def short_list(reading: Reading, festival: str, named: set[str]) -> ShortList:
    """The short list (M1) together with the films that events *named*."""
    feed, now = films_feed(festival), reading.visit.now
    since = reading.since(feed)
    stamps: dict[str, str] = dict.fromkeys(named, "")
    newest = 0
    refused: list[Refusal] = []
    for item in reading.rows("films", {"festival_id": festival, **since}):
        film = identifier(item, "filmId") if isinstance(item, Mapping) else ""
        if film:
            stamp = stamp_of(item, "filmModifiedTimestamp", now)
            stamps[film] = str(stamp) if stamp else ""
            newest = max(newest, stamp)
        else:
            reason = "unreadable_id" if isinstance(item, Mapping) else "wrong_type"
            refused.append(
                Refusal(
                    "film", None, reason, "filmId", body=compact(item)[:4096], scope=f"festival:{festival}"
                )
            )
    return ShortList(stamps, newest, not since, refused)


def films_feed(festival: str) -> str:
    """The name of the cursor of a festival's films."""
    return f"films:{festival}"


def needs_reading(stamp: str, stored: str | None, *, full: bool) -> bool:
    """Whether a film is to be fetched: unknown, with another stamp, or without one in a full run."""
    if stored is None:
        return True
    return stored != stamp if stamp else full


def film_batches(
    reading: Reading, festival: str, listed: ShortList, after: str, position: Mapping[str, str]
) -> Iterator[Batch]:
    """The films in the order of their ids, from the one that follows *after* ("" for all).

    Every film of the list comes as a document, as seen or as refused; only what upstream does not find is
    left out. Each batch's position names its last film. Where reading breaks off, what was read is yielded
    first.
    """
    part = _Part()
    broken = 0
    for film, wanted in _wanted(reading, festival, listed, after):
        found: Document | Refusal | None = None
        try:
            found = _film(reading, festival, film, listed.stamps[film]) if wanted else None
        except FetchError as error:
            broken += 1
            if broken > BROKEN or not is_fault_of_one_answer(error):
                if part.last:
                    yield part.batch(position)
                raise
            found = _refused(festival, film, error)
        part.add(film, f"{festival}:{film}", found, seen=not wanted)
        if part.fetched >= FETCHED or len(part.seen) >= LOOKED_UP:
            yield part.batch(position)
            part = _Part()
    if part.last:
        yield part.batch(position)


@dataclass
class _Part:
    """What will be one batch; *last* is the last film in it."""

    documents: list[Document] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    fetched: int = 0
    last: str = ""

    def add(self, film: str, key: str, found: Document | Refusal | None, *, seen: bool) -> None:
        self.last = film
        if seen:
            self.seen.append(("film", key))
            return
        self.fetched += 1
        if isinstance(found, Document):
            self.documents.append(found)
        elif found is not None:
            self.refused.append(found)

    def batch(self, position: Mapping[str, str]) -> Batch:
        return Batch(
            documents=tuple(self.documents),
            refused=tuple(self.refused),
            seen=tuple(self.seen),
            position={**position, "after": self.last},
        )


def _wanted(reading: Reading, festival: str, listed: ShortList, after: str) -> Iterator[tuple[str, bool]]:
    """Each film with whether it is to be fetched; stored stamps are looked up a hundred at a time."""
    full = reading.visit.mode is Mode.FULL
    left = [film for film in sorted(listed.stamps, key=_order) if not after or _order(film) > _order(after)]
    for start in range(0, len(left), LOOKED_UP):
        group = left[start : start + LOOKED_UP]
        stored = reading.visit.validators("film", [f"{festival}:{film}" for film in group])
        for film in group:
            yield film, needs_reading(listed.stamps[film], stored.get(f"{festival}:{film}"), full=full)


def _refused(festival: str, film: str, error: FetchError) -> Refusal:
    return Refusal(
        "film",
        f"{festival}:{film}",
        error.reason,
        message=str(error),
        body=error.body[:4096],
        scope=f"festival:{festival}",
    )


def _film(reading: Reading, festival: str, film: str, stamp: str) -> Document | Refusal | None:
    item = reading.record("film", {"film_id": film})
    if item is None:
        return None
    key, scope = f"{festival}:{film}", f"festival:{festival}"
    if identifier(item, "filmId") not in ("", film):
        return Refusal("film", key, "wrong_id", "filmId", "another film came", compact(item)[:4096], scope)
    stamp = stamp or str(stamp_of(item, "filmModifiedTimestamp", reading.visit.now) or UNSTAMPED)
    address = reading.address("film", {"film_id": film})
    return Document("film", key, compact(item), scope=scope, validator=stamp, url=address)


def _order(film: str) -> tuple[int, str]:
    return len(film), film
