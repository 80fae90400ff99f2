"""Two addresses for machines."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aggregator import heartbeat


@pytest.mark.django_db
def test_a_living_process_says_so_with_its_commit_and_asks_nobody(client: Client) -> None:
    with CaptureQueriesContext(connection) as context:
        answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert re.fullmatch(r"[0-9a-f]{40}|unknown", answer.json()["version"])
    assert len(context) == 0
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_whole_is_ready_when_every_part_is(client: Client) -> None:
    heartbeat.record()
    answer = client.get("/readyz")
    assert answer.json() == {
        "status": "ok",
        "parts": {"database": "ok", "migrations": "ok", "broker": "ok", "worker": "ok"},
    }
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_worker_that_was_never_heard_of_is_not_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker"] == "no sign of life"


@pytest.mark.django_db
def test_a_worker_that_fell_silent_is_not_ready(client: Client) -> None:
    heartbeat.record()
    cache.set(heartbeat.KEY, cache.get(heartbeat.KEY) - 100)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert re.fullmatch(r"last heard of 100 s ago", answer.json()["parts"]["worker"])


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_is_not_applied_is_counted(client: Client) -> None:
    heartbeat.record()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    try:
        answer = client.get("/readyz")
    finally:
        from django.core.management import call_command

        call_command("migrate", "sessions", fake=True, verbosity=0)
    assert answer.status_code == 503
    assert answer.json()["parts"]["migrations"] == "1 not applied"


def test_a_broken_part_is_named_without_its_exceptions_words(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    from aggregator.web import health

    def broken() -> str:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(health, "CHECKS", {"database": broken})
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"database": "failed (RuntimeError)"}
