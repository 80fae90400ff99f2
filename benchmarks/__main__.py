"""``make bench``: print every measurement, or the parts named: ``python -m benchmarks identity search``.

Sizes come from the environment: ``SCALES`` (``1000,10000,100000``) of an ingest, ``CONTENTION`` (``100000``) of the one
beside which a writer and readers work, ``API`` and ``PAGES`` (``100000``) the showings that are asked for, ``SEARCH``
those that are searched in, on the databases that ``VENDORS`` names (``sqlite,postgresql``): without it up to a million.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import api, contention, identity, ingest, pages, pictures, search

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _size(name: str, usual: str) -> list[int]:
    return [int(part) for part in os.environ.get(name, usual).split(",")]


def _search() -> Iterable[str]:
    scales = _size("SEARCH", "0")
    vendors = os.environ.get("VENDORS", "sqlite,postgresql").split(",")
    return search.run(scales if any(scales) else (), vendors)


PARTS: dict[str, Callable[[], Iterable[str]]] = {
    "identity": lambda: identity.report(SHARED),
    "pages": lambda: pages.report(_size("PAGES", "100000")),
    "pictures": pictures.run,
    "ingest": lambda: ingest.run(_size("SCALES", "1000,10000,100000")),
    "search": _search,
    "api": lambda: api.report(_size("API", "100000")[0]),
    "contention": lambda: contention.report(contention.measure(_size("CONTENTION", "100000")[0])),
}


def main(names: list[str]) -> int:
    """Print the report of each part line by line; 1 where the API missed a number of the design."""
    missed = False
    for name in names or PARTS:
        for line in PARTS[name]():
            print(line, flush=True)
            missed = missed or api.OVER in line
        print(flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
