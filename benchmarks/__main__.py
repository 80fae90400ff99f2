"""``make bench``: print every measurement. ``SCALES`` (default ``1000,10000,100000``) sets the sizes."""

import os

from benchmarks import ingest


def main() -> None:
    """Print the report line by line."""
    scales = [int(part) for part in os.environ.get("SCALES", "1000,10000,100000").split(",")]
    for line in ingest.run(scales):
        print(line, flush=True)


if __name__ == "__main__":
    main()
