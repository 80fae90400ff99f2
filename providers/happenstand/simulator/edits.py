"""Changes that tests and demonstrations make to the guide while it is being served, and look-ups over the result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from providers.happenstand.simulator.catalogue import FIRST_PLACE, Catalogue, Happening, Special
from providers.simulation.simulator import MUTATIONS, Impossible

_ADDED_FROM = 900_000_000
BREAKS = ("wrong_type", "missing_field")

Arguments = Mapping[str, object]


@dataclass(frozen=True)
class Index:
    """Everything that is published, in order of id, and by whom and where."""

    events: tuple[Happening, ...]
    by_id: Mapping[int, Happening]
    by_person: Mapping[int, list[Happening]]
    by_place: Mapping[int, list[Happening]]


class Edited:
    """The catalogue with changes laid over it. `touched`: ids of changed events, the newest change last."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._lock = Lock()
        self._known: tuple[tuple[int, int, int], Index] | None = None
        self._coming: tuple[tuple[datetime, int], list[Happening]] | None = None
        self.revision = 0
        self._restore()

    def _restore(self) -> None:
        self._replaced: dict[int, Happening] = {}
        self._removed: set[int] = set()
        self._added: list[Happening] = []
        self._keep_every = 1
        self.touched: list[int] = []
        self.broken: dict[int, str] = {}

    def index(self) -> Index:
        """What is published now."""
        now = self.catalogue.now()
        state = (self.catalogue.week(), now.year, self.revision)
        known = self._known
        if known is None or known[0] != state:
            known = self._known = (state, self._made())
        return known[1]

    def _made(self) -> Index:
        events = [
            self._replaced.get(one.event_id, one)
            for at, one in enumerate(self.catalogue.happenings())
            if one.event_id not in self._removed and at % self._keep_every == 0
        ]
        events += [self._replaced.get(one.event_id, one) for one in self._added]
        by_person: dict[int, list[Happening]] = defaultdict(list)
        by_place: dict[int, list[Happening]] = defaultdict(list)
        for one in events:
            for person in one.people:
                by_person[person].append(one)
            for place in one.places:
                by_place[place].append(one)
        return Index(tuple(events), {one.event_id: one for one in events}, by_person, by_place)

    def coming(self) -> list[Happening]:
        """What begins in more than an hour, by id."""
        now = self.catalogue.now().replace(minute=0, second=0, microsecond=0)
        state = (now, self.revision)
        known = self._coming
        if known is None or known[0] != state:
            soon = now + timedelta(hours=2)
            known = self._coming = (state, [one for one in self.index().events if one.start > soon])
        return known[1]

    def mutate(self, what: str, arguments: Arguments) -> dict[str, object]:
        """One of MUTATIONS but `seats`, which this API does not have.

        `id` is an event's, or `<id>:special:<sid>` for something within it; without it one yet to come is taken.
        """
        changes: dict[str, Callable[[Arguments], dict[str, object]]] = {
            "restore": self._restored,
            "shrink": self._shrink,
            "rename": self._rename,
            "move": self._move,
            "remove_showing": self._remove_showing,
            "remove_event": self._remove_event,
            "add_event": self._add_event,
            "break": self._break,
        }
        if what == "seats":
            raise Impossible("this API has no seats")
        if what not in changes:
            raise Impossible(f"unknown mutation '{what}' (there are: {', '.join(MUTATIONS)})")
        with self._lock:
            result = changes[what](arguments)
            self.revision += 1
        return result

    def _target(self, arguments: Arguments, *, special: bool = False) -> tuple[Happening, Special | None]:
        if arguments.get("id") is None:
            for one in self.coming():
                if not special:
                    return one, None
                if one.specials:
                    return one, one.specials[0]
            raise Impossible("there is no event left to change")
        event_id, _, special_id = str(arguments["id"]).partition(":special:")
        found = self.index().by_id.get(int(event_id)) if event_id.isdigit() else None
        if found is None:
            raise Impossible(f"there is no event {event_id}")
        within = next((one for one in found.specials if str(one.special_id) == special_id), None)
        if special_id and within is None:
            raise Impossible(f"event {event_id} has no special event {special_id}")
        return found, within

    def _put(self, happening: Happening) -> None:
        self._replaced[happening.event_id] = happening
        self.touched = [one for one in self.touched if one != happening.event_id] + [happening.event_id]

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
        name = str(arguments.get("name") or "The Same Room, Renamed")
        self._put(replace(happening, name=name))
        return {"id": happening.event_id, "before": happening.name, "after": name}

    def _move(self, arguments: Arguments) -> dict[str, object]:
        happening, special = self._target(arguments)
        by = timedelta(seconds=int(str(arguments.get("seconds", 86_400))))
        if special is not None:
            later = replace(special, start=special.start + by, end=special.end + by)
            self._put(replace(happening, specials=_swapped(happening, special, later)))
            return {
                "id": f"{happening.event_id}:special:{special.special_id}",
                "before": str(special.start),
                "after": str(later.start),
            }
        venue = arguments.get("venue")
        moved = replace(
            happening,
            start=happening.start + by,
            end=happening.end + by,
            places=happening.places if venue is None else (int(str(venue)) - FIRST_PLACE,),
        )
        self._put(moved)
        return {
            "id": happening.event_id,
            "before": str(happening.start),
            "after": str(moved.start),
            "venue": FIRST_PLACE + moved.places[0],
        }

    def _remove_showing(self, arguments: Arguments) -> dict[str, object]:
        happening, special = self._target(arguments, special=True)
        if special is None:
            raise Impossible("only a special event can go by itself (id <event>:special:<id>)")
        self._put(replace(happening, specials=_swapped(happening, special, None)))
        return {"id": f"{happening.event_id}:special:{special.special_id}"}

    def _remove_event(self, arguments: Arguments) -> dict[str, object]:
        happening, _ = self._target(arguments)
        self._removed.add(happening.event_id)
        self._added = [one for one in self._added if one.event_id != happening.event_id]
        specials = [f"{happening.event_id}:special:{one.special_id}" for one in happening.specials]
        return {"id": happening.event_id, "showings": [str(happening.event_id), *specials]}

    def _add_event(self, arguments: Arguments) -> dict[str, object]:
        like, _ = self._target({})
        event_id = _ADDED_FROM + self.revision
        start = self.catalogue.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
        name = str(arguments.get("name") or "Added Late: One Night in the Annex")
        new = replace(
            like,
            event_id=event_id,
            start=start,
            end=start + timedelta(hours=2),
            all_day=False,
            specials=(),
            name=name,
        )
        self._added.append(new)
        self._put(new)
        return {"id": event_id, "showings": [str(event_id)]}

    def _break(self, arguments: Arguments) -> dict[str, object]:
        how = str(arguments.get("how", "wrong_type"))
        if how not in BREAKS:
            raise Impossible(f"'how' must be one of {', '.join(BREAKS)}")
        happening, _ = self._target(arguments)
        self.broken[happening.event_id] = how
        self._put(happening)
        return {"id": happening.event_id, "how": how}


def _swapped(happening: Happening, old: Special, new: Special | None) -> tuple[Special, ...]:
    changed = (new if one == old else one for one in happening.specials)
    return tuple(one for one in changed if one is not None)


def newest_first(edited: Edited) -> list[Happening]:
    """Newest change first; what was never changed by the newest id."""
    index = edited.index()
    touched = set(edited.touched)
    first = [index.by_id[one] for one in reversed(edited.touched) if one in index.by_id]
    return [*first, *(one for one in reversed(index.events) if one.event_id not in touched)]


def ended(happening: Happening, now: datetime) -> bool:
    """Whether it is over."""
    return happening.end <= now
