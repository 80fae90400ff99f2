"""Changes that tests and demonstrations make to the agenda while it is being served."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from threading import Lock

from providers.simulation.documents import Row, Shape, with_wrong_types, without_required
from providers.simulation.simulator import MUTATIONS, Impossible
from providers.simulation.world import World
from providers.sowprog.simulator.people import PARIS
from providers.sowprog.simulator.recording import Catalogue

#: Which field of an entry is what, for faults in documents.
ENTRY = Shape(required="event", number="cancelled", stamp="modificationDate", text="cancellationReason")

_ADDED_FROM = 90_000_000
_BREAKS: dict[str, Callable[[Row, Shape], Row]] = {
    "wrong_type": with_wrong_types,
    "missing_field": without_required,
}
#: What can be asked for beyond MUTATIONS.
OWN = {"cancel": "one event is called off and stays listed (id, reason)"}

Arguments = Mapping[str, object]
Change = Callable[[Row], Row]


class Edited:
    """A catalogue with changes laid over its entries. Every change raises versions and stamps (checklist, 10)."""

    def __init__(self, catalogue: Catalogue, world: World) -> None:
        self.under = catalogue
        self._world = world
        self._lock = Lock()
        self._serial = 0
        self._restore()

    def _restore(self) -> None:
        self._changes: dict[str, list[Change]] = {}
        self._removed: set[str] = set()
        self._added: list[Row] = []
        self._keep_every = 1

    def entries(self, *, past: bool = False) -> Iterator[Row]:
        """The entries as they are now, spoiled ones spoiled."""
        for at, entry in enumerate(self.under.entries(past=past)):
            if str(entry["id"]) not in self._removed and at % self._keep_every == 0:
                yield self._changed(entry)
        for entry in self._added:
            if str(entry["id"]) not in self._removed:
                yield self._changed(entry)

    def _changed(self, entry: Row) -> Row:
        for change in self._changes.get(str(entry["id"]), ()):
            entry = change(entry)
        return entry

    def mutate(self, what: str, arguments: Arguments) -> dict[str, object]:
        """One of MUTATIONS or ``cancel``.

        `id` is an entry's, or `<entry>:<showing>`; without it the next showing to come is taken. `remove_event`
        takes the entry back as upstream does (`how` unpublish, the default), or without a word (`how` delete).
        """
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
            "cancel": self._cancel,
        }
        if what not in changes:
            raise Impossible(f"unknown mutation '{what}' (there are: {', '.join([*MUTATIONS, *OWN])})")
        with self._lock:
            return changes[what](arguments)

    def _put(self, entry: Row, change: Change) -> None:
        """Lay a change over the entry, with a new version and stamp."""
        now = int(self._world.now().timestamp() * 1000)

        def stamped(row: Row) -> Row:
            row = {**change(row), "version": _number(row["version"]) + 1, "modificationDate": now}
            content, schedule = _inner(row, "event"), _inner(row, "eventSchedule")
            if content:
                row["event"] = {**content, "version": _number(content["version"]) + 1}
            if schedule:
                row["eventSchedule"] = {**schedule, "version": row["version"]}
            return row

        self._changes.setdefault(str(entry["id"]), []).append(stamped)

    def _target(self, arguments: Arguments, showings: int = 1) -> tuple[Row, Row]:
        """The entry and showing meant, by the id of either; by default the first to come of an entry with so many still
        to come."""
        wanted = arguments.get("id")
        now = self._world.now().astimezone(PARIS) + timedelta(hours=1)
        for entry in self.entries():
            if wanted is not None:
                dates = [
                    row for row in showings_of(entry) if str(wanted) in (str(entry["id"]), str(row["id"]))
                ]
                if dates:
                    return entry, dates[0]
            elif entry["status"] == "PUBLISHED":
                coming = [row for row in showings_of(entry) if not self.under.prunes or _start(row) > now]
                if len(coming) >= showings:
                    return entry, coming[0]
        raise Impossible(f"there is no event {wanted}" if wanted else "there is no event left to change")

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
        entry, _ = self._target(arguments)
        before = str(_inner(entry, "event").get("title"))
        name = str(arguments.get("name") or f"{before} (deuxième service)")
        self._put(entry, lambda row: {**row, "event": {**_inner(row, "event"), "title": name}})
        return {"id": entry["id"], "before": before, "after": name}

    def _seats(self, arguments: Arguments) -> dict[str, object]:
        entry, showing = self._target(arguments)
        value = arguments.get("value")
        full = not showing["soldOut"] if value is None else str(value).lower() in ("0", "true", "soldout")
        self._put(entry, lambda row: with_showing(row, showing["id"], {"soldOut": full}))
        return {"id": showing["id"], "event": entry["id"], "value": full}

    def _move(self, arguments: Arguments) -> dict[str, object]:
        entry, showing = self._target(arguments)
        later = timedelta(seconds=int(str(arguments.get("seconds", 2 * 3600))))
        start = _start(showing) + later
        end = start + timedelta(hours=3)
        fields: Row = {
            "date": f"{start:%Y-%m-%d}",
            "startHour": f"{start:%H:%M}",
            "endDate": f"{end:%Y-%m-%d}",
            "endHour": f"{end:%H:%M}",
        }
        place = self._place(arguments.get("venue"))
        self._put(entry, lambda row: {**with_showing(row, showing["id"], fields), **place})
        before = {name: showing[name] for name in fields}
        return {"id": showing["id"], "event": entry["id"], "before": before, "after": fields}

    def _place(self, venue: object) -> Row:
        if venue is None:
            return {}
        for place in self.under.locations():
            if str(place["id"]) == str(venue):
                return {"location": {**place, "creationDate": None, "modificationDate": None}}
        raise Impossible(f"there is no venue {venue}")

    def _remove_showing(self, arguments: Arguments) -> dict[str, object]:
        entry, showing = self._target(arguments, showings=2)
        self._put(entry, lambda row: with_showing(row, showing["id"], None))
        return {"id": showing["id"], "event": entry["id"]}

    def _remove_event(self, arguments: Arguments) -> dict[str, object]:
        entry, _ = self._target(arguments)
        how = str(arguments.get("how", "unpublish"))
        if how == "delete":
            self._removed.add(str(entry["id"]))
        elif how == "unpublish":
            self._put(entry, lambda row: {**row, "status": "UNPUBLISHED"})
        else:
            raise Impossible("'how' must be unpublish or delete")
        return {"id": entry["id"], "showings": [row["id"] for row in showings_of(entry)]}

    def _cancel(self, arguments: Arguments) -> dict[str, object]:
        entry, _ = self._target(arguments)
        reason = str(arguments.get("reason") or "Artiste souffrante")
        self._put(entry, lambda row: {**row, "cancelled": True, "cancellationReason": reason})
        return {"id": entry["id"], "reason": reason}

    def _add_event(self, arguments: Arguments) -> dict[str, object]:
        like, showing = self._target({})
        self._serial += 1
        identity = _ADDED_FROM + self._serial
        now = self._world.now()
        on = (now.astimezone(PARIS) + timedelta(days=1)).date().isoformat()
        name = str(arguments.get("name") or "Concert surprise")
        only = {
            **showing,
            "id": identity,
            "date": on,
            "endDate": on,
            "startHour": "20:00",
            "endHour": "22:30",
        }
        schedule = {**_inner(like, "eventSchedule"), "id": identity, "startDate": on, "endDate": on}
        stamp = int(now.timestamp() * 1000)
        entry: Row = {
            **like,
            "id": identity,
            "version": 1,
            "creationDate": stamp,
            "modificationDate": stamp,
            "event": {**_inner(like, "event"), "id": identity + 60, "version": 1, "title": name},
            "eventSchedule": {**schedule, "version": 1, "eventScheduleDate": [{**only, "soldOut": False}]},
        }
        self._added.append(entry)
        return {"id": identity, "showings": [identity]}

    def _break(self, arguments: Arguments) -> dict[str, object]:
        how = str(arguments.get("how", "wrong_type"))
        if how not in _BREAKS:
            raise Impossible(f"'how' must be one of {', '.join(_BREAKS)}")
        entry, _ = self._target(arguments)
        self._put(entry, lambda row: _BREAKS[how](row, ENTRY))
        return {"id": entry["id"], "how": how}


def showings_of(entry: Row) -> list[Row]:
    """The showings of an entry, in upstream's order."""
    listed = _inner(entry, "eventSchedule").get("eventScheduleDate")
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def with_showings(entry: Row, showings: list[Row]) -> Row:
    """The entry with these showings."""
    return {**entry, "eventSchedule": {**_inner(entry, "eventSchedule"), "eventScheduleDate": showings}}


def with_showing(entry: Row, showing_id: object, fields: Row | None) -> Row:
    """The entry with fields of one showing changed, or without it; its last day follows."""
    kept = [
        {**row, **(fields or {})} if row["id"] == showing_id else row
        for row in showings_of(entry)
        if fields is not None or row["id"] != showing_id
    ]
    last = max((str(row["date"]) for row in kept), default=_inner(entry, "eventSchedule").get("endDate"))
    changed = with_showings(entry, kept)
    return {**changed, "eventSchedule": {**_inner(changed, "eventSchedule"), "endDate": last}}


def _inner(row: Row, name: str) -> Row:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _start(showing: Row) -> datetime:
    on, hour = date.fromisoformat(str(showing["date"])), time.fromisoformat(str(showing["startHour"]))
    return datetime.combine(on, hour, PARIS)
