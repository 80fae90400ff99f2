"""Portraits of nobody: head and shoulders in flat colours, as a linocut would have them."""

from __future__ import annotations

from typing import Final

from providers.simulation.pictures.canvas import Canvas, Colour, mixed, rgb

_SKINS: Final = ("#f1d3bc", "#e3b798", "#c98f6b", "#a56b48", "#7d4b31", "#5a3524")
_HAIRS: Final = ("#1d1613", "#3b2417", "#6b4226", "#a8743c", "#d8b26e", "#8c8580", "#7c2f1d")


def _hair(canvas: Canvas, x: float, y: float, colour: Colour, kind: int) -> None:
    """What lies behind the face: long, round, short or none."""
    if kind == 0:
        canvas.oval(x, y - 0.02, 0.245, 0.3, colour)
        canvas.box(
            x - 0.245 * canvas.short / canvas.width,
            y,
            x + 0.245 * canvas.short / canvas.width,
            y + 0.24,
            colour,
        )
    elif kind == 1:
        canvas.blob(x, y - 0.06, 0.3, colour, 0.12)
    elif kind == 2:
        canvas.oval(x, y - 0.05, 0.215, 0.25, colour)


def face(canvas: Canvas) -> None:
    """Somebody who looks at us."""
    dice = canvas.dice
    skin, hair = rgb(dice.pick(_SKINS)), rgb(dice.pick(_HAIRS))
    back = dice.pick((canvas.first, canvas.second, canvas.light))
    canvas.fade(mixed(back, canvas.light, 0.25), mixed(back, canvas.ink, 0.35))
    x, y = 0.5 + dice.between(-4, 4) / 100, 0.42 if canvas.tall else 0.44
    kind = dice.below(4)
    _hair(canvas, x, y, hair, kind)
    cloth = dice.pick((canvas.ink, canvas.second, canvas.ground, canvas.first))
    if cloth == back:
        cloth = canvas.ink
    canvas.oval(x, 1.04, 0.47, 0.3, cloth)
    neck = 0.085 * canvas.short / canvas.width
    canvas.box(x - neck, y + 0.1, x + neck, y + 0.32, mixed(skin, canvas.ink, 0.18))
    canvas.pie(x, y + 0.3, 0.12, 0, 180, mixed(skin, canvas.ink, 0.1))
    canvas.oval(x, y, 0.175, 0.225, skin)
    _features(canvas, x, y, skin, hair)
    if kind != 3:
        lean = dice.pick((-0.05, 0.05))
        canvas.pie(x + lean * 0.4, y - 0.06, 0.2, 180, 360, hair)
    if dice.chance(0.25):
        for side in (-1, 1):
            canvas.ring(x + side * 0.075 * canvas.short / canvas.width, y + 0.01, 0.055, 0.01, canvas.ink)


def _features(canvas: Canvas, x: float, y: float, skin: Colour, hair: Colour) -> None:
    dice, across = canvas.dice, canvas.short / canvas.width
    shade = mixed(skin, canvas.ink, 0.25)
    for side in (-1, 1):
        at = x + side * 0.075 * across
        canvas.oval(at, y + 0.01, 0.02, 0.014, (250, 248, 244))
        canvas.disc(at, y + 0.01, 0.011, canvas.ink)
        canvas.line([(at - 0.032 * across, y - 0.03), (at + 0.032 * across, y - 0.035)], 0.012, hair)
    canvas.line(
        [(x, y + 0.01), (x + 0.018 * across, y + 0.06), (x - 0.004 * across, y + 0.065)], 0.009, shade
    )
    smile = dice.between(-4, 16) / 1000
    mouth = mixed(skin, rgb("#a02c34"), 0.6)
    canvas.line(
        [(x - 0.05 * across, y + 0.105), (x, y + 0.108 + smile), (x + 0.05 * across, y + 0.105)], 0.014, mouth
    )


ALL = (face,)
