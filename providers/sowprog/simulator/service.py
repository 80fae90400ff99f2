"""The agenda's services over one catalogue: who may ask, in which format, and what is listed when."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping

from providers.simulation.documents import Row, Shape, spoiled, with_unknown_fields
from providers.simulation.simulator import Options, Request, Response
from providers.simulation.world import World
from providers.sowprog.routes import ROUTES
from providers.sowprog.simulator import formats, search
from providers.sowprog.simulator.edits import ENTRY, Edited, showings_of, with_showings
from providers.sowprog.simulator.people import PARIS

API = "/sowprog/rest/v1_2/"
USERNAME = "demo-agenda"
PASSWORD = "demo-password-of-the-agenda"  # noqa: S105 (opens nothing but this simulator)
PUBLISHER_KEY = "demo-publisher"

SWITCHES: dict[str, tuple[str, ...]] = {"legacy_json": ("off", "on")}
FAULTS = {"empty_body": "200 without a body"}

_BY_PATH = {route.path: name for name, route in ROUTES.items()}
_EVENTS = ("events", "events_by_date")
# Faults in documents strike the events; the reference lists where their path is named.
_SHAPES: Mapping[str, Shape] = {
    "events": ENTRY,
    "events_by_date": ENTRY,
    "locations": Shape("name", "website", "modificationDate", "description"),
    "artists": Shape("name", "website", "modificationDate", "description"),
    "groups": Shape("title", "website", "modificationDate", "description"),
    "types": Shape("label", "deleted", "modificationDate", "label"),
    "styles": Shape("label", "deleted", "modificationDate", "label"),
}


class Agenda:
    """Answers requests under the API's path."""

    def __init__(self, world: World, options: Options, edited: Edited) -> None:
        self._world = world
        self._options = options
        self._edited = edited

    def handle(self, request: Request) -> Response:
        """The answer of a service, or what is wrong with the request."""
        if not _may_enter(request):
            challenge = ("WWW-Authenticate", 'Basic realm="Sowprog"')
            return _text(401, "Authentification requise", challenge)
        if request.method not in ("GET", "HEAD"):
            return _text(405, "Méthode non autorisée")
        path = request.path.removeprefix(API).removesuffix("/")
        name = _BY_PATH.get(path.removesuffix("/search"))
        if name is None or (path.endswith("/search") and not ROUTES[name].search):
            return _text(404, "Ressource inconnue")
        wire = formats.chosen(request.headers.get("accept", ""))
        if wire is None:
            return _text(406, "Format inconnu")
        return self._answer(request, name, path.endswith("/search"), wire)

    def _answer(self, request: Request, name: str, searching: bool, wire: str) -> Response:
        pairs = list(search.pairs_of(request))
        since = dict(pairs).get("modifiedSince", "0")
        if not since.isascii() or not since.isdigit():
            return _text(404, "modifiedSince")
        if "api_key" in dict(pairs) and not _may_publish(dict(pairs)):
            return _text(403, "Accès refusé")
        try:
            wanted = search.criteria(name, pairs) if searching else {}
        except search.NotAcceptable as error:
            return _text(406, f"Critère inconnu : {error}")
        if request.take("empty_body", True):
            return Response(200, b"", (("Content-Type", formats.MEDIA[wire]),))
        listed = self._rows(name, int(since), "past_events" in dict(pairs))
        rows = self._spoiled(request, name, (row for row in listed if search.meets(row, wanted)))
        legacy = self._options.switch("legacy_json") == "on"
        body = formats.written(ROUTES[name], rows, wire, legacy=legacy)
        return Response(200, body, (("Content-Type", f"{formats.MEDIA[wire]};charset=UTF-8"),))

    def _spoiled(self, request: Request, name: str, rows: Iterable[Row]) -> Iterable[Row]:
        main = name in _EVENTS
        if request.take("404_empty", True):
            return ()
        if not main and request.take("unknown_fields", True):
            rows = map(with_unknown_fields, rows)
        return spoiled(rows, _SHAPES[name], lambda fault: request.take(fault, main))

    def _rows(self, name: str, since: int, past: bool) -> Iterator[Row]:
        catalogue = self._edited.under
        if name == "events":
            return self._listed(since, past)
        if name == "events_by_date":
            return (
                {**entry, "eventScheduleDate": showing}
                for entry in self._listed(since, past)
                for showing in showings_of(entry)
            )
        sources: dict[str, Callable[[], Iterable[Row]]] = {
            "locations": catalogue.locations,
            "artists": catalogue.reference_artists,
            "groups": catalogue.groups,
            "types": catalogue.types,
            "styles": catalogue.styles,
        }
        return (row for row in sources[name]() if _modified(row) is None or (_modified(row) or 0) >= since)

    def _listed(self, since: int, past: bool) -> Iterator[Row]:
        """Entries to come without their past showings; withdrawn ones only among changes (checklist, 4 and 5)."""
        today = self._world.now().astimezone(PARIS).date().isoformat()
        everything = past or not self._edited.under.prunes
        for entry in self._edited.entries(past=past):
            if (_modified(entry) or 0) < since or (entry.get("status") != "PUBLISHED" and not since):
                continue
            if everything or "eventSchedule" not in entry:
                yield entry
                continue
            coming = [row for row in showings_of(entry) if str(row["date"]) >= today]
            if coming:
                yield with_showings(entry, coming)


def _modified(row: Row) -> int | None:
    value = row.get("modificationDate")
    return value if isinstance(value, int) else None


def _may_enter(request: Request) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    return scheme.lower() == "basic" and token.strip() == expected


def _may_publish(parameters: Mapping[str, str]) -> bool:
    return parameters["api_key"] == PUBLISHER_KEY and bool(parameters.get("user_group"))


def _text(status: int, text: str, *headers: tuple[str, str]) -> Response:
    return Response(status, text.encode(), (("Content-Type", "text/plain; charset=utf-8"), *headers))
