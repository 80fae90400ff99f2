"""Ingest against the numbers of the design: first ingest, unchanged feed, memory.

Every figure comes from a real ingest over HTTP from the simulator in another process. A ratio compares two
measurements of the same run on the same machine. «Own» seconds leave out the waiting for upstream.
"""

from collections.abc import Iterator, Sequence

from benchmarks.processes import measured, postgres_answers, simulator, surroundings
from providers import registry

SLUGS = tuple(registry.discover())
HEAD = (
    f"{'database':<11}{'showings':>9} {'provider':<16}{'rows':>8}{'s':>8}{'own s':>8}{'rows/s':>8}{'own':>8}"
    f"{'peak MB':>9}"
)


def run(scales: Sequence[int]) -> Iterator[str]:
    """The lines of the report, as they come."""
    vendors = ["sqlite", *(["postgresql"] if postgres_answers() else [])]
    if len(vendors) == 1:
        yield "PostgreSQL does not answer at PGURL: its rows are left out"
    peaks: dict[tuple[str, str], dict[int, float]] = {}
    for vendor in vendors:
        for scale in scales:
            yield from _one(vendor, scale, peaks)
    yield ""
    for (vendor, slug), by_scale in peaks.items():
        least, most = min(by_scale), max(by_scale)
        if least != most:
            more = by_scale[most] - by_scale[least]
            yield f"memory {vendor} {slug}: {more:+.0f} MB at {most} showings beside {least} (at most 60)"


def _one(vendor: str, scale: int, peaks: dict[tuple[str, str], dict[int, float]]) -> Iterator[str]:
    with surroundings(vendor) as environment, simulator(environment, scale) as connected:
        yield HEAD
        rows, seconds, own = 0, 0.0, 0.0
        for slug in SLUGS:
            first = measured(connected, "benchmarks.ingest_child", "ingest", slug)
            peaks.setdefault((vendor, slug), {})[scale] = first["peak_mb"]
            its_own = first["map"] + first["store"]
            rows, seconds, own = rows + first["rows"], seconds + first["seconds"], own + its_own
            yield (
                f"{vendor:<11}{scale:>9} {slug:<16}{first['rows']:>8}{first['seconds']:>8.1f}{its_own:>8.1f}"
                f"{first['rows'] / first['seconds']:>8.0f}{first['rows'] / its_own:>8.0f}{first['peak_mb']:>9.0f}"
            )
        for slug in SLUGS:
            reading = measured(connected, "benchmarks.ingest_child", "reading", slug)
            again = measured(connected, "benchmarks.ingest_child", "ingest", slug)
            yield (
                f"  unchanged {slug}: {again['seconds']:.2f} s, {again['documents']} documents, "
                f"{again['written']} rows written; {again['seconds'] / reading['seconds']:.2f} x "
                f"reading, parsing and hashing ({reading['seconds']:.2f} s; at most 2)"
            )
        floor = measured(connected, "benchmarks.ingest_child", "floor")
        bare = floor["rows"] / floor["seconds"]
        yield (
            f"  bare bulk_create of the same {floor['rows']} rows: {bare:.0f} rows/s; first ingest reaches "
            f"{rows / seconds / bare:.2f} of it, {rows / own / bare:.2f} without waiting for upstream (at least 0.33)"
        )
