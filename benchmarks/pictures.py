"""Pictures against the numbers of the design: made beforehand, made on request, and served when they are made.

libvips is no dependency of ours: the eager set is compared with it where ``pyvips`` can be imported.
"""

import os
from collections.abc import Iterator

from benchmarks.processes import ROOT, measured, postgres_answers, surroundings

SERVED = (
    ("warm", "made already", " (at most 3)"),
    ("fresh", "not modified", ""),
    ("none", "placeholder", ""),
    ("webp", "made on request, WebP, of a 12 MP JPEG", " (at most 150)"),
    ("jpg", "made on request, JPEG, of a 12 MP JPEG", " (at most 150)"),
)


def run() -> Iterator[str]:
    """The lines of the report, as they come."""
    with surroundings("sqlite") as environment:
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        found = measured({**environment, "PYTHONPATH": path}, "benchmarks.pictures_child", "eager")
    for name, seconds in found.items():
        yield from _eager(name, seconds)
    for vendor in ["sqlite", *(["postgresql"] if postgres_answers() else [])]:
        with surroundings(vendor) as environment:
            found = measured(environment, "benchmarks.pictures_child", "serving")
        yield f"pictures on {vendor}, through Django; p95 of CPU beside the clock's, which other processes slow down"
        for what, title, most in SERVED:
            yield (
                f"  {title:<46} p50 {found[f'{what}_p50']:6.1f} ms, p95 {found[f'{what}_p95']:6.1f} ms{most}, "
                f"CPU {found[f'{what}_cpu']:.1f} ms"
            )


def _eager(name: str, seconds: dict[str, float]) -> Iterator[str]:
    size, ours, plain = seconds["bytes"] / 1e6, seconds["ours"], seconds["plain"]
    yield (
        f"eager set (6 presets, WebP and JPEG, and what is kept) of a {name} JPEG of {size:.1f} MB: "
        f"{ours * 1000:.0f} ms CPU from the bytes; Pillow the plain way {plain * 1000:.0f} ms, "
        f"{plain / ours:.1f} x ours; "
        f"one preset straight from the bytes {seconds['one'] * 1000:.0f} ms"
    )
    if "vips" in seconds:
        yield f"  libvips: {seconds['vips'] * 1000:.0f} ms; ours is {ours / seconds['vips']:.2f} x that (at most 2)"
    else:
        yield "  libvips: pyvips cannot be imported here, so there is no comparison (at most 2 x libvips)"
