"""Reading the festival's API: which lists, in which order, and what may be remembered after each.

A run is a row of steps. Each batch says which step it belongs to, so that a run that was broken off goes on
there; within the films of a festival also after which film. It decides nothing about rows and looks at no
field but ids, stamps and the festivals' dates.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aggregator.http import FetchError
from aggregator.provider import Batch, Document, Refusal, Visit
from aggregator.vocabulary import Mode
from providers.sff.details import film_batches, films_feed, short_list
from providers.sff.editions import Edition, editions_to_read
from providers.sff.items import changes_of, document_or_refusal, identifier, stamp_of
from providers.sff.reading import Reading, is_fault_of_one_answer, packed
from providers.sff.routes import KEY_HEADER, ROUTES, Route, url

__all__ = ["KEY_HEADER", "ROUTES", "Route", "fetch", "url"]

_LISTS_OF: Final = {
    Mode.FULL: ("sections", "events", "films"),
    Mode.CHANGES: ("sections", "events", "films"),
    Mode.AVAILABILITY: ("events",),
}


@dataclass(frozen=True)
class _Step:
    """One part of a run; *edition* is None for the lists that belong to no festival."""

    name: str
    edition: Edition | None = None

    @property
    def festival(self) -> str:
        return self.edition.id if self.edition else ""

    @property
    def scope(self) -> str:
        return f"festival:{self.festival}"

    def position(self) -> dict[str, str]:
        return {"step": self.name, "festival": self.festival}


def fetch(visit: Visit) -> Iterator[Batch]:
    """Read what *visit*'s mode asks for, in batches of at most a hundred documents.

    FULL: every list of the festivals of interest whole, then, once each, of the older ones. CHANGES: the
    small lists whole, events and films as deltas where there is a cursor, else whole. AVAILABILITY: festivals
    and events, the same way, completing nothing. Raises ``FetchError`` and ``RetryLater``; what was read
    before them is yielded first.
    """
    if visit.position.get("step") == "done":
        return
    reading = Reading(visit)
    festivals: list[Mapping[str, Any]] = []
    yield from _festivals(reading, festivals)
    steps = _steps(visit, editions_to_read(festivals, visit.now))
    place = next((n for n, step in enumerate(steps) if _is_at(step, visit.position)), 0)
    while place < len(steps):
        step = steps[place]
        place += 1
        try:
            yield from _READ[step.name](reading, step, _position(steps, place))
        except FetchError as error:
            if step.edition is None or not step.edition.older or not is_fault_of_one_answer(error):
                raise
            # A festival of years ago must not keep this year's from being finished; next time again.
            while place < len(steps) and steps[place].edition == step.edition:
                place += 1
            refusal = Refusal("archive", step.festival, error.reason, step.name, str(error), scope=step.scope)
            yield Batch(refused=(refusal,), position=_position(steps, place))


def _steps(visit: Visit, editions: Sequence[Edition]) -> Sequence[_Step]:
    steps = [] if visit.mode is Mode.AVAILABILITY else [_Step("venues")]
    for edition in editions:
        if edition.older and (visit.mode is not Mode.FULL or visit.cursor(_archive(edition.id)) is not None):
            continue
        steps += [_Step(name, edition) for name in _LISTS_OF[visit.mode]]
    return steps


def _archive(festival: str) -> str:
    """The name of the cursor that says that an older festival was read whole."""
    return f"archive:{festival}"


def _position(steps: Sequence[_Step], place: int) -> dict[str, str]:
    return steps[place].position() if place < len(steps) else {"step": "done"}


def _is_at(step: _Step, position: Mapping[str, Any]) -> bool:
    return step.name == position.get("step") and step.festival == position.get("festival")


def _whole(reading: Reading, kind: str, scope: str = "") -> tuple[tuple[str, str], ...]:
    """What a list read to its end completes; nothing in a run for availability."""
    return () if reading.visit.mode is Mode.AVAILABILITY else ((kind, scope),)


def _festivals(reading: Reading, found: list[Mapping[str, Any]]) -> Iterator[Batch]:
    """F1. It is read at every visit, since the steps follow from it; *found* takes the rows.

    A visit that goes on keeps its position until a step of its own is done.
    """
    rows = list(reading.rows("festivals"))
    found += [row for row in rows if isinstance(row, Mapping)]
    position = reading.visit.position or {"step": "festivals", "festival": ""}
    address = reading.address("festivals")
    items = (document_or_refusal(row, "festival", "festivalId", scope="", url=address) for row in rows)
    yield from packed(items, position)
    yield Batch(complete=_whole(reading, "festival"), position=position)


def _venues(reading: Reading, step: _Step, following: Mapping[str, str]) -> Iterator[Batch]:
    """V1."""
    address = reading.address("venues")
    items = (
        document_or_refusal(row, "venue", "venueId", scope="", url=address) for row in reading.rows("venues")
    )
    yield from packed(items, step.position())
    yield Batch(complete=_whole(reading, "venue"), position=following)


def _sections(reading: Reading, step: _Step, following: Mapping[str, str]) -> Iterator[Batch]:
    """C1."""
    address, prefix = reading.address("sections", {"festival_id": step.festival}), f"{step.festival}:"
    items = (
        document_or_refusal(row, "section", "sectionId", scope=step.scope, prefix=prefix, url=address)
        for row in reading.rows("sections", {"festival_id": step.festival})
    )
    yield from packed(items, step.position())
    yield Batch(complete=_whole(reading, "section", step.scope), position=following)


class _Events:
    """E1 with the change texts of E5 put in. It remembers the newest stamp and the films named."""

    def __init__(self, reading: Reading, festival: str, changes: Mapping[str, Mapping[str, Any]]) -> None:
        self.reading, self.festival, self.changes = reading, festival, changes
        self.since = reading.since(events_feed(festival))
        self.newest = 0
        self.films: set[str] = set()

    def documents(self) -> Iterator[Document | Refusal]:
        now, scope = self.reading.visit.now, f"festival:{self.festival}"
        address = self.reading.address("events", {"festival_id": self.festival})
        for row in self.reading.rows("events", {"festival_id": self.festival, **self.since}):
            if isinstance(row, Mapping):
                self.newest = max(self.newest, stamp_of(row, "eventModifiedTimestamp", now))
                self.films.add(identifier(row, "filmId"))
                if self.changes and (said := self.changes.get(identifier(row, "eventId"))):
                    row = {**row, **said}
            yield document_or_refusal(row, "event", "eventId", scope=scope, url=address)

    def films_named(self) -> set[str]:
        return self.films - {"", "0"}


def events_feed(festival: str) -> str:
    """The name of the cursor of a festival's events."""
    return f"events:{festival}"


def _events(reading: Reading, step: _Step, following: Mapping[str, str]) -> Iterator[Batch]:
    changes: dict[str, Mapping[str, Any]] = {}
    refusal = _changed(reading, step, changes)
    if refusal is not None:
        yield Batch(refused=(refusal,), position=step.position())
    events = _Events(reading, step.festival, changes)
    yield from packed(events.documents(), step.position())
    reading.films[step.festival] = events.films_named()
    yield Batch(
        complete=() if events.since else _whole(reading, "event", step.scope),
        cursors=reading.moved(events_feed(step.festival), events.newest),
        position=following,
    )


def _changed(reading: Reading, step: _Step, found: dict[str, Mapping[str, Any]]) -> Refusal | None:
    """E5 into *found*: event id → change texts.

    Its path is inferred. Where upstream does not know it, the programme is still worth reading: the run goes
    on without these texts, and says so with a refusal that forbids nothing.
    """
    try:
        for row in reading.rows("changed_events", {"festival_id": step.festival}):
            event, said = changes_of(row)
            if event:
                found[event] = said
    except FetchError as error:
        if error.status not in (400, 404):
            raise
        return Refusal(
            "changed_events",
            step.festival,
            error.reason,
            message=str(error),
            scope=step.scope,
            body=error.body[:4096],
        )
    return None


def _films(reading: Reading, step: _Step, following: Mapping[str, str]) -> Iterator[Batch]:
    """M1, then M3 for each film that it or the events name and that is not known yet as it is."""
    festival, position = step.festival, reading.visit.position
    after = str(position.get("after", "")) if _is_at(step, position) else ""
    events_whole = not reading.since(events_feed(festival))
    if festival not in reading.films:
        # The run goes on in another process than the one that read the events.
        events = _Events(reading, festival, {})
        for _ in events.documents():
            pass
        reading.films[festival] = events.films_named()
    listed = short_list(reading, festival, reading.films.pop(festival))
    if listed.refused:
        yield Batch(refused=listed.refused, position=step.position() | ({"after": after} if after else {}))
    yield from film_batches(reading, festival, listed, after, step.position())
    cursors = dict(reading.moved(films_feed(festival), listed.newest))
    if step.edition is not None and step.edition.older:
        cursors[_archive(festival)] = reading.visit.now.isoformat()
    whole = listed.whole and events_whole
    yield Batch(
        complete=_whole(reading, "film", step.scope) if whole else (), cursors=cursors, position=following
    )


_READ: Final[Mapping[str, Callable[[Reading, _Step, Mapping[str, str]], Iterator[Batch]]]] = {
    "venues": _venues,
    "sections": _sections,
    "events": _events,
    "films": _films,
}
