"""``make bench``: print every measurement, or the parts named: ``python -m benchmarks identity search``.

Sizes come from the environment: ``SCALES`` (``1000,10000,100000``) of an ingest, ``CONTENTION`` (``100000``) of the one
beside which a writer and readers work, ``API`` (``100000``) and ``SEARCH`` (``10000,100000``; the design speaks of a
million) the showings that are asked for.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import api, contention, identity, ingest, pages, pictures, search

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _size(name: str, usual: str) -> list[int]:
    return [int(part) for part in os.environ.get(name, usual).split(",")]


PARTS: dict[str, Callable[[], Iterable[str]]] = {
    "identity": lambda: identity.report(SHARED),
    "pages": pages.report,
    "pictures": pictures.run,
    "ingest": lambda: ingest.run(_size("SCALES", "1000,10000,100000")),
    "search": lambda: search.run(_size("SEARCH", "10000,100000")),
    "api": lambda: api.report(_size("API", "100000")[0]),
    "contention": lambda: contention.report(contention.measure(_size("CONTENTION", "100000")[0])),
}


def main(names: list[str]) -> None:
    """Print the report of each part line by line."""
    for name in names or PARTS:
        for line in PARTS[name]():
            print(line, flush=True)
        print(flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
