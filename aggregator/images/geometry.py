"""Which part of a picture goes where, and which of upstream's sizes to ask for. Pure: numbers in, numbers out.

Sizes are (width, height) in pixels, boxes (left, top, right, bottom) in pixels of the picture they lie in, as floats
so that rounding happens once, when pixels are made.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aggregator.images.presets import Preset

Size = tuple[int, int]
Box = tuple[float, float, float, float]

_SIDES = re.compile(r"(?:.*[^0-9])?([0-9]{1,5})[x×]([0-9]{1,5})")
_SIDE = re.compile(r"(?:.*[^0-9])?([0-9]{2,5})(?:px|w)?")
#: Where nothing draws the eye, a cut leaves two parts below for each above: faces and titles stand high.
UPPER = 1 / 3
MIDDLE = 1 / 2
# How much a window in the usual place may weigh less than the best one and still be taken.
_PULL = 0.12


@dataclass(frozen=True, slots=True)
class Interest:
    """How much there is to see in each column and each row of a picture, from left to right and top to bottom.

    *focus* is the part that somebody chose, in fractions of width and height; None where nobody did.
    """

    columns: tuple[float, ...] = ()
    rows: tuple[float, ...] = ()
    focus: Box | None = None


def focus_of(crop: Sequence[int], size: Size) -> Box | None:
    """Upstream's crop ``(x, y, width, height, picture width, picture height)`` as fractions; None where it is none.

    The last two are the size of the picture that the crop was meant for, 0 where unknown: then it is taken to be
    *size*. Upstream's numbers do not always fit each other; a crop that lies outside of both pictures means nothing.
    """
    if len(crop) != 6:
        return None
    x, y, width, height, *meant = crop
    if min(x, y) < 0 or min(width, height) < 1:
        return None
    for across, down in (tuple(meant), size):
        if 0 < x + width <= across and 0 < y + height <= down:
            return x / across, y / down, (x + width) / across, (y + height) / down
    return None


def output_size(preset: Preset, source: Size) -> Size:
    """How large a rendition of a picture of size *source* becomes; never less than one pixel a side."""
    width, height = source
    if preset.rule == "fixed":
        return preset.width, preset.height
    scale = min(1.0, preset.width / width, preset.height / height if preset.rule == "fit" else 1.0)
    return max(1, round(width * scale)), max(1, round(height * scale))


def region(preset: Preset, source: Size, interest: Interest) -> Box:
    """The part of a picture of size *source* that *preset* shows; all of it unless the preset has a shape of its own.

    Where somebody chose a part, it is the smallest region of the shape around it, but none that would have to be
    enlarged; else the largest region there is, where the most is to be seen.
    """
    width, height = source
    if preset.rule != "fixed":
        return 0.0, 0.0, float(width), float(height)
    across, down = _largest(preset.width / preset.height, source)
    if interest.focus is not None:
        return _around(interest.focus, (across, down), preset, source)
    left = offset(interest.columns, across / width, MIDDLE) * width
    top = offset(interest.rows, down / height, UPPER) * height
    return _placed(left, top, across, down, source)


def _largest(ratio: float, source: Size) -> tuple[float, float]:
    """Width and height of the largest region of *ratio* in a picture."""
    width, height = source
    if width > height * ratio:
        return height * ratio, float(height)
    return float(width), width / ratio


def _around(focus: Box, largest: tuple[float, float], preset: Preset, source: Size) -> Box:
    width, height = source
    left, top, right, bottom = focus[0] * width, focus[1] * height, focus[2] * width, focus[3] * height
    ratio = preset.width / preset.height
    across = max(right - left, (bottom - top) * ratio, min(preset.width, largest[0]))
    across = min(across, largest[0])
    down = min(across / ratio, largest[1])
    return _placed((left + right - across) / 2, (top + bottom - down) / 2, across, down, source)


def _placed(left: float, top: float, across: float, down: float, source: Size) -> Box:
    """A region of the given size, moved into the picture."""
    left = min(max(left, 0.0), max(0.0, source[0] - across))
    top = min(max(top, 0.0), max(0.0, source[1] - down))
    return left, top, min(left + across, float(source[0])), min(top + down, float(source[1]))


def offset(profile: Sequence[float], share: float, usual: float) -> float:
    """Where a window of *share* (0..1) of a picture begins so that most of *profile* lies in it, as a fraction.

    *usual* (0..1) says how the rest is divided where nothing stands out: 1/2 leaves as much before as behind.
    """
    free = 1.0 - share
    total = sum(profile)
    if free <= 1e-9 or not profile or total <= 0:
        return max(0.0, free * usual)
    sums = [0.0]
    for weight in profile:
        sums.append(sums[-1] + weight)
    steps = 48
    best, best_worth = free * usual, -1.0
    for step in range(steps + 1):
        start = free * step / steps
        worth = (_until(sums, start + share) - _until(sums, start)) / total
        worth -= _PULL * abs(step / steps - usual)
        if worth > best_worth + 1e-9:
            best, best_worth = start, worth
    return best


def _until(sums: Sequence[float], fraction: float) -> float:
    """The weight that lies before *fraction* of the profile whose running sums are given."""
    place = min(max(fraction, 0.0), 1.0) * (len(sums) - 1)
    whole = min(int(place), len(sums) - 2)
    return sums[whole] + (sums[whole + 1] - sums[whole]) * (place - whole)


def contained(source: Size, frame: Size) -> Box:
    """Where in *frame* a whole picture of size *source* goes, in its middle and never enlarged."""
    scale = min(1.0, frame[0] / source[0], frame[1] / source[1])
    width, height = max(1, round(source[0] * scale)), max(1, round(source[1] * scale))
    left, top = (frame[0] - width) // 2, (frame[1] - height) // 2
    return float(left), float(top), float(left + width), float(top + height)


def addresses(url: str, sizes: Mapping[str, str], needed: int) -> list[str]:
    """Upstream's addresses of a picture in the order to try them, for one whose longest side shall be *needed*.

    First the smallest size that is known to be large enough, then what is as large as it gets, then the others from
    large to small. Names like ``1024x576`` and ``600`` tell a size; ``original``, and *url*, are taken to be the
    largest; any other name says nothing and comes last.
    """
    known: list[tuple[int, str]] = []
    whole, unknown = [url] if url else [], []
    for name, address in sizes.items():
        side = longest_side(name)
        if side is not None:
            known.append((side, address))
        elif name == "original":
            whole.insert(0, address)
        else:
            unknown.append(address)
    known.sort(key=lambda pair: pair[0])
    enough = [address for side, address in known if side >= needed]
    # An address that is also listed under a size is no larger than that size says.
    listed = {address for _, address in known}
    best = [address for address in whole if address not in listed]
    less = [address for side, address in reversed(known) if side < needed]
    return [each for each in dict.fromkeys((*enough[:1], *best, *enough[1:], *less, *unknown)) if each]


def longest_side(name: str) -> int | None:
    """The longest side in pixels that the name of one of upstream's sizes promises; None where it promises none."""
    if sides := _SIDES.fullmatch(name):
        return max(int(sides[1]), int(sides[2]))
    if side := _SIDE.fullmatch(name):
        return int(side[1])
    return None
