"""The closed table of sizes that a picture is served in. What is not in it does not exist.

The preview and poster sizes are those of the festival's own image cache, the others those of the further providers,
so that whatever upstream has made by hand can be matched by one of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Rule = Literal["fixed", "fit", "width"]

#: The largest side of what is kept of a picture, and so of any rendition.
LARGEST: Final = 2048

#: Address's ending → media type.
MEDIA_TYPES: Final[Mapping[str, str]] = {"jpg": "image/jpeg", "webp": "image/webp", "avif": "image/avif"}
#: The formats that the eager set is made in: one small, one that everything can read.
EAGER_EXTENSIONS: Final = ("webp", "jpg")


@dataclass(frozen=True, slots=True)
class Preset:
    """One size. ``fixed``: exactly *width* x *height*, cut to shape. ``fit``: neither side longer than these.
    ``width``: at most so wide, however high. Fit and width never enlarge. *family* groups sizes of one shape.
    """

    name: str
    family: str
    rule: Rule
    width: int
    height: int


def _fixed(family: str, *sizes: str) -> list[Preset]:
    sides = [tuple(map(int, size.split("x"))) for size in sizes]
    return [Preset(f"{family}-{w}x{h}", family, "fixed", w, h) for w, h in sides]


_ALL = (
    *_fixed("preview", "50x28", "100x56", "200x113", "320x180", "600x338", "640x360", "1024x576"),
    *_fixed("poster", "50x71", "100x143", "200x286", "320x457", "600x857", "640x914"),
    *(Preset(f"square-{side}", "square", "fixed", side, side) for side in (75, 190)),
    *(Preset(f"fit-{side}", "fit", "fit", side, side) for side in (100, 240, 500)),
    *(Preset(f"width-{side}", "width", "width", side, 0) for side in (150, 300, 600)),
    Preset("original", "original", "fit", LARGEST, LARGEST),
)
#: Every preset by name, from small to large within its family.
PRESETS: Final[Mapping[str, Preset]] = {preset.name: preset for preset in _ALL}

#: The six that our pages use; workers make them as soon as a picture was fetched.
EAGER: Final = tuple(
    PRESETS[name]
    for name in (
        *("preview-320x180", "preview-640x360", "preview-1024x576"),
        *("poster-200x286", "poster-320x457", "poster-600x857"),
    )
)


def family_of(preset: Preset) -> tuple[Preset, ...]:
    """The presets of the same shape, from small to large; of a fit or width family only those of its rule."""
    return tuple(each for each in _ALL if each.family == preset.family)
