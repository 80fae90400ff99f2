"""Reading: upstream's bytes to one picture that can be trusted. Pillow, and nothing else, touches the bytes.

Everything is checked that a header says before anything is decoded, and decoding has an end. What comes out are pixels,
and the words of a copyright notice; no other part of a file goes any further.
"""

import time
from dataclasses import dataclass
from io import BytesIO
from typing import Final, cast

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageMath,
    IptcImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)
from PIL.ImageFile import ImageFile

from aggregator.admission import plain_text
from aggregator.images import faults
from aggregator.images.faults import PictureFault
from aggregator.images.geometry import Size
from aggregator.images.presets import LARGEST

#: Importing a plugin registers its format, and these are all that is ever tried. MPO is what cameras make of JPEG, and
#: comes with it.
_PLUGINS = (AvifImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
#: A JPEG is read at a reduced scale, anything else whole.
MOST_PIXELS, MOST_PIXELS_WHOLE = 50_000_000, 25_000_000
LONGEST_SIDE, SHORTEST_SIDE = 30_000, 2
#: How long reading one file may take; a few megabytes can hold hours of work for a decoder.
SECONDS: Final = 15.0
#: A progressive JPEG has some ten scans. Each is a walk over the whole picture, and a few bytes can ask for one.
MOST_SCANS: Final = 64
MOST_PROFILE: Final = 4 * 1024 * 1024
MOST_COPYRIGHT: Final = 500
# What a JPEG gives at half its size need not be quite as large as we keep: the usual 12 megapixels give 2,000 pixels,
# at a third of the cost of reading them whole.
_ENOUGH = 0.9

_ORIENTATION, _COPYRIGHT = 0x0112, 0x8298
_IPTC_COPYRIGHT = (2, 116)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = (5, 6, 7, 8)
_SRGB = ImageCms.createProfile("sRGB")
_PROFILE_OF = {"RGB": "RGB ", "CMYK": "CMYK", "L": "GRAY"}
PAPER, INK = (255, 255, 255), (24, 24, 27)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A picture as we keep it: upright, sRGB, opaque, at most ``LARGEST`` a side, and no metadata.

    *pixels* is in mode RGB; *dominant* is ``#rrggbb``; *copyright* what stood in the file; *source* its own size.
    """

    pixels: Image.Image
    dominant: str
    copyright: str
    source: Size


class _Timed(BytesIO):
    """Bytes that stop being readable after a while: decoders read as they go, and what is slow meets an end."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self._until = time.monotonic() + SECONDS

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._until:
            raise PictureFault(faults.TOO_SLOW)
        return super().read(size)


def normalise(body: bytes) -> Normalised:
    """Read a file of upstream's. Raises ``PictureFault`` and nothing else, whatever the bytes are."""
    try:
        with _opened(body) as picture:
            return _normalised(picture)
    except PictureFault:
        raise
    except Image.DecompressionBombError:
        raise PictureFault(faults.TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        reason = faults.TRUNCATED if "truncated" in str(error) else faults.DAMAGED
        raise PictureFault(reason) from None
    except Exception:  # noqa: BLE001  decoders raise whatever broken bytes lead them to
        raise PictureFault(faults.DAMAGED) from None


def _opened(body: bytes) -> ImageFile:
    if not body:
        raise PictureFault(faults.EMPTY)
    try:
        picture = Image.open(_Timed(body), formats=FORMATS)
    except UnidentifiedImageError:
        raise PictureFault(_what_it_is(body)) from None
    width, height = picture.size
    most = MOST_PIXELS if picture.format in ("JPEG", "MPO") else MOST_PIXELS_WHOLE
    if width * height > most or max(width, height) > LONGEST_SIDE:
        raise PictureFault(faults.TOO_MANY_PIXELS)
    if min(width, height) < SHORTEST_SIDE:
        raise PictureFault(faults.TOO_SMALL)
    if picture.format in ("JPEG", "MPO") and body.count(b"\xff\xda") > MOST_SCANS:
        raise PictureFault(faults.TOO_SLOW)
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise PictureFault(faults.ANIMATED)
    return picture


def _what_it_is(body: bytes) -> str:
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return faults.SVG
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in start:
        return faults.HTML
    return faults.UNKNOWN_FORMAT


def _normalised(picture: ImageFile) -> Normalised:
    source = picture.size
    orientation, stated = _exif(picture)
    copyright = _copyright(picture, stated)
    profile = picture.info.get("icc_profile")
    least = _ENOUGH * LARGEST / max(source)
    # Keeps the mode; reads a JPEG at half, a quarter … of its size, but never at less than this.
    picture.draft(None, (int(source[0] * least), int(source[1] * least)))
    picture.load()
    plain = _plain_mode(picture)
    if (scale := LARGEST / max(plain.size)) < 1:
        size = max(1, round(plain.width * scale)), max(1, round(plain.height * scale))
        plain = plain.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    pixels = _opaque(_in_srgb(plain, profile))
    if orientation in _TURNS:
        pixels = pixels.transpose(_TURNS[orientation])
    pixels.info = {}  # comments and the like, which some formats would write again
    upright = (source[1], source[0]) if orientation in _LYING else source
    return Normalised(pixels, dominant_colour(pixels), copyright, upright)


def _exif(picture: ImageFile) -> tuple[int, object]:
    """Orientation (1 is upright) and copyright notice; a block that cannot be read says nothing."""
    try:
        exif = picture.getexif()
        return int(exif.get(_ORIENTATION, 1)), exif.get(_COPYRIGHT)
    except Exception:  # noqa: BLE001  a broken block raises whatever it leads the parser to
        return 1, None


def _plain_mode(picture: Image.Image) -> Image.Image:
    """The picture in one of RGB, RGBA, L, LA and CMYK, eight bits a channel."""
    if picture.mode in ("RGB", "L", "CMYK"):
        return picture.convert("RGBA") if "transparency" in picture.info else picture
    if picture.mode == "P":
        return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    if picture.mode in ("LA", "RGBA"):
        return picture
    if picture.mode.startswith("I"):  # sixteen bits of grey
        wide = picture.convert("I")
        grey = ImageMath.lambda_eval(lambda args: args["convert"](args["wide"] / 257, "L"), wide=wide)
        return cast(Image.Image, grey)
    return picture.convert("RGBA" if picture.mode in ("PA", "La", "RGBa") else "RGB")


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """*picture* with its colours in sRGB; a profile that makes no sense is passed over."""
    alpha = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
    colours = picture.convert({"RGBA": "RGB", "LA": "L"}.get(picture.mode, picture.mode))
    converted = None
    if isinstance(profile, bytes) and 128 < len(profile) <= MOST_PROFILE:
        try:
            theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
            if theirs.profile.xcolor_space == _PROFILE_OF[colours.mode] and not _is_srgb(theirs):
                converted = ImageCms.profileToProfile(
                    colours, theirs, _SRGB, ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB"
                )
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError, KeyError):
            converted = None
    done = converted if converted is not None else colours.convert("RGB")
    if alpha is not None:
        done.putalpha(alpha)
    return done


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    return "srgb" in (profile.profile.profile_description or "").lower()


def _opaque(picture: Image.Image) -> Image.Image:
    """*picture* on paper; what is itself nearly white stands on ink."""
    if picture.mode != "RGBA":
        return picture
    alpha = picture.getchannel("A")
    histogram = picture.convert("L").histogram(alpha.point(lambda value: 255 if value > 127 else 0))
    seen = sum(histogram)
    light = seen and sum(value * number for value, number in enumerate(histogram)) / seen > 215
    ground = Image.new("RGB", picture.size, INK if light else PAPER)
    ground.paste(picture, mask=alpha)
    return ground


def _copyright(picture: ImageFile, stated: object) -> str:
    """The notice in a file's EXIF, else in its IPTC block, as plain text."""
    found: object = stated
    if not found and picture.format in ("JPEG", "MPO"):
        try:
            found = (IptcImagePlugin.getiptcinfo(picture) or {}).get(_IPTC_COPYRIGHT)
        except Exception:  # noqa: BLE001  a broken block is none
            found = None
    if isinstance(found, list):
        found = found[0] if found else ""
    if isinstance(found, str):
        found = found.encode("latin-1", "replace")
    if not isinstance(found, bytes):
        return ""
    notice = found.split(b"\0")[0]
    try:
        text = notice.decode("utf-8")
    except UnicodeDecodeError:
        text = notice.decode("latin-1")
    return plain_text(text, MOST_COPYRIGHT)


def dominant_colour(picture: Image.Image) -> str:
    """The colour that a picture is remembered by, ``#rrggbb``: the commonest, where vivid ones count for more."""
    small = picture.resize((32, 32), Image.Resampling.BOX).quantize(8, Image.Quantize.MEDIANCUT)
    palette = small.getpalette() or []
    best, weight = (128, 128, 128), -1.0
    for number, index in small.getcolors(256) or []:
        assert isinstance(index, int)
        colour = (palette[3 * index], palette[3 * index + 1], palette[3 * index + 2])
        vivid = (max(colour) - min(colour)) / 255
        if number * (0.4 + vivid) > weight:
            best, weight = colour, number * (0.4 + vivid)
    return "#{:02x}{:02x}{:02x}".format(*best)
