"""Making the index anew beside ingest: what is written is what the rows say in the end, on both databases."""

import threading
import time

import pytest
from django.db import connection, transaction

from aggregator import changes
from aggregator.models import Event, SearchBacklog
from aggregator.search import backlog, writing
from aggregator.search.everything import search_everything
from aggregator.vocabulary import Kind
from tests import factories

PATIENCE = 60.0


@pytest.mark.only_postgres
@pytest.mark.django_db(transaction=True)
def test_the_backlog_waits_for_whoever_is_writing_rows() -> None:
    """Otherwise it reads the row, waits for its entry, and writes the old title over the new one."""
    event = factories.make_event("Nattlinjen")
    factories.index()
    backlog.postpone_all([Kind.EVENT])

    def work() -> None:
        try:
            backlog.work()
        finally:
            connection.close()

    working = threading.Thread(target=work)
    with transaction.atomic():
        changes.beside_others()
        Event.objects.filter(pk=event.pk).update(titles={"sv": "Morgontåget"})
        writing.written({}, {Kind.EVENT: [event.pk]})
        working.start()
        wait_until_somebody_waits()
    working.join(PATIENCE)
    assert not SearchBacklog.objects.exists()
    assert found("morgontåget") == [event.pk]
    assert found("nattlinjen") == []


def wait_until_somebody_waits() -> None:
    """Until another connection to this database waits for a lock."""
    end = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it is else kept
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")


def found(text: str) -> list[int]:
    return [hit.id for group in search_everything(text, "", 5) for hit in group.hits]
