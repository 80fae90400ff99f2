"""A local stand-in for the ticket shop's Events API, versions 2 and 3, with its pictures and public pages.

Served under /kulturbiljetter/; every answer is the contract's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import unquote

from providers.kulturbiljetter.simulator.agenda import Agenda
from providers.kulturbiljetter.simulator.details import SPOIL, SWITCHES, Writer, encoded
from providers.kulturbiljetter.simulator.edits import Edited
from providers.simulation.documents import Row, with_unknown_fields
from providers.simulation.pictures import Motif, drawn
from providers.simulation.simulator import Options, Request, Response, Simulator, Upstream, html_response
from providers.simulation.world import World

API_KEY = "demo-key-of-the-ticket-shop-simulator"

_API = re.compile(r"/kulturbiljetter/api/v(2|3)/events(/?)([^/]*)/?")
_PICTURE = re.compile(r"/kulturbiljetter/storage/([0-9a-f]{20})-(ep|thumb)\.jpg")
_SIZES = {"ep": (1280, 720), "thumb": (240, 240)}

FAULTS = {
    "400_message": "400 with a message, as for bad syntax",
    "500_html": "500 with an HTML page",
    "race": "one event of the list is gone when its details are asked for",
}

# Which event each document fault strikes: one of those that begin next week.
_VICTIMS = {"wrong_types": 1, "missing_field": 2, "invalid_utf8": 3, "bad_timestamps": 4, "race": 5}


class Shop:
    """The API over one agenda."""

    def __init__(self, world: World, options: Options) -> None:
        self._options = options
        self._agenda = Agenda(world, options.scale)
        self.edited = Edited(self._agenda, world)
        self._base = f"{options.base_url}/kulturbiljetter"
        self._writer = Writer(world, self.edited, self._base, options.switch, {})

    def handle(self, request: Request) -> Response:
        """Answer any request under /kulturbiljetter/."""
        found = _API.fullmatch(request.path)
        if found is None:
            return self._elsewhere(request.path)
        if request.method not in {"GET", "HEAD"}:
            return self._error(405, "Endast GET stöds")
        if request.headers.get("authorization") != f"Token {API_KEY}":
            return self._error(int(self._options.switch("bad_key")), "Ogiltig API-nyckel")
        if request.take("400_message", True):
            return self._error(400, "Ogiltigt anrop")
        if request.take("500_html", True):
            return html_response(500, "<!DOCTYPE html><title>Fel</title><h1>Något gick fel</h1>")
        version, slash, identity = int(found[1]), found[2], found[3]
        if not identity:
            if not slash and self._options.switch("slashless_list") == "redirect":
                return Response(301, b"", (("Location", f"{request.path}/"),))
            return self._list(request, version)
        if not identity.isascii() or not identity.isdigit() or len(identity) > 15:
            return self._error(400, "Ogiltigt event_id")
        return self._detail(request, version, int(identity))

    def _error(self, status: int, text: str) -> Response:
        return Response(status, encoded({"error": text}), (("Content-Type", "application/json"),))

    def _list(self, request: Request, version: int) -> Response:
        headers = (("Content-Type", "application/json"),)
        if request.take("404_empty", True):
            return Response(200, b"{}" if self._options.switch("empty_list") == "object" else b"[]", headers)
        twice = request.take("duplicate_ids", True)
        more = request.take("unknown_fields", True)

        def entries() -> Iterator[Row]:
            first: Row | None = None
            for happening in self.edited.listed():
                row: Row = {
                    "event_id": happening.event_id,
                    "organizer_id": 2_000 + happening.organiser.number,
                    "ETag": self._writer.etag(happening, version),
                }
                row = with_unknown_fields(row) if more else row
                first = first or row
                yield row
            if twice and first is not None:
                yield first

        return Response(200, self._keyed(entries()), headers)

    def _keyed(self, rows: Iterator[Row]) -> Iterator[bytes]:
        opening = b"{"
        for at, row in enumerate(rows):
            yield b'%b"%d":%b' % (opening, at, encoded(row))
            opening = b","
        if opening == b",":
            yield b"}"
        else:
            yield b"{}" if self._options.switch("empty_list") == "object" else b"[]"

    def _detail(self, request: Request, version: int, event_id: int) -> Response:
        happening = self.edited.find(event_id)
        if happening is None or self._strikes(request, "race", event_id):
            return self._error(404, "Evenemanget finns inte")
        etag = self._writer.etag(happening, version)
        quoted = f'"{etag}"'
        header = f"W/{quoted}" if self._options.switch("weak_etag") == "on" else quoted
        if self._matches(request.headers.get("if-none-match", ""), etag):
            return Response(304, b"", (("ETag", header),))
        document = self._writer.detail(happening, version)
        for name, spoil in SPOIL.items():
            if (name == "unknown_fields" and request.take(name, True)) or self._strikes(
                request, name, event_id
            ):
                document = spoil(document)
        body = encoded(document, self._options.switch("escapes"))
        return Response(200, body, (("Content-Type", "application/json"), ("ETag", header)))

    def _strikes(self, request: Request, name: str, event_id: int) -> bool:
        index = min(_VICTIMS.get(name, 0), self._agenda.weekly - 1)
        victim = event_id == self._agenda.identity(self._agenda.week() + 1, index)
        return name in _VICTIMS and victim and request.take(name, True)

    def _matches(self, sent: str, etag: str) -> bool:
        if self._options.switch("weak_etag") == "on":
            sent = sent.removeprefix("W/")
        return sent == f'"{etag}"' or (sent == etag and self._options.switch("unquoted_etag") == "accept")

    def _elsewhere(self, path: str) -> Response:
        picture = _PICTURE.fullmatch(path)
        if picture is not None:
            motif: Motif = "logo" if picture[2] == "thumb" else "scene"
            body = drawn(picture[1], *_SIZES[picture[2]], motif)
            return Response(200, body, (("Content-Type", "image/jpeg"),))
        for page in ("varukorg", "evenemang", "arrangör"):
            if unquote(path).startswith(f"/kulturbiljetter/{page}/"):
                text = escape(unquote(path).removeprefix("/kulturbiljetter"))
                return html_response(
                    200, f"<!DOCTYPE html><title>{page}</title><p>Den simulerade butiken: {text}"
                )
        return self._error(404, "Sidan finns inte")


def build(world: World, options: Options) -> Upstream:
    """The Events API over the invented world."""
    shop = Shop(world, options)
    return Upstream(shop.handle, shop.edited.mutate)


def environment(base_url: str) -> dict[str, str]:
    """The settings that point the provider at this simulator."""
    return {
        "PROVIDER_KULTURBILJETTER_BASE_URL": f"{base_url}/kulturbiljetter/api/v2/",
        "PROVIDER_KULTURBILJETTER_API_KEY": API_KEY,
    }


SIMULATOR = Simulator(
    slug="kulturbiljetter",
    mounts=("/kulturbiljetter/",),
    data=("/kulturbiljetter/api/",),
    build=build,
    environment=environment,
    faults=FAULTS,
    switches=SWITCHES,
)
