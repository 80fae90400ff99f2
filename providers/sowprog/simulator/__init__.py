"""A local stand-in for the agenda API v1_2 with its pictures, over an invented agenda or a recorded one.

Served under /sowprog/; every path and quirk is the contract's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO

from PIL import Image

from providers.simulation.pictures import Motif, drawn
from providers.simulation.simulator import Options, Request, Response, Simulator, Upstream
from providers.simulation.world import World
from providers.sowprog.simulator.edits import Edited
from providers.sowprog.simulator.invented import Invented
from providers.sowprog.simulator.recording import Catalogue, Recorded, read_recording
from providers.sowprog.simulator.service import API, FAULTS, PASSWORD, SWITCHES, USERNAME, Agenda

_FILE = re.compile(
    r"(?P<small>thumb_(?:w(?P<width>300|600)px_)?)?img_(?P<kind>event|locationlogo|locationbanner|artist_in_event"
    r"|eventGroup)_(?P<uuid>[0-9a-f-]{36})\.(?P<ending>jpg|jpeg|png|gif)",
    re.ASCII,
)
_ORIGINALS = {
    "event": (1200, 800),
    "locationlogo": (800, 800),
    "locationbanner": (1600, 400),
    "artist_in_event": (900, 1200),
    "eventGroup": (1000, 1400),
}
_MOTIFS: dict[str, Motif] = {"locationlogo": "logo", "artist_in_event": "portrait", "eventGroup": "poster"}
_FORMATS = {"png": "PNG", "gif": "GIF"}


@lru_cache(maxsize=256)
def _converted(name: str, width: int, height: int, ending: str, motif: Motif) -> bytes:
    picture = drawn(name, width, height, motif)
    if ending not in _FORMATS:
        return picture
    out = BytesIO()
    Image.open(BytesIO(picture)).save(out, _FORMATS[ending])
    return out.getvalue()


def _picture(name: str) -> Response:
    """An original, or a reduction of 150, 300 or 600 pixels, which is always a JPEG (contract, section 7)."""
    found = _FILE.fullmatch(name)
    if found is None or (found["small"] and found["ending"] != "jpg"):
        return Response(404, b"", (("Content-Type", "text/plain"),))
    width, height = _ORIGINALS[found["kind"]]
    if found["small"]:
        reduced = int(found["width"] or 150)
        width, height = reduced, round(height * reduced / width)
    media = f"image/{ {'jpg': 'jpeg'}.get(found['ending'], found['ending']) }"
    body = _converted(found["uuid"], width, height, found["ending"], _MOTIFS.get(found["kind"], "scene"))
    return Response(200, body, (("Content-Type", media),))


def build(world: World, options: Options) -> Upstream:
    """The agenda over the invented world, or over the recording that the options name."""
    catalogue: Catalogue
    if options.recording is not None:
        catalogue = Recorded(read_recording(options.recording))
    else:
        catalogue = Invented(world, options.scale, options.base_url)
    edited = Edited(catalogue, world)
    agenda = Agenda(world, options, edited)

    def handle(request: Request) -> Response:
        if request.path == "/sowprog/downloads":
            return _picture(request.query.get("name", ""))
        if not request.path.startswith(API):
            return Response(404, b"", (("Content-Type", "text/plain"),))
        return agenda.handle(request)

    return Upstream(handle, edited.mutate)


def environment(base_url: str) -> dict[str, str]:
    """The settings that point the provider at this simulator."""
    return {
        "PROVIDER_SOWPROG_BASE_URL": f"{base_url}{API}",
        "PROVIDER_SOWPROG_USERNAME": USERNAME,
        "PROVIDER_SOWPROG_PASSWORD": PASSWORD,
    }


SIMULATOR = Simulator(
    slug="sowprog",
    mounts=("/sowprog/",),
    data=(API,),
    build=build,
    environment=environment,
    faults=FAULTS,
    switches=SWITCHES,
    recording_option="a recorded answer of scheduledEvents in JSON, served in place of the invented agenda",
)
