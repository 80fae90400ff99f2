"""Who is listed at present, with the changes that tests and demonstrations make laid over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from threading import RLock

from providers.filmmakers.simulator.invented import (
    DELETED,
    FIRST_ID,
    MERGED,
    Actor,
    actor,
    number_of,
    touched,
)
from providers.filmmakers.simulator.webhooks import Sender
from providers.simulation.documents import Row
from providers.simulation.simulator import Impossible
from providers.simulation.world import World

BREAKS = ("wrong_type", "missing_field")
_ADDED_FROM = 900_000_001
#: The demonstration of 600 showings has 72 profiles: with the 199 requests for labels they fit into one window of the
#: rate limit.
SHOWINGS_PER_PROFILE, FEWEST_BY_SCALE, MOST_BY_SCALE = 8, 12, 72

Arguments = Mapping[str, object]


class Catalogue:
    """Every profile. `broken` says how a document is spoiled, `fields` what was set by hand."""

    def __init__(self, world: World, switch: Callable[[str], str], sender: Sender, showings: int) -> None:
        self.world = world
        self._by_scale = min(MOST_BY_SCALE, max(FEWEST_BY_SCALE, showings // SHOWINGS_PER_PROFILE))
        self._switch = switch
        self._sender = sender
        self._lock = RLock()
        self._restore()

    def _restore(self) -> None:
        self.gone: dict[int, int | None] = {DELETED: None, MERGED: FIRST_ID}
        self.fields: dict[int, Row] = {}
        self.broken: dict[int, str] = {}
        self._edited: dict[int, datetime] = {}
        self._added: list[Actor] = []
        self._keep_every = 1

    def _count(self) -> int:
        wanted = self._switch("profiles")
        return self._by_scale if wanted == "by_scale" else int(wanted)

    def listed(self) -> Iterator[Actor]:
        """Everybody, by id."""
        for number in range(self._count()):
            found = actor(self.world.seed, number)
            if found.id not in self.gone and number % self._keep_every == 0:
                yield found
        yield from (added for added in self._added if added.id not in self.gone)

    def find(self, profile_id: int) -> Actor | None:
        """One of them."""
        if profile_id in self.gone:
            return None
        for added in self._added:
            if added.id == profile_id:
                return added
        number = number_of(profile_id)
        if not 0 <= number < self._count() or number % self._keep_every:
            return None
        return actor(self.world.seed, number)

    def touched(self, found: Actor) -> datetime:
        """When somebody was last changed, by themselves or by hand."""
        own = touched(found, self.world)
        return max(own, self._edited.get(found.id, own))

    def mutate(self, what: str, arguments: Arguments) -> dict[str, object]:
        """One of the changes below; see `CHANGES`. `id` is a profile's, by default that of the first."""
        changes: dict[str, Callable[[Arguments], dict[str, object]]] = {
            "restore": self._restored,
            "shrink": self._shrink,
            "rename": self._rename,
            "edit": self._edit,
            "remove_event": self._delete,
            "delete": self._delete,
            "merge": self._merge,
            "add_event": self._add,
            "break": self._break,
            "subscribe": self._sender.subscribe,
            "deliver": self._sender.deliver,
        }
        if what not in changes:
            raise Impossible(f"unknown mutation '{what}' (there are: {', '.join(changes)})")
        if what == "deliver":  # sends over the network: nobody may have to wait for it
            return changes[what](arguments)
        with self._lock:
            return changes[what](arguments)

    def _target(self, arguments: Arguments) -> Actor:
        wanted = arguments.get("id")
        if wanted is None:
            first = next(self.listed(), None)
            if first is None:
                raise Impossible("there is no profile left to change")
            return first
        found = self.find(int(str(wanted))) if str(wanted).isdigit() else None
        if found is None:
            raise Impossible(f"there is no profile {wanted}")
        return found

    def _changed(self, found: Actor, **fields: object) -> None:
        self.fields[found.id] = {**self.fields.get(found.id, {}), **fields}
        self._edited[found.id] = self.world.now()
        self._sender.queue("actor_profile.updated", found.id)

    def _restored(self, arguments: Arguments) -> dict[str, object]:
        self._restore()
        self._sender.restore()
        return {}

    def _shrink(self, arguments: Arguments) -> dict[str, object]:
        share = float(str(arguments.get("share", 0.1)))
        if not 0 < share <= 1:
            raise Impossible("'share' must be more than 0 and at most 1")
        self._keep_every = round(1 / share)
        return {"keeps_every": self._keep_every}

    def _rename(self, arguments: Arguments) -> dict[str, object]:
        found = self._target(arguments)
        before = {"first_name": found.first_name, "last_name": found.last_name} | self.fields.get(
            found.id, {}
        )
        name = str(arguments.get("name") or f"{found.first_name} {found.last_name}-Neu")
        first, _, last = name.rpartition(" ")
        self._changed(found, first_name=first, last_name=last)
        return {"id": found.id, "before": f"{before['first_name']} {before['last_name']}", "after": name}

    def _edit(self, arguments: Arguments) -> dict[str, object]:
        """Fields of one profile, `fields` being an object; without it the profile is only touched."""
        found = self._target(arguments)
        fields = arguments.get("fields") or {}
        if not isinstance(fields, Mapping):
            raise Impossible("'fields' must be an object")
        self._changed(found, **fields)
        return {"id": found.id}

    def _delete(self, arguments: Arguments) -> dict[str, object]:
        found = self._target(arguments)
        self.gone[found.id] = None
        self._sender.queue("actor_profile.deleted", found.id)
        return {"id": found.id, "showings": []}

    def _merge(self, arguments: Arguments) -> dict[str, object]:
        found = self._target(arguments)
        into = int(str(arguments.get("into", 0)))
        if into == found.id:
            raise Impossible("'into' must be another profile")
        self.gone[found.id] = into
        self._sender.queue("actor_profile.deleted", found.id)
        return {"id": found.id, "into": into}

    def _add(self, arguments: Arguments) -> dict[str, object]:
        name = str(arguments.get("name") or "Greta Neuling")
        first, _, last = name.rpartition(" ")
        # Numbers of added profiles are high and odd: neither young nor private by their number.
        made = replace(
            actor(self.world.seed, 1),
            number=1_000_001,
            id=_ADDED_FROM + len(self._added),
            first_name=first,
            last_name=last,
        )
        self._added.append(made)
        self._changed(made)
        return {"id": made.id, "showings": []}

    def _break(self, arguments: Arguments) -> dict[str, object]:
        how = str(arguments.get("how", "wrong_type"))
        if how not in BREAKS:
            raise Impossible(f"'how' must be one of {', '.join(BREAKS)}")
        found = self._target(arguments)
        self.broken[found.id] = how
        self._edited[found.id] = self.world.now()
        return {"id": found.id, "how": how}
