"""The URL grammar of the festival's API: one table of routes, one builder.

Contract, sections 1 and 7: ``<base><section>/<function>[/<name>/<value>]…/format/<name>/``. The key goes into
the header ``X-API-KEY`` and never into a URL. A route whose evidence is INFERRED was never seen at work: a
wrong guess is mended by changing its line here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import quote

KEY_HEADER: Final = "X-API-KEY"

SEED, CLIENT, INFERRED = "SEED", "CLIENT", "INFERRED"


@dataclass(frozen=True, slots=True)
class Route:
    """One function of the API. *needs* and *may* are the names of its values in the path, in the order they
    are put.
    """

    code: str
    path: str
    evidence: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    method: str = "GET"


ROUTES: Final[Mapping[str, Route]] = {
    "festivals": Route("F1", "festivals/list", SEED),
    "festival": Route("F2", "festivals/festival", INFERRED, ("festival_id",)),
    "sections": Route("C1", "sections/list", CLIENT, ("festival_id",)),
    "venues": Route("V1", "venues/list", CLIENT),
    "events": Route("E1", "events/festival_list", CLIENT, ("festival_id",), ("since",)),
    "events_of_day": Route("E2", "events/date_list", CLIENT, ("date",)),
    "events_at_venue": Route("E3", "events/venue_list", INFERRED, ("venue_id",), ("date", "festival_id")),
    "event": Route("E4", "events/event", CLIENT, ("event_id",)),
    "changed_events": Route("E5", "events/changed_list", INFERRED, ("festival_id",)),
    "films": Route("M1", "films/festival_list", CLIENT, ("festival_id",), ("since",)),
    "films_of_section": Route(
        "M2", "films/section_list", INFERRED, ("festival_id", "section_id"), ("since",)
    ),
    "film": Route("M3", "films/film", CLIENT, ("film_id",)),
    "myfestival": Route("P1", "myfestival/list", INFERRED, ("festival_id", "token")),
    "myfestival_add": Route("P2", "myfestival/add", INFERRED, method="POST"),
    "myfestival_remove": Route("P3", "myfestival/remove", INFERRED, method="POST"),
    "myfestival_have_ticket": Route("P4", "myfestival/have_ticket", INFERRED, method="POST"),
    "tickets_on_card": Route("T1", "tickets/card", INFERRED, ("card_number", "token")),
    "tickets": Route("T2", "tickets/list", INFERRED, ("token",)),
    "cards": Route("T3", "tickets/cards", INFERRED, ("token",)),
}


class Addressed(Protocol):
    """What the builder needs of a configuration."""

    @property
    def base_url(self) -> str: ...

    @property
    def format(self) -> str: ...


def url(config: Addressed, route: str, wire: str = "", /, **values: str | int) -> str:
    """The URL of *route* with its values; *wire* asks for another format than the configured one.

    Raises ``TypeError`` for a missing, an unknown or an empty value. It holds no key; the routes of sections
    11 and 12 hold a user's token or card number, which ``redact_url`` hides.
    """
    target = ROUTES[route]
    missing = [name for name in target.needs if not str(values.get(name, ""))]
    unknown = set(values) - {*target.needs, *target.may}
    if missing or unknown:
        raise TypeError(
            f"{target.code} needs {', '.join(target.needs) or 'nothing'}; got {', '.join(values)}"
        )
    pairs = [(name, str(values[name])) for name in (*target.needs, *target.may) if str(values.get(name, ""))]
    pairs.append(("format", wire or config.format))
    arguments = "".join(f"/{name}/{quote(value, safe='')}" for name, value in pairs)
    return f"{config.base_url}{target.path}{arguments}/"
