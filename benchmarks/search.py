"""Search against the numbers of the design: common, middle, rare and misspelt words, and four words at once, each with
and without filters and with facets.

Rows are made by ``bulk_create`` in a process of their own and indexed as ``manage.py reindex`` does; each size has a
fresh database. Nothing that was counted is kept from one question to the next. Times are p50 and p95 over many words
from the middle of the programme on: «db» is what the design promises, the time between asking the database and having
its rows; «CPU» is p95 of the time that a processor was had for that, which other work on the machine does not lengthen;
«whole» is «db» with reading the question and making model instances. A row over its limit is marked.
"""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.processes import measured, postgres_answers, surroundings

# At most so many milliseconds in the database for the first 24 hits, up to so many showings.
LIMIT, LARGEST = 50, {"sqlite": 200_000, "postgresql": 1_000_000}
SCALES = {"sqlite": (10_000, 100_000, 200_000, 1_000_000), "postgresql": (10_000, 100_000, 1_000_000)}
HEAD = (
    f"{'database':<11}{'showings':>9}  {'asked':<40}{'db p50':>8}{'p95 ms':>8}{'CPU':>8}{'whole p50':>11}"
    f"{'p95 ms':>8}{'queries':>9}"
)


def run(scales: Sequence[int], vendors: Sequence[str] = ("sqlite", "postgresql")) -> Iterator[str]:
    """The lines of the report, as they come; *scales* for every database, by default those of ``SCALES``."""
    if "postgresql" in vendors and not postgres_answers():
        yield "PostgreSQL does not answer at PGURL: its rows are left out"
        vendors = [vendor for vendor in vendors if vendor != "postgresql"]
    for vendor in vendors:
        for scale in scales or SCALES[vendor]:
            with surroundings(vendor) as environment:
                yield from _one(environment, vendor, scale)


def _one(environment: dict[str, str], vendor: str, scale: int) -> Iterator[str]:
    filled = measured(environment, "benchmarks.search_child", "fill", str(scale))
    yield (
        f"{vendor} {scale}: rows made in {filled['made']:.0f} s, indexed in {filled['indexed']:.0f} s "
        f"({filled['entries'] / filled['indexed']:.0f} entries/s), {filled['words']} words, "
        f"{filled['size_mb']:.0f} MB"
    )
    yield HEAD
    promised = scale <= LARGEST[vendor]
    over = []
    for asked in measured(environment, "benchmarks.search_child", "ask")["asked"]:
        is_over = promised and asked["name"].startswith("24 hits") and asked["db_p95"] > LIMIT
        over += [asked["name"]] * is_over
        yield f"{vendor:<11}{scale:>9}  {_row(asked)}{'  OVER' if is_over else ''}"
    told = f"at most {LIMIT} ms in the database: " + ("over: " + "; ".join(over) if over else "all within")
    yield f"  first 24 hits, {told if promised else 'beyond the size that is promised'}"


def _row(asked: Mapping[str, float | str]) -> str:
    return (
        f"{asked['name']:<40}{asked['db_p50']:>8.1f}{asked['db_p95']:>8.1f}{asked['cpu']:>8.1f}"
        f"{asked['p50']:>11.1f}{asked['p95']:>8.1f}{asked['queries']:>9}"
    )
