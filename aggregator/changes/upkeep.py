"""What a tick does for the feed."""

import time
from datetime import datetime

from aggregator.changes import feed, seats


def tend(now: datetime) -> None:
    """Report seats that waited long enough and clear away what is old; what is too much is left to the next tick."""
    feed.restart_if_moved()
    for _ in range(feed.CHUNKS):
        if not seats.report_waiting(now):
            break
        time.sleep(feed.PAUSE)
    feed.prune(now)
