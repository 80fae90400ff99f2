"""Posters in the manner of printed ones: few colours, large forms, a block of small print at the foot."""

from __future__ import annotations

from math import cos, pi, sin

from providers.simulation.pictures.canvas import Canvas, mixed


def _small_print(canvas: Canvas, top: float = 0.885) -> None:
    """Lines where a title and the names would stand."""
    dice, colour = canvas.dice, canvas.ink if sum(canvas.ground) > 330 else canvas.light
    y = top
    canvas.box(0.08, y, 0.08 + dice.between(26, 58) / 100, y + 0.022, colour)
    for _ in range(3):
        y += 0.028
        x = 0.08
        while x < 0.86:
            across = dice.between(4, 13) / 100
            canvas.box(x, y, min(0.92, x + across), y + 0.006, mixed(colour, canvas.ground, 0.35))
            x += across + 0.015


def sun(canvas: Canvas) -> None:
    """A great sun over waves."""
    dice = canvas.dice
    canvas.fade(canvas.ground, mixed(canvas.ground, canvas.first, 0.25))
    x, y, reach = dice.between(30, 70) / 100, dice.between(30, 42) / 100, dice.between(26, 36) / 100
    canvas.disc(x, y, reach, canvas.first)
    canvas.disc(x + 0.05, y + 0.02, reach * 0.72, mixed(canvas.first, canvas.light, 0.45))
    for layer in range(6):
        level = 0.48 + 0.068 * layer
        phase, tone = dice.fraction() * 6, mixed(canvas.second, canvas.ink, layer * 0.13)
        wave = [(step / 24, level + 0.02 * sin(phase + step * (0.5 + layer * 0.05))) for step in range(25)]
        canvas.shape([(0, 1), *wave, (1, 1)], tone)
    canvas.ground = canvas.ink
    _small_print(canvas)


def bars(canvas: Canvas) -> None:
    """Leaning bars, as if somebody walked past a fence at night."""
    dice = canvas.dice
    number, lean = dice.between(5, 9), dice.between(-30, 30) / 100
    for bar in range(number):
        x = (bar - 1) / (number - 2)
        colour = (canvas.first, canvas.second, canvas.light, canvas.ink)[dice.below(4)]
        across = dice.between(30, 90) / 100 / number
        canvas.shape([(x, 0.06), (x + across, 0.06), (x + across + lean, 0.82), (x + lean, 0.82)], colour)
    canvas.disc(dice.between(30, 70) / 100, dice.between(25, 60) / 100, 0.16, canvas.first)
    _small_print(canvas)


def tiles(canvas: Canvas) -> None:
    """Quarter circles on a grid."""
    dice, across = canvas.dice, 4
    down = 5
    colours = (canvas.first, canvas.second, canvas.light, canvas.ink)
    for row in range(down):
        for column in range(across):
            x, y, w, h = column / across, row / down * 0.84, 1 / across, 0.84 / down
            back, front = dice.sample(colours, 2)
            canvas.box(x, y, x + w, y + h, mixed(canvas.ground, back, 0.9 if dice.chance(0.6) else 0.1))
            corner = dice.below(5)
            if corner < 4:
                cx, cy = x + w * (corner % 2), y + h * (corner // 2)
                start = (0, 90, 270, 180)[corner]
                canvas.pie(cx, cy, w * canvas.width / canvas.short, start, start + 90, front)
            else:
                canvas.disc(x + w / 2, y + h / 2, w * 0.34 * canvas.width / canvas.short, front)
    canvas.box(0, 0.84, 1, 1, canvas.ground)
    _small_print(canvas)


def eye(canvas: Canvas) -> None:
    """An eye that has seen it."""
    dice = canvas.dice
    canvas.fade(mixed(canvas.second, canvas.ink, 0.2), canvas.ground)
    y = dice.between(36, 46) / 100
    bow = [(0.08 + 0.84 * step / 40, y - 0.17 * sin(pi * step / 40)) for step in range(41)]
    under = [(x, 2 * y - above) for x, above in reversed(bow)]
    canvas.shape([*bow, *under], canvas.light)
    canvas.disc(0.5, y, 0.235, canvas.first)
    for ray in range(36):
        angle = 2 * pi * ray / 36
        near, far = 0.12, 0.22
        ratio = canvas.width / canvas.height
        canvas.line(
            [
                (0.5 + near * cos(angle), y + near * sin(angle) * ratio),
                (0.5 + far * cos(angle), y + far * sin(angle) * ratio),
            ],
            0.006,
            mixed(canvas.first, canvas.ink, 0.4),
        )
    canvas.disc(0.5, y, 0.115, canvas.ink)
    canvas.disc(0.54, y - 0.03, 0.03, canvas.light)
    for lash in range(9):
        x = 0.14 + 0.09 * lash
        canvas.line(
            [(x, y - 0.22 + abs(lash - 4) * 0.018), (x + (lash - 4) * 0.012, y - 0.29)], 0.008, canvas.ink
        )
    _small_print(canvas)


def stairs(canvas: Canvas) -> None:
    """Steps into the light, and somebody on them."""
    dice = canvas.dice
    canvas.fade(canvas.light, mixed(canvas.light, canvas.first, 0.5))
    steps, left = 8, dice.chance(0.5)
    for step in range(steps):
        a, b = step / steps, 0.86 - 0.075 * step
        x0, x1 = (a, 1.0) if left else (0.0, 1 - a)
        canvas.box(x0, b, x1, 1.0, mixed(canvas.second, canvas.ink, 0.1 + 0.09 * step))
    at = dice.between(3, 5)
    x, y = (at + 0.55) / steps, 0.86 - 0.075 * at
    x = x if left else 1 - x
    canvas.shape([(x - 0.035, y), (x - 0.02, y - 0.13), (x + 0.02, y - 0.13), (x + 0.035, y)], canvas.ink)
    canvas.disc(x, y - 0.155, 0.03, canvas.ink)
    canvas.ground = canvas.ink
    _small_print(canvas)


def moon(canvas: Canvas) -> None:
    """A town by night."""
    dice = canvas.dice
    night = mixed(canvas.ink, canvas.second, 0.25)
    canvas.fade(night, mixed(night, canvas.first, 0.55))
    canvas.disc(dice.between(25, 75) / 100, dice.between(18, 34) / 100, 0.17, canvas.light)
    for row, tone in enumerate((0.35, 0.62, 0.88)):
        x = -0.05
        while x < 1:
            across, top = dice.between(9, 20) / 100, 0.46 + 0.12 * row + dice.between(0, 16) / 100
            colour = mixed(canvas.first, canvas.ink, tone)
            canvas.box(x, top, x + across, 1, colour)
            for wx in range(int(across * 30)):
                for wy in range(14):
                    if dice.chance(0.16):
                        left, high = x + 0.014 + wx * 0.032, top + 0.02 + wy * 0.032
                        canvas.box(left, high, left + 0.014, high + 0.016, canvas.light)
            x += across + dice.between(0, 3) / 100
    canvas.box(0, 0.86, 1, 1, canvas.ink)
    canvas.ground = canvas.ink
    _small_print(canvas)


def cut_out(canvas: Canvas) -> None:
    """Paper shapes laid over each other."""
    dice = canvas.dice
    colours = (canvas.first, canvas.second, canvas.light, canvas.ink, canvas.first)
    for number, colour in enumerate(colours):
        x, y = dice.between(18, 82) / 100, dice.between(14, 74) / 100
        canvas.blob(x, y, (36 - 5 * number + dice.between(0, 8)) / 100, colour, dice.between(15, 45) / 100)
    for _ in range(3):
        x, y = dice.between(15, 85) / 100, dice.between(12, 74) / 100
        canvas.ring(x, y, dice.between(8, 20) / 100, 0.012, canvas.ink)
    canvas.box(0, 0.85, 1, 1, canvas.ground)
    _small_print(canvas)


def spiral(canvas: Canvas) -> None:
    """Round and round."""
    dice = canvas.dice
    x, y, way = dice.between(38, 62) / 100, dice.between(34, 48) / 100, dice.pick((-1, 1))
    ratio = canvas.width / canvas.height
    for arm in range(3):
        points = []
        for step in range(140):
            angle, r = way * step / 9 + arm * 2 * pi / 3, 0.0042 * step
            points.append((x + r * cos(angle), y + r * sin(angle) * ratio))
        canvas.line(points, 0.03, (canvas.first, canvas.second, canvas.ink)[arm])
    canvas.disc(x, y, 0.05, canvas.light)
    canvas.box(0, 0.86, 1, 1, canvas.ground)
    _small_print(canvas)


def colour_field(canvas: Canvas) -> None:
    """A painting of three fields that do not quite touch."""
    dice = canvas.dice
    canvas.fade(canvas.ground, mixed(canvas.ground, canvas.ink, 0.12))
    top = 0.07
    for colour in dice.sample((canvas.first, canvas.second, canvas.light, canvas.ink), 3):
        down = dice.between(18, 34) / 100
        for edge in range(6):
            inset = 0.07 + 0.006 * edge
            tone = mixed(canvas.ground, colour, (edge + 1) / 6)
            canvas.box(inset, top + 0.006 * edge, 1 - inset, min(0.94, top + down) - 0.006 * edge, tone)
        top += down + 0.03
        if top > 0.85:
            break


def gestures(canvas: Canvas) -> None:
    """A painting made in a quarter of an hour."""
    dice = canvas.dice
    for number in range(11):
        colour = (canvas.first, canvas.second, canvas.light, canvas.ink)[number % 4]
        x, y = dice.fraction(), dice.fraction()
        points = [(x, y)]
        for _ in range(4):
            x, y = x + dice.between(-30, 30) / 100, y + dice.between(-22, 22) / 100
            points.append((x, y))
        canvas.line(points, dice.between(2, 11) / 100, colour)


PAINTINGS = (colour_field, gestures, cut_out, tiles)
ALL = (sun, bars, tiles, eye, stairs, moon, cut_out, spiral)
