"""Logos: one plain form on white, as organisers and houses have them."""

from __future__ import annotations

from providers.simulation.pictures.canvas import Canvas

_WHITE = (255, 255, 255)


def _inked(canvas: Canvas) -> None:
    canvas.box(0, 0, 1, 1, _WHITE)


def circles(canvas: Canvas) -> None:
    """Two circles and what they share."""
    _inked(canvas)
    canvas.disc(0.4, 0.5, 0.26, canvas.first)
    canvas.disc(0.6, 0.5, 0.26, canvas.second)
    canvas.disc(0.5, 0.5, 0.1, _WHITE)


def arch(canvas: Canvas) -> None:
    """A gate."""
    _inked(canvas)
    for reach, colour in ((0.34, canvas.first), (0.23, _WHITE), (0.15, canvas.ink)):
        canvas.pie(0.5, 0.6, reach, 180, 360, colour)
        side = reach * canvas.short / canvas.width
        canvas.box(0.5 - side, 0.598, 0.5 + side, 0.8, colour)


def steps(canvas: Canvas) -> None:
    """Three bars that rise."""
    _inked(canvas)
    for bar, colour in enumerate((canvas.second, canvas.first, canvas.ink)):
        canvas.box(0.2 + 0.21 * bar, 0.66 - 0.17 * bar, 0.38 + 0.21 * bar, 0.8, colour)


def wheel(canvas: Canvas) -> None:
    """Slices of a disc."""
    _inked(canvas)
    colours = (canvas.first, canvas.second, canvas.ink, canvas.first, canvas.second, canvas.ink)
    for part, colour in enumerate(colours):
        canvas.pie(0.5, 0.5, 0.36, part * 60 + 4, part * 60 + 56, colour)
    canvas.disc(0.5, 0.5, 0.12, _WHITE)


ALL = (circles, arch, steps, wheel)
