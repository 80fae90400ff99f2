"""Two addresses for machines: is the process alive, and can the whole do its work."""

import os
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aggregator import heartbeat


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers, with the commit it runs. Looks at nothing else."""
    return JsonResponse({"status": "ok", "version": settings.VERSION})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200, or 503 and per part one sentence on what is not ready. Never asks a provider."""
    parts = {name: _said(check) for name, check in CHECKS.items()}
    ready = all(said == "ok" for said in parts.values())
    answer: dict[str, Any] = {"status": "ok" if ready else "not ready", "parts": parts}
    return JsonResponse(answer, status=200 if ready else 503)


def _said(check: Callable[[], str]) -> str:
    """What *check* says; of an exception only its type, for its text may name hosts and users."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001  whatever fails, the answer is that this part is not ready
        return f"failed ({type(error).__name__})"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied" if waiting else "ok"


def _broker() -> str:
    if settings.CELERY_BROKER_URL == "filesystem://":
        return "ok" if os.access(settings.BROKER_DIR, os.W_OK | os.X_OK) else "its folder cannot be written"
    with current_app.connection_for_write(connect_timeout=2) as broker:
        # With Redis this opens a channel, which begins with a PING.
        broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=2)
    return "ok"


def _worker() -> str:
    age = heartbeat.age()
    if age is None:
        return "no sign of life"
    return "ok" if age < heartbeat.STALE_AFTER else f"last heard of {age:.0f} s ago"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
}
