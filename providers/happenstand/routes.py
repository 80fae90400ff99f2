"""The twelve calls of the API: path and the names under which the answer holds its items. The one table.

Places, people and search were never published with an example (contract, section 7): their names are INFERRED.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Route:
    """*path* below the base URL. *payload*: members of the answer with its items, lists or one object each."""

    path: str
    payload: tuple[str, ...]


EVENTS_RECENT: Final = Route("events/recent", ("events",))
EVENTS_START: Final = Route("events/start", ("events",))
EVENTS_END: Final = Route("events/end", ("events",))
EVENTS_PROXIMITY: Final = Route("events/proximity", ("events",))
EVENTS_DETAIL: Final = Route("events/detail", ("event",))
EVENTS_PICKS: Final = Route("events/picks", ("events",))
PLACES_LIST: Final = Route("places/list", ("places",))
PLACES_PROXIMITY: Final = Route("places/proximity", ("places",))
PLACES_DETAIL: Final = Route("places/detail", ("place",))
PEOPLE_LIST: Final = Route("people/list", ("people",))
PEOPLE_DETAIL: Final = Route("people/detail", ("person",))
SEARCH: Final = Route("search", ("events", "places", "people"))

DETAIL_OF: Final = {"event": EVENTS_DETAIL, "place": PLACES_DETAIL, "person": PEOPLE_DETAIL}
