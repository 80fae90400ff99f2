"""``make bench``: print every measurement. ``SCALES`` (default ``1000,10000,100000``) sets the sizes of an ingest,
``CONTENTION`` (default ``100000``) that of the one beside which a writer and readers work.
"""

import os

from benchmarks import contention, ingest


def main() -> None:
    """Print the report line by line."""
    scales = [int(part) for part in os.environ.get("SCALES", "1000,10000,100000").split(",")]
    for line in ingest.run(scales):
        print(line, flush=True)
    print(flush=True)
    for line in contention.report(contention.measure(int(os.environ.get("CONTENTION", "100000")))):
        print(line, flush=True)


if __name__ == "__main__":
    main()
