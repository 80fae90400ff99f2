"""What tests of the feed of changes share."""

import time

from django.db import connection

from aggregator.changes import feed
from aggregator.models import Change


def settle(seconds: float = 60.0) -> None:
    """Wait until all changes that are committed are served.

    On PostgreSQL the transactions of other databases of the same server hold them back.
    """
    end = time.monotonic() + seconds
    while connection.vendor == "postgresql" and len(feed.page(feed.START, 10**6)) < Change.objects.count():
        assert time.monotonic() < end, "a transaction on this server does not end"
        time.sleep(0.02)
