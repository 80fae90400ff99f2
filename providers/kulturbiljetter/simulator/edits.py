"""Changes that tests and demonstrations make to the ticket shop while it is being served."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from threading import Lock

from providers.kulturbiljetter.simulator.agenda import Agenda, Happening, Showing
from providers.simulation.simulator import MUTATIONS, Impossible
from providers.simulation.world import World
from providers.simulation.world.calendar import DAY, HOUR

_ADDED_FROM = 900_000_000
BREAKS = ("wrong_type", "missing_field")
_FIRST_HALL = 3_000

Arguments = Mapping[str, object]


class Edited:
    """The agenda with changes laid over it.

    `seats` holds set numbers of free seats, by event and showing; `broken` how a document is spoiled.
    `revision` grows with every change but those of seats.
    """

    def __init__(self, agenda: Agenda, world: World) -> None:
        self._agenda = agenda
        self._world = world
        self._lock = Lock()
        self.revision = 0
        self._restore()

    def _restore(self) -> None:
        self._replaced: dict[int, Happening] = {}
        self._removed: set[int] = set()
        self._added: list[Happening] = []
        self._keep_every = 1
        self.seats: dict[tuple[int, int], int] = {}
        self.broken: dict[int, str] = {}

    def listed(self) -> Iterator[Happening]:
        """What is listed, in order of id."""
        for at, happening in enumerate(self._agenda.listed()):
            if happening.event_id not in self._removed and at % self._keep_every == 0:
                yield self._replaced.get(happening.event_id, happening)
        yield from self._added

    def find(self, event_id: int) -> Happening | None:
        """One listed event."""
        for added in self._added:
            if added.event_id == event_id:
                return added
        found = None if event_id in self._removed else self._agenda.find(event_id)
        return None if found is None else self._replaced.get(event_id, found)

    def mutate(self, what: str, arguments: Arguments) -> dict[str, object]:
        """One of MUTATIONS.

        `id` is an event's, or `<event_id>:<date_id>` for a showing; without it the next to come is taken.
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
        }
        if what not in changes:
            raise Impossible(f"unknown mutation '{what}' (there are: {', '.join(MUTATIONS)})")
        with self._lock:
            result = changes[what](arguments)
            self.revision += what != "seats"
        return result

    def _target(self, arguments: Arguments, showings: int = 1) -> tuple[Happening, Showing]:
        """The event and showing meant; by default one yet to come, of an event with so many showings."""
        if arguments.get("id") is None:
            soon = self._world.instant() + HOUR
            for happening in self.listed():
                coming = [showing for showing in happening.showings if showing.start > soon]
                if coming and len(happening.showings) >= showings:
                    return happening, coming[0]
            raise Impossible("there is no event left to change")
        event_id, _, date_id = str(arguments["id"]).partition(":")
        found = self.find(int(event_id)) if event_id.isdigit() else None
        if found is None:
            raise Impossible(f"there is no event {event_id}")
        matching = [showing for showing in found.showings if date_id in {"", str(showing.date_id)}]
        if not matching:
            raise Impossible(f"event {event_id} has no showing {date_id}")
        return found, matching[0]

    def _put(self, happening: Happening) -> None:
        for at, added in enumerate(self._added):
            if added.event_id == happening.event_id:
                self._added[at] = happening
        self._replaced[happening.event_id] = happening

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
        happening, _ = self._target(arguments)
        name = str(arguments.get("name") or f"{happening.evening.title} – nypremiär")
        self._put(replace(happening, evening=replace(happening.evening, title=name)))
        return {"id": happening.event_id, "before": happening.evening.title, "after": name}

    def _seats(self, arguments: Arguments) -> dict[str, object]:
        happening, showing = self._target(arguments)
        value = int(str(arguments.get("value", 0)))
        self.seats[happening.event_id, showing.date_id] = value
        return {"id": f"{happening.event_id}:{showing.date_id}", "value": value}

    def _move(self, arguments: Arguments) -> dict[str, object]:
        happening, showing = self._target(arguments)
        seconds = int(str(arguments.get("seconds", 2 * HOUR)))
        venue = arguments.get("venue")
        moved = replace(
            showing,
            start=showing.start + seconds,
            opens=None if showing.opens is None else showing.opens + seconds,
            hall=showing.hall if venue is None else int(str(venue)) - _FIRST_HALL,
        )
        self._put(self._with(happening, showing, moved))
        return {
            "id": f"{happening.event_id}:{showing.date_id}",
            "before": showing.start,
            "after": moved.start,
            "venue": location_id(moved),
        }

    def _with(self, happening: Happening, old: Showing, new: Showing | None) -> Happening:
        swapped = (new if showing == old else showing for showing in happening.showings)
        return replace(happening, showings=tuple(showing for showing in swapped if showing is not None))

    def _remove_showing(self, arguments: Arguments) -> dict[str, object]:
        happening, showing = self._target(arguments, showings=2)
        self._put(self._with(happening, showing, None))
        return {"id": f"{happening.event_id}:{showing.date_id}"}

    def _remove_event(self, arguments: Arguments) -> dict[str, object]:
        happening, _ = self._target(arguments)
        self._removed.add(happening.event_id)
        self._added = [added for added in self._added if added.event_id != happening.event_id]
        showings = [f"{happening.event_id}:{showing.date_id}" for showing in happening.showings]
        return {"id": happening.event_id, "showings": showings}

    def _add_event(self, arguments: Arguments) -> dict[str, object]:
        like, showing = self._target({})
        event_id = _ADDED_FROM + self.revision
        start = self._world.instant() // HOUR * HOUR + DAY
        name = str(arguments.get("name") or "Extrainsatt: Lucka 24")
        new = replace(
            showing, date_id=1, start=start, opens=start - HOUR, date_only=False, dice_key=(event_id, 0)
        )
        self._added.append(
            replace(
                like,
                event_id=event_id,
                evening=replace(like.evening, title=name),
                showings=(new,),
                revised=False,
            )
        )
        return {"id": event_id, "showings": [f"{event_id}:1"]}

    def _break(self, arguments: Arguments) -> dict[str, object]:
        how = str(arguments.get("how", "wrong_type"))
        if how not in BREAKS:
            raise Impossible(f"'how' must be one of {', '.join(BREAKS)}")
        happening, _ = self._target(arguments)
        self.broken[happening.event_id] = how
        return {"id": happening.event_id, "how": how}


def location_id(showing: Showing) -> int:
    """The id under which the showing's hall is published."""
    return _FIRST_HALL + showing.hall
