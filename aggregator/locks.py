"""Who may write what the API shows at the same time as whom.

Hiding an event by hand hides its showings, and it must see all of them: one that an ingest is just committing too. So
ingest's transactions, which may go on beside each other, share a lock that a hand takes alone. Both take it before
anything is written, so that the order of the transactions' numbers is that in which they had their say. Making entries
of the search table anew takes it alone as well: what it has read of the rows must still be so when it writes. SQLite
has one writer and needs none of this.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_KEY = 0x4D61_7271  # any number that nobody else uses


def beside_others() -> None:
    """Share the lock until the transaction ends. Call it as the first statement of a transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_KEY])


@contextmanager
def alone() -> Iterator[None]:
    """A transaction in which nobody else writes what the API shows. Keep it short."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_KEY])
        yield
