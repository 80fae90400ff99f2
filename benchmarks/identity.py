"""How well the rules tell that two rows are one; measured in a process that has the settings."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import printed, surroundings_in


def report(shared: Path) -> Iterator[str]:
    """The lines that ``make bench`` prints; *shared* is the folder of recordings, which may be absent."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as folder:
        yield from printed(surroundings_in(folder), "benchmarks.identity_child", str(shared)).splitlines()
