"""Lists as JSON Lines, one object a line: a snapshot, from which the feed of changes goes on.

The rows are read in pieces, each in a query of its own, so no transaction stays open while somebody reads slowly.
Whatever changes meanwhile comes after the cursor that the header names, which is taken before the first row is read.
"""

import json
from collections.abc import Iterator

from aggregator.addresses import absolute
from aggregator.api.fields import Json
from aggregator.api.questions import Question
from aggregator.api.resources import Resource
from aggregator.changes import feed

CURSOR = "Changes-Cursor"


def write(resource: Resource, question: Question, pieces: Iterator[list[Json]]) -> Iterator[bytes]:
    """The objects in *pieces*, each as JSON and a line feed."""
    for piece in pieces:
        yield b"".join(
            json.dumps(one, ensure_ascii=False).encode("utf-8", "replace") + b"\n" for one in piece
        )


def headers() -> dict[str, str]:
    """Where the feed of changes goes on. Ask for it before the first row is read."""
    cursor = feed.written(feed.now(), feed.era())
    return {CURSOR: cursor, "Link": f'<{absolute("/api/v1/changes/")}?after={cursor}>; rel="next"'}
