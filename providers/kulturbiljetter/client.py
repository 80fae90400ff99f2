"""Reading Kulturbiljetter's Events API."""

from collections.abc import Iterator

from aggregator.provider import Batch, Visit


def fetch(visit: Visit) -> Iterator[Batch]:
    raise NotImplementedError
