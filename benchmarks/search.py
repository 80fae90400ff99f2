"""Search against the numbers of the design: common, middle, rare and misspelt words, with and without filters.

Rows are made by ``bulk_create`` in a process of their own and indexed as ``manage.py reindex`` does. Times are whole:
reading the question, asking the database and making model instances of what it gives, as p50 and p95 over many words
from the middle of the programme on. Nothing that was counted is kept from one to the next. «Work» is p95 of the time
that a processor was had for it, which other work on the machine does not lengthen. Each size has a fresh database.
"""

from collections.abc import Iterator, Sequence

from benchmarks.processes import measured, postgres_answers, surroundings

# At most so many milliseconds for the first 24 hits, up to so many showings.
LIMIT, LARGEST = 50, {"sqlite": 200_000, "postgresql": 1_000_000}
HEAD = f"{'database':<11}{'showings':>9}  {'asked':<34}{'p50 ms':>8}{'p95 ms':>8}{'work ms':>9}{'queries':>9}"


def run(scales: Sequence[int]) -> Iterator[str]:
    """The lines of the report, as they come."""
    vendors = ["sqlite", *(["postgresql"] if postgres_answers() else [])]
    if len(vendors) == 1:
        yield "PostgreSQL does not answer at PGURL: its rows are left out"
    for vendor in vendors:
        for scale in scales:
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
    worst = work = 0.0
    for asked in measured(environment, "benchmarks.search_child", "ask")["asked"]:
        if asked["name"].startswith("24 hits"):
            worst, work = max(worst, asked["p95"]), max(work, asked["work"])
        yield (
            f"{vendor:<11}{scale:>9}  {asked['name']:<34}{asked['p50']:>8.1f}{asked['p95']:>8.1f}"
            f"{asked['work']:>9.1f}{asked['queries']:>9}"
        )
    told = f"at most {LIMIT}" if scale <= LARGEST[vendor] else "beyond the size that is promised"
    yield f"  slowest p95 of the first 24 hits: {worst:.1f} ms, of work {work:.1f} ms ({told})"
