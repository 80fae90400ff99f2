"""Drawing: one picture that can be trusted to its renditions. What goes out is drawn by us, byte for byte."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, cast

from PIL import AvifImagePlugin, Image, ImageFilter, JpegImagePlugin, WebPImagePlugin

from aggregator.images import geometry
from aggregator.images.geometry import Interest, Size
from aggregator.images.presets import Preset

#: Raise it when renditions would look different: every picture is then made anew when it is next fetched.
VERSION: Final = 1
_PLUGINS = (AvifImagePlugin, JpegImagePlugin, WebPImagePlugin)  # importing one registers its format
# How much larger than a rendition a picture is read that it is made from.
_SPARE = 1.5
_COPYRIGHT = 0x8298
_SAVED: dict[str, tuple[str, dict[str, Any]]] = {
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 82, "optimize": True, "progressive": True}),
    "avif": ("AVIF", {"quality": 62, "speed": 7}),
    # What all others are made from; it is read again and again, and never shown.
    "kept": ("JPEG", {"quality": 93, "subsampling": 0}),
}


@dataclass(frozen=True, slots=True)
class Made:
    """One finished rendition."""

    preset: Preset
    extension: str
    body: bytes
    width: int
    height: int


def interest_of(picture: Image.Image, focus: geometry.Box | None = None) -> Interest:
    """Where there is something to see: edges and vivid colours, summed by column and by row."""
    if focus is not None:
        return Interest(focus=focus)
    small = picture.copy()
    small.thumbnail((96, 96), Image.Resampling.BOX)
    edges = small.convert("L").filter(ImageFilter.FIND_EDGES)
    # The frame of a picture is an edge to the filter, and none to the eye.
    frame = 2
    ground = Image.new("L", small.size)
    inner = (frame, frame, max(frame + 1, small.width - frame), max(frame + 1, small.height - frame))
    ground.paste(edges.crop(inner), inner[:2])
    vivid = small.convert("HSV").getchannel("S").point(lambda value: value // 6)
    columns = [
        a + b for a, b in zip(_sums(ground, (small.width, 1)), _sums(vivid, (small.width, 1)), strict=True)
    ]
    rows = [
        a + b for a, b in zip(_sums(ground, (1, small.height)), _sums(vivid, (1, small.height)), strict=True)
    ]
    return Interest(tuple(columns), tuple(rows))


def _sums(channel: Image.Image, size: Size) -> list[float]:
    return [float(value) for value in channel.resize(size, Image.Resampling.BOX).tobytes()]


def reopened(body: bytes, preset: Preset, focus: geometry.Box | None = None) -> Image.Image:
    """A kept file of ours, read no larger than *preset* needs. Raises ``OSError`` where the disk has spoilt it."""
    picture = Image.open(BytesIO(body), formats=("JPEG",))
    left, top, right, bottom = geometry.region(preset, picture.size, Interest(focus=focus))
    width, height = geometry.output_size(preset, picture.size)
    scale = min((right - left) / width, (bottom - top) / height) / _SPARE
    if scale > 1:
        picture.draft("RGB", (int(picture.width / scale), int(picture.height / scale)))
    return picture.convert("RGB")


def renditions(
    picture: Image.Image,
    presets: Sequence[Preset],
    extensions: Sequence[str],
    interest: Interest,
    *,
    size: Size | None = None,
    whole: bool = False,
    copyright: str = "",
) -> Iterator[Made]:
    """Every preset in every format. Presets of one shape are made from large to small, each from the one before.

    *size* is that of the whole picture where *picture* is a reduction of it. *whole*: a logo is set into the frame of a
    fixed preset, not cut.
    """
    ordered = sorted(presets, key=lambda preset: (preset.family, -preset.width * max(1, preset.height)))
    previous: tuple[Preset, Image.Image] | None = None
    for preset in ordered:
        larger = previous[1] if previous and _follows(previous[0], preset) else None
        becomes = geometry.output_size(preset, size or picture.size)
        drawn = _drawn(picture, preset, becomes, interest, whole, larger)
        previous = (preset, drawn)
        for extension in extensions:
            body = encoded(drawn, extension, copyright)
            yield Made(preset, extension, body, drawn.width, drawn.height)


def _follows(larger: Preset, smaller: Preset) -> bool:
    return larger.family == smaller.family and larger.rule == "fixed"


def _drawn(
    picture: Image.Image,
    preset: Preset,
    size: Size,
    interest: Interest,
    whole: bool,
    larger: Image.Image | None,
) -> Image.Image:
    if whole and preset.rule == "fixed":
        return _framed(picture, size)
    if larger is not None and larger.width >= 1.5 * size[0]:
        return larger.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    box = geometry.region(preset, picture.size, interest)
    return picture.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)


def _framed(picture: Image.Image, size: Size) -> Image.Image:
    """A logo with all of itself in a frame of the colour at its edge."""
    left, top, right, bottom = (int(side) for side in geometry.contained(picture.size, size))
    small = picture.resize((right - left, bottom - top), Image.Resampling.LANCZOS, reducing_gap=2.0)
    places = [(x, y) for x in (0, small.width - 1) for y in (0, small.height - 1)]
    corners = [cast(tuple[int, int, int], small.getpixel(place)) for place in places]
    middle = tuple(sorted(channel)[1] for channel in zip(*corners, strict=True))
    frame = Image.new("RGB", size, middle)
    frame.paste(small, (left, top))
    return frame


def encoded(picture: Image.Image, extension: str, copyright: str = "") -> bytes:
    """The bytes of a file in the format of *extension*, with a copyright notice and no other metadata."""
    name, options = _SAVED[extension]
    picture.info = {}  # what stands there would be written too
    if copyright:
        exif = Image.Exif()
        exif[_COPYRIGHT] = copyright.encode("utf-8")
        options = {**options, "exif": exif.tobytes()}
    out = BytesIO()
    picture.save(out, name, **options)
    return out.getvalue()
