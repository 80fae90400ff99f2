"""A local stand-in for the festival's API, its image cache and its site with OAuth.

Served under /sff/v1/, /sff/imagecache/ and /sff-site/; every path and quirk is the contract's.
"""

from __future__ import annotations

import re

from providers.sff.simulator.accounts import Accounts
from providers.sff.simulator.edits import Edited
from providers.sff.simulator.invented import Invented, Programme
from providers.sff.simulator.personal import FAULTS, Personal
from providers.sff.simulator.plan_page import PlanPage
from providers.sff.simulator.recording import Recorded, read_recording
from providers.sff.simulator.routes import API, SWITCHES, Reply, answer, parsed
from providers.sff.simulator.site import SITE, Site
from providers.simulation.pictures import Motif, drawn
from providers.simulation.simulator import Options, Request, Response, Simulator, Upstream
from providers.simulation.world import World

API_KEY = "DemoKeyForTheFestivalSimulator0123456789"
API_PASSWORD = "demo-password-of-the-simulator"  # noqa: S105 (opens nothing but this simulator)

PRESETS = frozenset(
    [
        "50x28",
        "100x56",
        "200x113",
        "320x180",
        "600x338",
        "640x360",
        "1024x576",
        "50x71",
        "100x143",
        "200x286",
        "320x457",
        "600x857",
        "640x914",
    ]
)
_IMAGE = re.compile(r"/sff/imagecache/(\d+)x(\d+)/(fileadmin/[\w./-]+\.jpg)")


def _image(path: str) -> Response:
    found = _IMAGE.fullmatch(path)
    if found is None or f"{found[1]}x{found[2]}" not in PRESETS:
        return Response(404, b"", (("Content-Type", "text/plain"),))
    motif: Motif = "poster" if found[3].endswith("_99.jpg") else "scene"
    body = drawn(found[3], int(found[1]), int(found[2]), motif)
    return Response(200, body, (("Content-Type", "image/jpeg"),))


def build(world: World, options: Options) -> Upstream:
    """The festival API over the invented world, or over the recording that the options name."""
    programme: Programme
    if options.recording is not None:
        programme = Recorded(read_recording(options.recording))
    else:
        programme = Invented(world, options.scale, options.base_url)
    edited = Edited(programme, world)
    accounts = Accounts(world)
    site = Site(accounts, PlanPage(world, edited, accounts), API_KEY, API_PASSWORD)
    personal = Personal(world, edited, accounts)

    def handle(request: Request) -> Response:
        if request.path.startswith("/sff/imagecache/"):
            return _image(request.path)
        if request.path.startswith(SITE):
            return site.handle(request)
        path, pairs = parsed(request)
        reply = Reply(pairs, options)
        # The argument of the path wins over the header, and its case matters.
        if pairs.get("API-Key", request.headers.get("x-api-key")) != API_KEY:
            return reply.refusal(403, "Invalid API Key.")
        if personal.answers(path):
            return personal.handle(request, reply, path, pairs)
        return answer(edited, options, request, path, pairs)

    return Upstream(handle, edited.mutate)


def environment(base_url: str) -> dict[str, str]:
    """The settings that point the provider at this simulator."""
    return {
        "PROVIDER_SFF_BASE_URL": f"{base_url}{API}",
        "PROVIDER_SFF_SITE_URL": f"{base_url}{SITE}",
        "PROVIDER_SFF_API_KEY": API_KEY,
        "PROVIDER_SFF_API_PASSWORD": API_PASSWORD,
        # It speaks plain HTTP, on loopback only.
        "PROVIDER_SFF_ALLOW_PLAINTEXT_TOKENS": "1",
    }


SIMULATOR = Simulator(
    slug="sff",
    mounts=("/sff/", SITE),
    data=("/sff/v1/", "/sff//v1/", f"{SITE}oauth/token"),
    build=build,
    environment=environment,
    faults=FAULTS,
    switches=SWITCHES,
    recording_option="a recorded events/festival_list as CSV (NA = null), served as the current festival",
)
