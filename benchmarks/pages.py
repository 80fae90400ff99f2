"""How long pages and feeds take, whole and unchanged, and what a browser loads for them, on both databases: beside a
festival of 400 showings alone, and with a hundred thousand more around it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.processes import manage, measured, postgres_answers, surroundings

#: Thousand bytes that a page may be transferred as, with its style sheets and scripts, without pictures.
MOST_KB = 100


def measure(vendor: str, further: int = 0) -> Mapping[str, Any]:
    """Name → most milliseconds, bytes, and in milliseconds ``p50``, ``p95`` and p95 of this process's
    CPU (which other work on the machine does not lengthen) of the whole answer and of a 304.

    *further* showings stand around the festival.
    """
    with surroundings(vendor) as environment:
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        found: Mapping[str, Any] = measured(environment, "benchmarks.pages_child", str(further))
    return found


def report(further: Sequence[int] = (0,)) -> Iterator[str]:
    """The lines that ``make bench`` prints; a festival alone and then with each number of showings around it."""
    for vendor in ("sqlite", *(["postgresql"] if postgres_answers() else [])):
        for number in dict.fromkeys((0, *further)):
            yield f"Pages and feeds on {vendor}, a festival and {number} more showings; ms, and kB transferred:"
            yield f"  {'':<40}{'p50':>6}{'p95':>6}{'most':>6}{'CPU':>6}{'304':>6}{'page':>7}{'with CSS, JS':>14}"
            for name, figures in measure(vendor, number).items():
                yield _row(name, figures)


def _row(name: str, figures: Mapping[str, Any]) -> str:
    whole, most = figures["whole"], figures["most"]
    same = figures["unchanged"]["p95"]
    page, weight = figures["page"] / 1000, figures["weight"] / 1000
    over = [f"OVER {most} ms"] * bool(most and whole["p95"] > most) + [f"OVER {MOST_KB} kB"] * (
        weight > MOST_KB
    )
    return (
        f"  {name:<40}{whole['p50']:>6.0f}{whole['p95']:>6.0f}{most or '-':>6}{whole['cpu']:>6.0f}{same:>6.0f}"
        f"{page:>7.1f}{weight:>14.1f}  {' '.join(over)}"
    ).rstrip()
