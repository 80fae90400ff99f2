"""The services of the agenda: one table, one builder of addresses.

Contract, sections 2 and 4. What is marked INFERRED was never seen at work: a wrong guess is mended by changing its
line here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from providers.sowprog import criteria as search

SEED, CLIENT, INFERRED = "SEED", "CLIENT", "INFERRED"


@dataclass(frozen=True, slots=True)
class Route:
    """One service. *record* is the name of its records, in JSON the only member of the answer, in XML an element.

    path: below the base URL. root: the outermost XML element. search: whether ``<path>/search`` exists.
    evidence: of the path; named: of the names of record and root.
    """

    path: str
    record: str
    root: str
    evidence: str
    named: str
    search: bool = False


ROUTES: Final[Mapping[str, Route]] = {
    "events": Route("scheduledEvents", "eventDescription", "scheduledEvents", SEED, SEED, search=True),
    "events_by_date": Route(
        "scheduledEventsSplitByDate",
        "eventDescriptionSplitByDate",
        "scheduledEventsSplitByDate",  # INFERRED
        SEED,
        CLIENT,
        search=True,
    ),
    "locations": Route("locations", "location", "locations", SEED, INFERRED, search=True),
    "types": Route("eventTypes", "eventType", "eventTypes", SEED, INFERRED),
    "styles": Route("eventStyles", "eventStyle", "eventStyles", SEED, INFERRED),
    "artists": Route("artists", "artist", "artists", CLIENT, INFERRED),
    "groups": Route("eventGroups", "eventGroup", "eventGroups", INFERRED, INFERRED),
}


class Rooted(Protocol):
    """Settings as far as addresses need them."""

    @property
    def base_url(self) -> str: ...


def url(
    config: Rooted,
    route: str,
    *,
    criteria: search.Pairs = (),
    modified_since: int | None = None,
    past_events: bool = False,
) -> str:
    """The address of a service. With *criteria* its search, which ``ValueError`` says where there is none.

    modified_since: milliseconds since 1970, UTC; 0 asks for everything.
    """
    found = ROUTES[route]
    if criteria and not found.search:
        raise ValueError(f"{found.path} has no search")
    pairs = list(criteria)
    if modified_since is not None:
        pairs.append(("modifiedSince", str(modified_since)))
    if past_events:
        pairs.append(("past_events", "True"))
    address = f"{config.base_url}{found.path}{'/search' if criteria else ''}"
    return f"{address}?{search.query(pairs)}" if pairs else address
