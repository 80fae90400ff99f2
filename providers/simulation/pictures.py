"""Small drawn pictures in place of stills, posters and logos."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw

from providers.simulation.world.dice import Dice


def _colour(dice: Dice, low: int, high: int) -> tuple[int, int, int]:
    return dice.between(low, high), dice.between(low, high), dice.between(low, high)


@lru_cache(maxsize=512)
def drawn(name: str, width: int, height: int) -> bytes:
    """A JPEG of exactly this size; the same name gives the same motif in every size."""
    dice = Dice("picture", name)
    top, bottom, sun = _colour(dice, 20, 120), _colour(dice, 60, 200), _colour(dice, 180, 255)
    image = Image.new("RGB", (1, 2))
    image.putpixel((0, 0), top)
    image.putpixel((0, 1), bottom)
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    draw = ImageDraw.Draw(image)
    radius = min(width, height) * dice.between(12, 28) / 100
    x, y = width * dice.between(20, 80) / 100, height * dice.between(20, 60) / 100
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=sun)
    for layer in range(3):
        shade = tuple(max(0, part - 25 * (layer + 1)) for part in bottom)
        level = height * (55 + 14 * layer + dice.between(-6, 6)) / 100
        points = [(width * step / 6, level + height * dice.between(-9, 9) / 100) for step in range(7)]
        draw.polygon([(0, height), *points, (width, height)], fill=shade)
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
