"""A sheet to draw on in parts of its size, and the one function that simulators ask for a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from math import cos, pi, sin
from typing import Final, Literal

from PIL import Image, ImageDraw

from providers.simulation.world.dice import Dice

Motif = Literal["poster", "scene", "portrait", "logo", "painting"]
Colour = tuple[int, int, int]
Point = tuple[float, float]

#: Ground, two that carry, light, ink: each row a palette that somebody might print.
PALETTES: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("#f2e8d5", "#d1432b", "#1f3a4d", "#f2b544", "#161616"),
    ("#10233b", "#e4572e", "#f0c987", "#fdf6e3", "#07101c"),
    ("#e9e4d8", "#2f6f6b", "#e1a730", "#c8553d", "#1d2a2b"),
    ("#231b2e", "#8f4a7a", "#e88873", "#f6d8ae", "#120d19"),
    ("#f6f1e7", "#2b4c9b", "#ef8a7b", "#f6cf65", "#181c2b"),
    ("#14342b", "#60935d", "#bfd8a3", "#f2edd7", "#0a1a15"),
    ("#f3d9c6", "#b33a3a", "#6b2737", "#f6f0e6", "#2b1116"),
    ("#1c1c22", "#c9a227", "#7d4e1f", "#ece4d0", "#0b0b0e"),
    ("#dfe7ea", "#3d5a80", "#ee6c4d", "#98c1d9", "#1b2838"),
    ("#2d1e2f", "#f15946", "#f9c22e", "#53b3cb", "#120b13"),
    ("#efe6dd", "#7a8450", "#b0473a", "#d8b26e", "#23251a"),
    ("#0e2a35", "#1c8c8c", "#f4d35e", "#f6f4ea", "#06161d"),
    ("#f5efe6", "#5b4b8a", "#e07a5f", "#81b29a", "#211c33"),
    ("#3a0f17", "#c1272d", "#f0a868", "#fbe8d3", "#1a060a"),
)


def rgb(colour: str) -> Colour:
    """``#rrggbb`` as numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """*share* of *other* in *one*."""
    made = [round(a + (b - a) * share) for a, b in zip(one, other, strict=True)]
    return made[0], made[1], made[2]


class Canvas:
    """A sheet whose width and height are 1 each; radii and strokes are parts of its shorter side."""

    def __init__(self, width: int, height: int, dice: Dice) -> None:
        self.dice = dice
        self.ground, self.first, self.second, self.light, self.ink = map(rgb, dice.pick(PALETTES))
        self.image = Image.new("RGB", (width, height), self.ground)
        self._draw = ImageDraw.Draw(self.image)
        self.width, self.height = width, height
        self.short = min(width, height)

    @property
    def tall(self) -> bool:
        """Whether it stands upright."""
        return self.height > self.width

    def at(self, x: float, y: float) -> Point:
        """A place in pixels."""
        return x * self.width, y * self.height

    def fade(self, top: Colour, bottom: Colour, start: float = 0.0, end: float = 1.0) -> None:
        """Fill the stretch from *start* to *end* of the height from one colour into the other."""
        low, high = int(start * self.height), int(end * self.height)
        strip = Image.new("RGB", (1, 2))
        strip.putpixel((0, 0), top)
        strip.putpixel((0, 1), bottom)
        box = (0, 0.5, 1, 1.5)  # from the middle of one pixel to that of the other
        if high > low:
            self.image.paste(
                strip.resize((self.width, high - low), Image.Resampling.BILINEAR, box=box), (0, low)
            )

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """A filled circle."""
        (cx, cy), r = self.at(x, y), radius * self.short
        self._draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=fill)

    def ring(self, x: float, y: float, radius: float, stroke: float, colour: Colour) -> None:
        """A circle's line."""
        (cx, cy), r = self.at(x, y), radius * self.short
        width = max(1, round(stroke * self.short))
        self._draw.ellipse((cx - r, cy - r, cx + r, cy + r), outline=colour, width=width)

    def oval(self, x: float, y: float, across: float, down: float, fill: Colour) -> None:
        """A filled ellipse; both half axes in parts of the shorter side."""
        (cx, cy), a, b = self.at(x, y), across * self.short, down * self.short
        self._draw.ellipse((cx - a, cy - b, cx + a, cy + b), fill=fill)

    def pie(self, x: float, y: float, radius: float, start: float, end: float, fill: Colour) -> None:
        """A slice of a disc, in degrees clockwise from the right."""
        (cx, cy), r = self.at(x, y), radius * self.short
        self._draw.pieslice((cx - r, cy - r, cx + r, cy + r), start, end, fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        """A filled rectangle."""
        self._draw.rectangle((*self.at(left, top), *self.at(right, bottom)), fill=fill)

    def shape(self, points: Iterable[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._draw.polygon([self.at(x, y) for x, y in points], fill=fill)

    def line(self, points: Iterable[Point], stroke: float, colour: Colour) -> None:
        """A line with round joints."""
        width = max(1, round(stroke * self.short))
        self._draw.line([self.at(x, y) for x, y in points], fill=colour, width=width, joint="curve")

    def blob(self, x: float, y: float, radius: float, fill: Colour, ragged: float = 0.25) -> None:
        """A soft, uneven disc."""
        (cx, cy), phases = self.at(x, y), [self.dice.fraction() * 2 * pi for _ in range(3)]
        points = []
        for step in range(60):
            angle = 2 * pi * step / 60
            wave = sum(sin((n + 2) * angle + phase) / (n + 2) for n, phase in enumerate(phases))
            r = radius * self.short * (1 + ragged * wave)
            points.append((cx + r * cos(angle), cy + r * sin(angle)))
        self._draw.polygon(points, fill=fill)


@lru_cache(maxsize=512)
def drawn(name: str, width: int, height: int, motif: Motif | None = None) -> bytes:
    """A JPEG of exactly this size; the same name gives the same picture in every size.

    *motif* None: a poster where it stands upright, else a scene.
    """
    from providers.simulation.pictures import marks, people, posters, scenes

    rooms: Mapping[Motif, tuple[Callable[[Canvas], None], ...]] = {
        "poster": posters.ALL,
        "scene": scenes.ALL,
        "portrait": people.ALL,
        "logo": marks.ALL,
        "painting": (*posters.PAINTINGS, *scenes.ALL),
    }
    chosen = motif or ("poster" if height > width else "scene")
    dice = Dice("picture", name)
    scale = 2 if max(width, height) <= 1300 else 1
    canvas = Canvas(width * scale, height * scale, dice)
    dice.pick(rooms[chosen])(canvas)
    image = canvas.image if scale == 1 else canvas.image.resize((width, height), Image.Resampling.BOX)
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
