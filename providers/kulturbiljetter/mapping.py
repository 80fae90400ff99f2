"""From one event's details to records."""

from collections.abc import Sequence
from typing import Any

from aggregator.provider import Document
from aggregator.records import Record


def to_records(document: Document, config: Any) -> Sequence[Record]:
    raise NotImplementedError
