"""What is shown where there is no picture: a quiet drawing of exactly the size that was asked for.

The same six grounds as ``static/css/pictures.css`` has for the drawing inside a page.
"""

from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from aggregator.images import geometry, render
from aggregator.images.presets import Preset

#: Ground and lines, paper on paper.
GROUNDS: Final = (
    ((226, 219, 205), (206, 197, 179)),
    ((219, 211, 214), (197, 186, 191)),
    ((205, 214, 211), (182, 194, 190)),
    ((215, 216, 200), (194, 196, 175)),
    ((225, 208, 196), (206, 186, 171)),
    ((207, 211, 221), (184, 190, 204)),
)
_SUPERSAMPLING = 2
# What a size without a shape of its own looks like where the shape is unknown, by the picture's role.
_SHAPES = {"poster": (7, 10), "portrait": (4, 5), "still": (16, 9), "logo": (1, 1)}


def size_for(preset: Preset, role: str, width: int | None, height: int | None) -> geometry.Size:
    """The size of a placeholder: the preset's, and of fit and width what the picture would have, as far as is known."""
    if preset.rule == "fixed":
        return preset.width, preset.height
    if width and height:
        return geometry.output_size(preset, (width, height))
    across, down = _SHAPES.get(role, (3, 2))
    side = min(preset.width, 600)
    scale = side / max(across, down) if preset.rule == "fit" else side / across
    return round(across * scale), round(down * scale)


@lru_cache(maxsize=128)
def drawn(width: int, height: int, extension: str, ground: int) -> bytes:
    """A file of this size: circles that rise like light over a marquee. The same arguments give the same bytes."""
    paper, line = GROUNDS[ground % len(GROUNDS)]
    scale = _SUPERSAMPLING if max(width, height) <= 1100 else 1
    size = width * scale, height * scale
    picture = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(picture)
    x, y, reach = size[0] / 2, size[1] * 0.78, min(size) * 0.62
    stroke = max(1, round(min(size) / 90))
    for ring in range(5, 0, -1):
        radius = reach * ring / 5
        draw.arc((x - radius, y - radius, x + radius, y + radius), 180, 360, fill=line, width=stroke)
    draw.line((x - reach * 1.15, y, x + reach * 1.15, y), fill=line, width=stroke)
    if scale > 1:
        picture = picture.resize((width, height), Image.Resampling.BOX)
    return render.encoded(picture, extension)
