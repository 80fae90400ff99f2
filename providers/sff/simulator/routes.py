"""The paths of the festival API and how each is answered. Guessed paths are rows of one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from urllib.parse import unquote

from providers.sff.simulator.edits import EVENT
from providers.sff.simulator.formats import (
    CONTENT_TYPES,
    DEFAULT_FORMAT,
    Spelling,
    written_list,
    written_record,
)
from providers.sff.simulator.invented import Programme
from providers.simulation.documents import Row, spoiled
from providers.simulation.simulator import Options, Request, Response

API = "/sff/v1/"

Pairs = Mapping[str, str]
Lister = Callable[[Programme, Pairs], Iterable[Row]]
Finder = Callable[[Programme, Pairs], Row | None]


@dataclass(frozen=True)
class Route:
    """One function of the API. `needs`: arguments without which it is 400; `needs_any`: one of them will do.

    A list has `rows` and may be narrowed by `since`, which compares the `since` field. A record has `find`.
    `noun` is what the error sentences call it.
    """

    path: str
    noun: str
    needs: tuple[str, ...] = ()
    needs_any: tuple[str, ...] = ()
    rows: Lister | None = None
    find: Finder | None = None
    since: str | None = None
    spoils: bool = False


def read_day(text: str) -> date | None:
    """A date as the API reads it: ISO, or with a two-digit year."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day = map(int, parts)
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _of_day(programme: Programme, pairs: Pairs) -> Iterable[Row]:
    day = read_day(pairs["date"])
    return () if day is None else sorted(programme.events_of_day(day), key=_by_time_and_name)


def _by_time_and_name(row: Row) -> tuple[int, str]:
    return int(str(row.get("eventTimestamp") or 0)), str(row["eventName_en"])


def _of_venue(programme: Programme, pairs: Pairs) -> Iterator[Row]:
    rows: Iterable[Row]
    rows = programme.events(pairs["festival_id"]) if "festival_id" in pairs else _of_day(programme, pairs)
    day = read_day(pairs["date"]) if "date" in pairs else None
    for row in rows:
        in_time = "date" not in pairs or (day is not None and row.get("eventDate") == day.isoformat())
        if row["venueId"] == pairs["venue_id"] and in_time:
            yield row


def _of_section(programme: Programme, pairs: Pairs) -> Iterator[Row]:
    films = programme.films(pairs["festival_id"])
    return (row for row in films if row["sectionId"] == pairs["section_id"])


def _festival(programme: Programme, pairs: Pairs) -> Row | None:
    found = (row for row in programme.festivals() if row["festivalId"] == pairs["festival_id"])
    return next(found, None)


def _film(programme: Programme, pairs: Pairs) -> Row | None:
    row = programme.film(pairs["film_id"])
    return None if row is None else {**row, "events": programme.events_of_film(pairs["film_id"])}


_FESTIVAL = ("festival_id",)

ROUTES: tuple[Route, ...] = (
    Route(
        "events/festival_list", "events", _FESTIVAL,
        rows=lambda programme, pairs: programme.events(pairs["festival_id"]),
        since="eventModifiedTimestamp", spoils=True,
    ),
    Route("events/date_list", "events", ("date",), rows=_of_day),
    Route("events/venue_list", "events", ("venue_id",), ("date", "festival_id"), rows=_of_venue),
    Route("events/event", "Event", ("event_id",),
          find=lambda programme, pairs: programme.event(pairs["event_id"])),
    Route(
        "events/changed_list", "events", _FESTIVAL,
        rows=lambda programme, pairs: programme.changed_events(pairs["festival_id"]),
    ),
    Route("festivals/list", "festivals", rows=lambda programme, pairs: programme.festivals()),
    Route("festivals/festival", "Festival", _FESTIVAL, find=_festival),
    Route(
        "films/festival_list", "films", _FESTIVAL,
        rows=lambda programme, pairs: programme.films(pairs["festival_id"]), since="filmModifiedTimestamp",
    ),
    Route(
        "films/section_list", "films", ("festival_id", "section_id"),
        rows=_of_section, since="filmModifiedTimestamp",
    ),
    Route("films/film", "Film", ("film_id",), find=_film),
    Route(
        "sections/list", "sections", _FESTIVAL,
        rows=lambda programme, pairs: programme.sections(pairs["festival_id"]),
    ),
    Route("venues/list", "venues", rows=lambda programme, pairs: programme.venues()),
)  # fmt: skip

_BY_PATH = {route.path: route for route in ROUTES}

SWITCHES: dict[str, tuple[str, ...]] = {
    "numbers": ("string", "native"),
    "empty": ("404", "list"),
    "entities": ("off", "on"),
    "film_events": ("list", "absent", "null", "empty", "keyed"),
    "status": ("normal", "null"),
    "csv_lines": ("lf", "crlf"),
}


def parsed(request: Request) -> tuple[str, dict[str, str]]:
    """`section/function` and the arguments of a request; pairs of the path win over the query's."""
    segments = [unquote(part) for part in request.path.removeprefix("/sff/").split("/") if part]
    segments = segments[1:] if segments[:1] == ["v1"] else segments
    rest = segments[2:]
    pairs = dict(zip(rest[::2], rest[1::2], strict=False))
    return "/".join(segments[:2]), {**request.query, **pairs}


class Reply:
    """Answers in the format and spelling that one request asks for."""

    def __init__(self, pairs: Pairs, options: Options) -> None:
        wanted = pairs.get("format", DEFAULT_FORMAT)
        self.format = wanted if wanted in CONTENT_TYPES else DEFAULT_FORMAT
        self._spelling = Spelling(
            native=options.switch("numbers") == "native",
            entities=options.switch("entities") == "on",
            crlf=options.switch("csv_lines") == "crlf",
        )
        self._headers = (("Content-Type", CONTENT_TYPES[self.format]),)
        self._empty_is_list = options.switch("empty") == "list"

    def record(self, row: Row, status: int = 200) -> Response:
        """One record."""
        return Response(status, written_record(row, self.format, self._spelling), self._headers)

    def error(self, status: int, text: str) -> Response:
        """An error sentence."""
        return self.record({"error": text}, status)

    def refusal(self, status: int, text: str) -> Response:
        """The framework's own way to refuse."""
        return self.record({"status": 0, "error": text}, status)

    def rows(self, rows: Iterator[Row], noun: str) -> Response:
        """A list, streamed; an empty one is an error (Q9)."""
        first = next(rows, None)
        if first is None and not self._empty_is_list:
            return self.error(404, f"No {noun} could be found")
        everything = rows if first is None else chain([first], rows)
        return Response(200, written_list(everything, self.format, self._spelling), self._headers)


def answer(programme: Programme, options: Options, request: Request, path: str, pairs: Pairs) -> Response:
    """Answer one of ROUTES; the key has been checked."""
    reply = Reply(pairs, options)
    route = _BY_PATH.get(path)
    if route is None or request.method not in {"GET", "HEAD"}:
        return reply.refusal(404, "Unknown method.")
    if not all(pairs.get(name) for name in route.needs):
        return Response(400)
    if route.needs_any and not any(pairs.get(name) for name in route.needs_any):
        return Response(400)
    if route.find is not None:
        row = route.find(programme, pairs)
        if row is None:
            return reply.error(404, f"{route.noun} could not be found")
        return reply.record(_with_film_events(row, options.switch("film_events")))
    assert route.rows is not None
    if request.take("404_empty", route.spoils):
        return reply.error(404, f"No {route.noun} could be found")
    rows = _since(iter(route.rows(programme, pairs)), route, pairs)
    if options.switch("status") == "null" and route.path.startswith("events/"):
        rows = ({**row, "eventTicketStatus": None} for row in rows)
    rows = spoiled(rows, EVENT, lambda name: request.take(name, route.spoils))
    return reply.rows(rows, route.noun)


def _since(rows: Iterator[Row], route: Route, pairs: Pairs) -> Iterator[Row]:
    text = pairs.get("since")
    if route.since is None or text is None or not (text.isascii() and text.isdigit()):
        return rows
    field, after = route.since, int(text)
    return (row for row in rows if int(str(row.get(field) or 0)) > after)


def _with_film_events(row: Row, setting: str) -> Row:
    """The film with its events in one of the ways that clients have met (Q10)."""
    if "events" not in row or setting == "list":
        return row
    events = row["events"]
    if setting == "absent":
        return {name: value for name, value in row.items() if name != "events"}
    if setting == "keyed" and isinstance(events, list):
        return {**row, "events": {str(at): event for at, event in enumerate(events)}}
    return {**row, "events": None if setting == "null" else []}
