"""Stills: a place, a light, hardly anybody in it."""

from __future__ import annotations

from math import sin

from providers.simulation.pictures.canvas import Canvas, mixed


def mountains(canvas: Canvas) -> None:
    """Ranges behind each other in the haze."""
    dice = canvas.dice
    canvas.fade(mixed(canvas.first, canvas.light, 0.3), canvas.light, 0, 0.7)
    canvas.disc(
        dice.between(20, 80) / 100, dice.between(22, 40) / 100, 0.1, mixed(canvas.light, (255, 255, 255), 0.5)
    )
    for layer in range(5):
        level, rough = 0.42 + 0.12 * layer, 0.16 - 0.02 * layer
        points, y = [], level
        for step in range(33):
            y += dice.between(-100, 100) / 100 * rough * 0.3
            y = min(max(y, level - rough), level + rough)
            points.append((step / 32, y))
        canvas.shape(
            [(0, 1), *points, (1, 1)],
            mixed(canvas.light, mixed(canvas.second, canvas.ink, 0.5), 0.25 + 0.18 * layer),
        )


def sea(canvas: Canvas) -> None:
    """A horizon, and a light on the water."""
    dice = canvas.dice
    horizon, x = dice.between(48, 62) / 100, dice.between(20, 80) / 100
    canvas.fade(mixed(canvas.second, canvas.ink, 0.5), mixed(canvas.first, canvas.light, 0.5), 0, horizon)
    canvas.disc(x, horizon - 0.07, 0.085, canvas.light)
    canvas.fade(mixed(canvas.first, canvas.ink, 0.35), mixed(canvas.second, canvas.ink, 0.8), horizon, 1)
    for row in range(26):
        y, spread = horizon + 0.012 + row * 0.019, 0.04 + row * 0.008
        middle = x + spread * dice.between(-60, 60) / 100
        across = spread * dice.between(20, 100) / 100
        canvas.box(
            middle - across, y, middle + across, y + 0.005, mixed(canvas.light, canvas.first, row / 40)
        )
    if dice.chance(0.6):
        at = dice.between(15, 85) / 100
        canvas.shape(
            [
                (at - 0.05, horizon),
                (at + 0.05, horizon),
                (at + 0.035, horizon + 0.03),
                (at - 0.035, horizon + 0.03),
            ],
            canvas.ink,
        )
        canvas.shape([(at, horizon - 0.01), (at, horizon - 0.16), (at + 0.04, horizon - 0.01)], canvas.light)


def street(canvas: Canvas) -> None:
    """Lit windows, wet asphalt, one street lamp."""
    dice = canvas.dice
    night = mixed(canvas.ink, canvas.second, 0.3)
    canvas.fade(night, mixed(night, canvas.first, 0.4), 0, 0.8)
    x = 0.0
    while x < 1:
        across, top = dice.between(10, 22) / 100, dice.between(12, 45) / 100
        wall = mixed(canvas.second, canvas.ink, dice.between(45, 80) / 100)
        canvas.box(x, top, x + across, 0.8, wall)
        for column in range(int(across / 0.035)):
            for row in range(int((0.74 - top) / 0.09)):
                left, high = x + 0.012 + column * 0.035, top + 0.04 + row * 0.09
                glow = canvas.light if dice.chance(0.35) else mixed(wall, canvas.ink, 0.35)
                canvas.box(left, high, left + 0.018, high + 0.05, glow)
        x += across + 0.006
    canvas.fade(mixed(canvas.ink, canvas.first, 0.25), canvas.ink, 0.8, 1)
    lamp = dice.between(20, 80) / 100
    canvas.line([(lamp, 0.92), (lamp, 0.34), (lamp + 0.045, 0.31)], 0.012, canvas.ink)
    for reach, share in ((0.15, 0.2), (0.1, 0.45), (0.05, 0.9)):
        canvas.disc(lamp + 0.05, 0.33, reach, mixed(mixed(night, canvas.first, 0.3), canvas.light, share))
    for row in range(7):
        y = 0.83 + 0.022 * row
        canvas.box(
            lamp - 0.02 - row * 0.006,
            y,
            lamp + 0.1 + row * 0.006,
            y + 0.008,
            mixed(canvas.ink, canvas.light, 0.55 - row * 0.06),
        )


def forest(canvas: Canvas) -> None:
    """Trunks, nearer and nearer."""
    dice = canvas.dice
    canvas.fade(mixed(canvas.light, canvas.first, 0.15), mixed(canvas.second, canvas.light, 0.5))
    for depth in range(4):
        colour = mixed(mixed(canvas.light, canvas.second, 0.4), canvas.ink, 0.12 + 0.27 * depth)
        floor = 0.62 + 0.1 * depth
        ground = [(step / 16, floor + 0.015 * sin(step + depth * 2)) for step in range(17)]
        canvas.shape([(0, 1), *ground, (1, 1)], colour)
        for _ in range(9 - depth * 2):
            x, across = dice.fraction(), (0.008 + 0.012 * depth) * dice.between(70, 140) / 100
            lean = dice.between(-3, 3) / 100
            canvas.shape(
                [
                    (x + lean, 0),
                    (x + lean + across * 0.7, 0),
                    (x + across, floor + 0.04),
                    (x - across * 0.3, floor + 0.04),
                ],
                colour,
            )


def room(canvas: Canvas) -> None:
    """A window's light across a floor, and a chair."""
    dice = canvas.dice
    wall = mixed(canvas.second, canvas.ink, 0.35)
    canvas.fade(wall, mixed(wall, canvas.ink, 0.3), 0, 0.66)
    canvas.fade(mixed(canvas.first, canvas.ink, 0.45), mixed(canvas.first, canvas.ink, 0.75), 0.66, 1)
    left = dice.between(12, 52) / 100
    across = 0.26
    canvas.box(left, 0.14, left + across, 0.52, canvas.light)
    bar = mixed(wall, canvas.ink, 0.2)
    canvas.box(left + across / 2 - 0.005, 0.14, left + across / 2 + 0.005, 0.52, bar)
    canvas.box(left, 0.32, left + across, 0.335, bar)
    slant = dice.pick((-0.18, 0.18))
    canvas.shape(
        [
            (left + slant, 0.74),
            (left + across + slant, 0.74),
            (left + across + 2 * slant + 0.06, 0.96),
            (left + 2 * slant - 0.04, 0.96),
        ],
        mixed(mixed(canvas.first, canvas.ink, 0.5), canvas.light, 0.5),
    )
    x = min(0.86, max(0.1, left + across / 2 - slant * 2))
    canvas.box(x, 0.5, x + 0.014, 0.9, canvas.ink)
    canvas.box(x, 0.68, x + 0.11, 0.7, canvas.ink)
    canvas.box(x + 0.098, 0.69, x + 0.11, 0.9, canvas.ink)


def stage(canvas: Canvas) -> None:
    """Beams of light, and heads before them."""
    dice = canvas.dice
    canvas.fade(canvas.ink, mixed(canvas.ink, canvas.first, 0.55))
    for beam in range(dice.between(3, 6)):
        top, foot = dice.fraction(), dice.between(10, 90) / 100
        colour = mixed(
            mixed(canvas.ink, canvas.first, 0.4), (canvas.light, canvas.second, canvas.first)[beam % 3], 0.55
        )
        canvas.shape([(top - 0.01, 0), (top + 0.01, 0), (foot + 0.11, 0.8), (foot - 0.11, 0.8)], colour)
    canvas.box(0, 0.76, 1, 0.8, mixed(canvas.ink, canvas.light, 0.35))
    x = dice.between(35, 65) / 100
    canvas.shape([(x - 0.028, 0.77), (x - 0.02, 0.5), (x + 0.02, 0.5), (x + 0.028, 0.77)], canvas.ink)
    canvas.disc(x, 0.46, 0.045, canvas.ink)
    for row in range(2):
        for head in range(14):
            at = (head + row * 0.5) / 13 + dice.between(-2, 2) / 100
            canvas.disc(at, 0.93 + row * 0.06, 0.06 + row * 0.012, canvas.ink)
    canvas.box(0, 0.97, 1, 1, canvas.ink)


ALL = (mountains, sea, street, forest, room, stage)
