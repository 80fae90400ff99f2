"""Changes that tests and demonstrations make to a festival programme while it is being served."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from threading import Lock

from providers.sff.simulator.invented import Programme
from providers.simulation.documents import Row, Shape, with_wrong_types, without_required
from providers.simulation.simulator import MUTATIONS, Impossible
from providers.simulation.world import World
from providers.simulation.world.calendar import HOUR, wall_clock

EVENT = Shape(
    required="eventTimestamp",
    number="venueId",
    stamp="eventTimestamp",
    text="eventName_sv",
    instead=("eventDate", "eventTime"),
)
# A change of these alone is no change of the programme.
_SALES = frozenset({"eventTicketStatus", "eventBuyURL", "eventBuyOneTimeURL", "eventModifiedTimestamp"})
_ADDED_FROM = 900_000_000
_SHOP = "http://www.stockholmfilmfestival.se/webapi/?action=add&type=ticket&id="
_NEXT_STATUS = {"available": "few", "few": "soldout", "soldout": "available", None: "available"}
_BREAKS: dict[str, Callable[[Row, Shape], Row]] = {
    "wrong_type": with_wrong_types,
    "missing_field": without_required,
}

Arguments = Mapping[str, object]


def _text(arguments: Arguments, name: str) -> str | None:
    value = arguments.get(name)
    return None if value is None else str(value)


class Edited:
    """A programme with changes laid over it; itself a programme."""

    def __init__(self, programme: Programme, world: World) -> None:
        self._under = programme
        self._world = world
        self._lock = Lock()
        self._serial = 0
        self._restore()

    def _restore(self) -> None:
        self._overlay: dict[str, Row] = {}
        self._removed: set[str] = set()
        self._removed_films: set[str] = set()
        self._added: list[Row] = []
        self._renamed_films: dict[str, Row] = {}
        self._broken: dict[str, str] = {}
        self._keep_every = 1

    # The programme

    def festivals(self) -> Iterable[Row]:
        return self._under.festivals()

    def sections(self, festival_id: str) -> Iterable[Row]:
        return self._under.sections(festival_id)

    def venues(self) -> Iterable[Row]:
        return self._under.venues()

    def events(self, festival_id: str) -> Iterator[Row]:
        rows = iter(self._under.events(festival_id))
        if not self._touched():
            return rows
        return self._laid_over(rows, self._added if festival_id == self._current() else [])

    def events_of_day(self, day: date) -> Iterator[Row]:
        rows = iter(self._under.events_of_day(day))
        added = [row for row in self._added if row["eventDate"] == day.isoformat()]
        return self._laid_over(rows, added) if self._touched() else rows

    def changed_events(self, festival_id: str) -> Iterator[Row]:
        seen = set()
        for row in self._laid_over(iter(self._under.changed_events(festival_id)), []):
            seen.add(row["eventId"])
            yield row
        for event_id, fields in list(self._overlay.items()):
            announced = event_id not in seen and not set(fields) <= _SALES
            row_or_none = self.event(event_id) if announced else None
            if row_or_none is not None and festival_id == self._current():
                yield {**row_or_none, "eventChange_sv": "Ändrad.", "eventChange_en": "Changed."}

    def event(self, event_id: str) -> Row | None:
        for row in self._added:
            if row["eventId"] == event_id:
                return row
        found = self._under.event(event_id)
        return None if found is None else next(self._laid_over(iter([found]), [], shrunk=False), None)

    def films(self, festival_id: str) -> Iterator[Row]:
        for at, row in enumerate(self._under.films(festival_id)):
            if row["filmId"] not in self._removed_films and at % self._keep_every == 0:
                yield {**row, **self._renamed_films.get(str(row["filmId"]), {})}

    def film(self, film_id: str) -> Row | None:
        row = None if film_id in self._removed_films else self._under.film(film_id)
        return None if row is None else {**row, **self._renamed_films.get(film_id, {})}

    def events_of_film(self, film_id: str) -> list[Row]:
        added = [row for row in self._added if row["filmId"] == film_id]
        return list(self._laid_over(iter(self._under.events_of_film(film_id)), added, shrunk=False))

    def _touched(self) -> bool:
        return bool(
            self._overlay
            or self._removed
            or self._removed_films
            or self._added
            or self._broken
            or self._keep_every > 1
        )

    def _laid_over(self, rows: Iterator[Row], added: list[Row], shrunk: bool = True) -> Iterator[Row]:
        for at, row in enumerate(rows):
            event_id = str(row["eventId"])
            gone = event_id in self._removed or row["filmId"] in self._removed_films
            if gone or (shrunk and at % self._keep_every):
                continue
            row = self._with_overlay(event_id, row)
            yield _BREAKS[self._broken[event_id]](row, EVENT) if event_id in self._broken else row
        yield from added

    def _with_overlay(self, event_id: str, row: Row) -> Row:
        overlay = self._overlay.get(event_id)
        if overlay is None:
            return row
        stamps = (str(part["eventModifiedTimestamp"]) for part in (row, overlay))
        return {**row, **overlay, "eventModifiedTimestamp": max(stamps, key=int)}

    # The changes

    def mutate(self, what: str, arguments: Arguments) -> dict[str, object]:
        """One of MUTATIONS. Without an id it takes the next showing that is still to come."""
        changes: dict[str, Callable[[Arguments], dict[str, object]]] = {
            "restore": self._restored,
            "shrink": self._shrink,
            "rename": self._rename,
            "seats": self._seats,
            "move": self._move,
            "remove_showing": self._remove_showing,
            "remove_event": self._remove_event,
            "add_event": self._add_event,
            "break": self._break,
        }
        if what not in changes:
            raise Impossible(f"unknown mutation '{what}' (there are: {', '.join(MUTATIONS)})")
        with self._lock:
            return changes[what](arguments)

    def _current(self) -> str:
        flagged = (row for row in self._under.festivals() if row["festivalIsCurrent"] == "1")
        return str(next(flagged, {}).get("festivalId"))

    def _upcoming(self) -> Row:
        now = self._world.instant()
        rows = list(self.events(self._current()))
        coming = [
            row for row in rows if row["filmId"] and int(str(row.get("eventTimestamp") or 0)) > now + HOUR
        ]
        if not rows:
            raise Impossible("there is no event left to change")
        return (coming or rows)[0]

    def _target(self, arguments: Arguments) -> Row:
        event_id = _text(arguments, "id")
        row = self._upcoming() if event_id is None else self.event(event_id)
        if row is None:
            raise Impossible(f"there is no event {event_id}")
        return row

    def _change(self, row: Row, fields: Row) -> dict[str, object]:
        event_id = str(row["eventId"])
        stamped: Row = {**fields, "eventModifiedTimestamp": str(self._world.instant())}
        for at, added in enumerate(self._added):
            if added["eventId"] == event_id:
                self._added[at] = {**added, **stamped}
        self._overlay[event_id] = {**self._overlay.get(event_id, {}), **stamped}
        return {"id": event_id, "before": {name: row.get(name) for name in fields}, "after": fields}

    def _restored(self, arguments: Arguments) -> dict[str, object]:
        self._restore()
        return {}

    def _shrink(self, arguments: Arguments) -> dict[str, object]:
        share = float(str(arguments.get("share", 0.1)))
        if not 0 < share <= 1:
            raise Impossible("'share' must be more than 0 and at most 1")
        self._keep_every = round(1 / share)
        return {"keeps_every": self._keep_every}

    def _rename(self, arguments: Arguments) -> dict[str, object]:
        row = self._target(arguments)
        name = _text(arguments, "name") or f"{row['eventName_en']} (new cut)"
        result = self._change(row, {"eventName_sv": name, "eventName_en": name})
        if row["filmId"] is not None:
            now = str(self._world.instant())
            self._renamed_films[str(row["filmId"])] = {
                "filmName": name,
                "filmName_en": name,
                "filmModifiedTimestamp": now,
            }
        return {**result, "film": row["filmId"]}

    def _seats(self, arguments: Arguments) -> dict[str, object]:
        row = self._target(arguments)
        status = row["eventTicketStatus"]
        value = arguments.get("value") or _NEXT_STATUS.get(None if status is None else str(status))
        shop = row["eventBuyURL"] or f"{_SHOP}{row['eventId']}"
        buy = shop if value in {"available", "few"} else None
        fields: Row = {"eventTicketStatus": value, "eventBuyURL": buy, "eventBuyOneTimeURL": buy}
        return self._change(row, fields)

    def _move(self, arguments: Arguments) -> dict[str, object]:
        row = self._target(arguments)
        start = int(str(row["eventTimestamp"])) + int(str(arguments.get("seconds", 2 * HOUR)))
        day, time = wall_clock(start)
        fields: Row = {"eventTimestamp": str(start), "eventDate": day, "eventTime": time}
        venue_id = _text(arguments, "venue")
        if venue_id is not None:
            venue = next((row for row in self._under.venues() if row["venueId"] == venue_id), None)
            if venue is None:
                raise Impossible(f"there is no venue {venue_id}")
            fields = {**fields, "venueId": venue_id, "venueName": venue["venueName"]}
        return self._change(row, fields)

    def _remove_showing(self, arguments: Arguments) -> dict[str, object]:
        row = self._target(arguments)
        event_id = str(row["eventId"])
        self._added = [added for added in self._added if added["eventId"] != event_id]
        self._removed.add(event_id)
        return {"id": event_id}

    def _remove_event(self, arguments: Arguments) -> dict[str, object]:
        film_id = _text(arguments, "id") or str(self._upcoming()["filmId"])
        showings = [row["eventId"] for row in self.events_of_film(film_id)]
        if not showings:
            raise Impossible(f"there is no film {film_id}")
        self._removed_films.add(film_id)
        self._added = [added for added in self._added if added["filmId"] != film_id]
        return {"id": film_id, "showings": showings}

    def _add_event(self, arguments: Arguments) -> dict[str, object]:
        like = self._upcoming()
        # Never twice the same, not even after everything was taken back.
        self._serial += 1
        event_id = str(_ADDED_FROM + self._serial)
        wall = self._world.now() + timedelta(days=1)
        start = int(wall.timestamp()) // HOUR * HOUR
        day, time = wall_clock(start)
        name = _text(arguments, "name") or "Överraskningsfilm"
        row: Row = {
            **like,
            "eventId": event_id,
            "eventNumber": event_id[-4:],
            "eventName_sv": name,
            "eventName_en": _text(arguments, "name") or "Surprise Film",
            "eventDate": day,
            "eventTime": time,
            "eventTimestamp": str(start),
            "filmId": None,
            "partyId": event_id,
            "eventTicketStatus": "available",
            "eventModifiedTimestamp": str(self._world.instant()),
        }
        self._added.append(row)
        return {"id": event_id}

    def _break(self, arguments: Arguments) -> dict[str, object]:
        how = str(arguments.get("how", "wrong_type"))
        if how not in _BREAKS:
            raise Impossible(f"'how' must be one of {', '.join(_BREAKS)}")
        row = self._target(arguments)
        # A change of a document comes with a new stamp, or a delta would not show it.
        self._change(row, {})
        self._broken[str(row["eventId"])] = how
        return {"id": row["eventId"], "how": how}
