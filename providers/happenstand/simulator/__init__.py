"""A local stand-in for Happenstand's API in both formats, with its pictures and public pages.

Served under /happenstand/; every answer is the contract's.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import unquote

from providers.happenstand.simulator.api import MESSAGES, Api, Failed
from providers.happenstand.simulator.catalogue import Catalogue
from providers.happenstand.simulator.edits import Edited
from providers.happenstand.simulator.faults import FAULTS, Troubles
from providers.happenstand.simulator.formats import as_json, as_xml
from providers.happenstand.simulator.rows import Item, Writer
from providers.simulation.pictures import drawn
from providers.simulation.simulator import Options, Request, Response, Simulator, Upstream, html_response
from providers.simulation.world import World

API_KEY = "demo-key-of-the-arts-guide-simulator"
INACTIVE_KEY = "retired-key-of-the-arts-guide-simulator"

SWITCHES = {
    "failures": ("all_200", "mapped"),
    "end_filter": ("last_day", "raw"),
    "end_direction": ("backwards", "forwards"),
    "image_none": ("absent", "null", "text", "list", "object"),
    "names_joiner": ("comma", "and", "slash"),
    "special_dates": ("ignore", "count"),
    "person_events": ("past_and_future", "one_list"),
    "recent": ("everything", "newest_50"),
}
_STATUS = {100: 403, 101: 403, 200: 400, 202: 400, 201: 404, 404: 404, 500: 500}
_PREFIX = "/happenstand/v1/"
_PICTURE = re.compile(r"/happenstand/images/upload/0/(\d+)/(\d+)(_[tsml])?\.jpg")
_SIZES = {"_t": (75, 75), "_s": (100, 75), "_m": (240, 180), "_l": (500, 375), None: (1200, 900)}


class Guide:
    """The API and what it is shown on."""

    def __init__(self, world: World, options: Options) -> None:
        self._options = options
        base = f"{options.base_url}/happenstand"
        self.edited = Edited(Catalogue.of_scale(world, options.scale))
        self._api = Api.over(self.edited, Writer(world, base, options.switch), options.switch)
        self._troubles = Troubles(self.edited)

    def handle(self, request: Request) -> Response:
        """Answer any request under /happenstand/."""
        if not request.path.startswith(_PREFIX):
            return _elsewhere(request.path)
        xml = request.query.get("format") != "json"
        if request.take("500_html", True):
            return html_response(500, "<!DOCTYPE html><title>Error</title><h1>Application error</h1>")
        path = request.path.removeprefix(_PREFIX).strip("/")
        try:
            answer: Item = {"status": "ok", **self._answered(request, path, xml)}
        except Failed as failed:
            return self._failure(failed, xml)
        doubled = xml and path == "events/picks" and request.take("doubled_root", True)
        return _written(200, answer, xml, doubled_root=doubled)

    def _answered(self, request: Request, path: str, xml: bool) -> Item:
        call = self._api.calls().get(path)
        if call is None:
            raise Failed(404)
        key = request.query.get("api_key", "")
        if key != API_KEY:
            raise Failed(101 if key == INACTIVE_KEY else 100) if key else Failed(200, "api_key")
        for code in MESSAGES:
            if request.take(f"error_{code}", True):
                raise Failed(code, "api_key")
        return self._troubles.spoiled(request, path, call(request), xml)

    def _failure(self, failed: Failed, xml: bool) -> Response:
        status = _STATUS.get(failed.code, 200) if self._options.switch("failures") == "mapped" else 200
        error: Item = {"code": failed.code, "message": str(failed)}
        return _written(status, {"status": "fail", "error": error}, xml)


def _written(status: int, answer: Item, xml: bool, *, doubled_root: bool = False) -> Response:
    if xml:
        body = as_xml(answer, doubled_root=doubled_root)
        return Response(status, body, (("Content-Type", "text/xml; charset=utf-8"),))
    return Response(status, as_json(answer), (("Content-Type", "application/json; charset=utf-8"),))


def _elsewhere(path: str) -> Response:
    picture = _PICTURE.fullmatch(path)
    if picture is not None:
        body = drawn(f"happenstand {picture[1]} {picture[2]}", *_SIZES[picture[3]], "painting")
        return Response(200, body, (("Content-Type", "image/jpeg"),))
    for page in ("events", "places", "people"):
        if path.startswith(f"/happenstand/sanfrancisco/{page}/"):
            text = escape(unquote(path).removeprefix("/happenstand"))
            return html_response(200, f"<!DOCTYPE html><title>{page}</title><p>The simulated guide: {text}")
    return html_response(404, "<!DOCTYPE html><title>Not found</title><p>There is no such page.")


def build(world: World, options: Options) -> Upstream:
    """The API over the invented catalogue."""
    guide = Guide(world, options)
    return Upstream(guide.handle, guide.edited.mutate)


def environment(base_url: str) -> dict[str, str]:
    """The settings that point the provider at this simulator."""
    return {
        "PROVIDER_HAPPENSTAND_BASE_URL": f"{base_url}/happenstand/v1/",
        "PROVIDER_HAPPENSTAND_API_KEY": API_KEY,
    }


SIMULATOR = Simulator(
    slug="happenstand",
    mounts=("/happenstand/",),
    data=("/happenstand/v1/",),
    build=build,
    environment=environment,
    faults=FAULTS,
    switches=SWITCHES,
)
