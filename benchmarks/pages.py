"""How long pages of single rows, the grid of a festival and feeds take, whole and unchanged, on both databases."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.processes import manage, measured, postgres_answers, surroundings


def measure(vendor: str) -> Mapping[str, Any]:
    """Name → bytes and, in milliseconds, ``p50`` and ``p95`` of the whole answer and of a 304."""
    with surroundings(vendor) as environment:
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        found: Mapping[str, Any] = measured(environment, "benchmarks.pages_child")
    return found


def report() -> Iterator[str]:
    """The lines that ``make bench`` prints."""
    for vendor in ("sqlite", *(["postgresql"] if postgres_answers() else [])):
        yield f"Pages and feeds on {vendor}, ms (p50, p95; unchanged p95), uncompressed kB:"
        for name, figures in measure(vendor).items():
            whole, same = figures["whole"], figures["unchanged"]
            size = figures["bytes"] / 1000
            yield (
                f"  {name:<40}{whole['p50']:>6.0f}{whole['p95']:>6.0f}   "
                f"unchanged {same['p95']:>4.0f}   {size:>6.0f} kB"
            )
