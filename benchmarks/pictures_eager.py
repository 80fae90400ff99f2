"""The eager set, made by us, by Pillow used the plain way, and by libvips where ``pyvips`` can be imported.

The photographs are drawn, with detail at every scale, so that they weigh what photographs do. Seconds are CPU seconds
of the process with all its threads.
"""

import random
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from aggregator.images import geometry, reading, render
from aggregator.images.presets import EAGER, EAGER_EXTENSIONS, PRESETS

try:
    import pyvips  # type: ignore[import-not-found, unused-ignore]
except (ImportError, OSError):
    pyvips = None

SIZES = {"12 MP": (4000, 3000), "24 MP": (6000, 4000)}
ROUNDS = 5


def photograph(width: int, height: int) -> bytes:
    """A JPEG with detail at every scale; always the same."""
    dice = random.Random(7)
    picture = Image.new("RGB", (width, height), (120, 110, 100))
    for cells, weight in ((6, 0.7), (40, 0.45), (300, 0.25), (1500, 0.12)):
        size = cells, max(1, cells * height // width)
        grain = Image.frombytes("RGB", size, dice.randbytes(3 * size[0] * size[1]))
        picture = Image.blend(picture, grain.resize((width, height), Image.Resampling.BICUBIC), weight)
    out = BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def measure() -> dict[str, dict[str, float]]:
    """Size of a photograph → seconds by way; ``vips`` is left out where it cannot be had."""
    found = {}
    for name, size in SIZES.items():
        body = photograph(*size)
        ways: dict[str, Callable[[bytes], Any]] = {"ours": _ours, "one": _one, "plain": _plain}
        if pyvips is not None:
            ways["vips"] = _libvips
        found[name] = {way: _seconds(work, body) for way, work in ways.items()} | {"bytes": float(len(body))}
    return found


def _seconds(work: Callable[[bytes], Any], body: bytes) -> float:
    """CPU seconds of the best of some rounds."""
    found = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work(body)
        found.append(time.process_time() - started)
    return min(found)


def _ours(body: bytes) -> int:
    picture = reading.normalise(body).pixels
    made = render.renditions(picture, EAGER, EAGER_EXTENSIONS, render.interest_of(picture))
    return sum(len(one.body) for one in made) + len(render.encoded(picture, "kept"))


def _one(body: bytes) -> bytes:
    picture = reading.normalise(body).pixels
    [made] = render.renditions(picture, [PRESETS["width-600"]], ["webp"], geometry.Interest())
    return made.body


def _plain(body: bytes) -> int:
    total = 0
    for preset in EAGER:
        for name, options in (("WEBP", {"quality": 80}), ("JPEG", {"quality": 82, "optimize": True})):
            with Image.open(BytesIO(body)) as picture:
                cut = ImageOps.fit(
                    picture.convert("RGB"), (preset.width, preset.height), Image.Resampling.LANCZOS
                )
            out = BytesIO()
            cut.save(out, name, **options)
            total += len(out.getvalue())
    return total


def _libvips(body: bytes) -> int:
    total = 0
    for preset in EAGER:
        cut = pyvips.Image.thumbnail_buffer(
            body, preset.width, height=preset.height, crop="attention", size="both"
        ).copy_memory()
        total += len(cut.write_to_buffer(".webp[Q=80,effort=4,strip]"))
        total += len(cut.write_to_buffer(".jpg[Q=82,optimize_coding,interlace,strip]"))
    return total
