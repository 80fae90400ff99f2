"""Providers pointed at something that answers over HTTP, and ingested as the worker does it.

Nothing here names a provider: whatever the registry finds is asked the same way.
"""

import logging
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aggregator.http import Limits
from aggregator.ingest import pipeline, schedule
from aggregator.models import (
    Category,
    Credit,
    Event,
    Festival,
    Film,
    Image,
    IngestRun,
    Offer,
    Organisation,
    Person,
    Provenance,
    Rejection,
    RequestWindow,
    Section,
    Selection,
    Showing,
    Source,
    SourceDocument,
    Term,
    Venue,
)
from aggregator.provider import Configured
from aggregator.vocabulary import Mode, RunState
from providers import registry
from providers.simulation import Running, running
from providers.simulation.simulator import discover

#: A Monday in the middle of nothing: simulated worlds follow from the day, and tests want the same one.
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
#: The providers that have showings; an API without has nothing that a fault in a time could make unfit.
WITH_SHOWINGS = sorted(
    slug for slug, simulator in discover().items() if simulator.weight and slug in registry.discover()
)

LISTINGS: tuple[Any, ...] = (
    *(Festival, Section, Venue, Organisation, Person, Category, Term, Film, Selection, Event, Showing),
)
PARTS: tuple[Any, ...] = (Credit, Image, Offer, Provenance)
_TABLES = tuple(model._meta.db_table for model in (*LISTINGS, *PARTS))


@dataclass
class Upstream:
    """One provider, the simulation that it is pointed at, and the settings that point it there."""

    slug: str
    simulation: Running
    configured: Configured
    settings: Any

    def ingest(
        self,
        mode: Mode = Mode.FULL,
        *,
        full: bool = False,
        force: bool = False,
        limits: Limits | None = None,
    ) -> IngestRun:
        """One run from beginning to end, at the simulation's time; *limits* replace the provider's own.

        A provider that counts its requests finds an allowance that nothing was spent of.
        """
        self.let_allowance_return()
        provider = self.configured.provider
        usual = replace(provider, limits=limits or provider.limits)
        self.settings.PROVIDERS = self.settings.PROVIDERS | {
            self.slug: replace(self.configured, provider=usual)
        }
        run = schedule.request(self.slug, mode, self.simulation.now(), full=full, force=force)
        done = schedule.work(self.slug, only=run.pk, clock=self.simulation.now)
        assert done is not None
        return done

    def ingest_patiently(self, mode: Mode = Mode.FULL, *, full: bool = False) -> IngestRun:
        """As ``ingest``, sitting out what upstream allows per window of time."""
        run = self.ingest(mode, full=full)
        for _ in range(10):
            if run.state != RunState.WAITING:
                break
            self.simulation.advance((run.due_at - self.simulation.now()).total_seconds() + 1)
            run = self.ingest(mode, full=full)
        return run

    def let_allowance_return(self) -> None:
        """Let the windows pass in which requests were spent. Where time is real, it passes for the simulation alone
        and what we counted is struck off."""
        spent = RequestWindow.objects.filter(provider=self.slug)
        self.simulation.advance(max(spent.values_list("seconds", flat=True), default=0))
        spent.delete()

    def command(self, *words: str) -> "Said":
        """``manage.py`` with these words, with an allowance that nothing was spent of."""
        self.let_allowance_return()
        return command(*words)

    def asked(self) -> list[str]:
        """The paths asked for since the log was last emptied, which this does."""
        paths = [served.path for served in self.simulation.requests]
        self.simulation.forget_requests()
        return paths


@contextmanager
def upstream(
    slug: str,
    settings: Any,
    *,
    scale: int = 60,
    now: Any = NOW,
    **options: Any,
) -> Iterator[Upstream]:
    """*slug*'s simulator at work and the settings pointed at it."""
    with running([slug], scale=scale, now=now, **options) as simulation:
        yield pointed(slug, simulation, settings)


def pointed(
    slug: str,
    simulation: Running,
    settings: Any,
    *,
    environ: Mapping[str, str] | None = None,
) -> Upstream:
    """The settings with *slug* pointed at *simulation*, and nothing else that has credentials."""
    entries = registry.configure({**simulation.environment(), **(environ or {})})
    settings.PROVIDERS = entries
    assert entries[slug].config is not None, f"the simulator's settings leave {slug} without credentials"
    return Upstream(slug, simulation, entries[slug], settings)


def rows() -> dict[str, Any]:
    """Every listing row as far as ingest decides it: kind, external id, prints, whether it is withdrawn."""
    found: dict[str, Any] = {}
    for model in LISTINGS:
        columns = ["external_id", "id", "fingerprint", "withdrawn_at"]
        if model is Showing:
            columns += ["seats_fingerprint", "starts_at"]
        for row in model.objects.values_list(*columns):
            found[f"{model.__name__} {row[0]}"] = row[1:]
    return found


def withdrawn() -> list[str]:
    """External ids of everything that is withdrawn."""
    ids: list[str] = []
    for model in LISTINGS:
        ids += model.objects.exclude(withdrawn_at=None).values_list("external_id", flat=True)
    return sorted(ids)


@contextmanager
def listing_writes() -> Iterator[list[str]]:
    """The statements within the block that write to a listing row or a part of one."""
    written: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield written
    for query in queries.captured_queries:
        words = query["sql"]
        if words.startswith(("INSERT", "UPDATE", "DELETE")) and words.split('"')[1] in _TABLES:
            written.append(words)


def everything_kept() -> Iterator[tuple[str, bytes]]:
    """All that ingest stores in words: runs, sources, documents and what was refused."""
    for run in IngestRun.objects.all():
        yield f"run {run.pk}", f"{run.message} {run.reason} {run.position} {run.cursors} {run.held}".encode()
    for source in Source.objects.all():
        yield f"source {source.slug}", f"{source.message} {source.reason} {source.binding}".encode()
    for document in SourceDocument.objects.all():
        stored = f"{document.url} {document.key} {document.scope} {document.validator}".encode()
        yield f"document {document.kind} {document.key}", stored + zlib.decompress(document.body)
    for refused in Rejection.objects.all():
        stored = f"{refused.url} {refused.key} {refused.message} {refused.path}".encode()
        yield f"rejection {refused.kind} {refused.key}", stored + zlib.decompress(refused.body)


def secrets_of(configured: Configured) -> tuple[str, ...]:
    """The configured secrets as text."""
    assert configured.config is not None
    return tuple(value.decode() for value in pipeline.secret_values(configured.config))


class _Parrot(BaseHTTPRequestHandler):
    """Answers whatever it is asked with the request itself."""

    status = 200

    def do_GET(self) -> None:
        told = "; ".join(f"{name}: {value}" for name, value in self.headers.items()).replace('"', "'")
        body = f'{{"error": "{self.path} {told}"}}'.encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@contextmanager
def parrot(status: int) -> Iterator[str]:
    """The base URL of a server that repeats every request, headers and all, in an error under *status*."""
    handler = type("Parrot", (_Parrot,), {"status": status})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def talkative() -> Iterator[list[str]]:
    """Everything that is logged at DEBUG within the block, whatever levels the loggers have been given."""
    lines: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(
                f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''} {vars(record)}"
            )

    listener = Listening(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in (None, "aggregator", "providers", "urllib3", "celery")]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(listener)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(listener)
        for logger, level in before:
            logger.setLevel(level)


@dataclass(frozen=True)
class Said:
    """What a command did: its exit code and what it wrote to its two streams."""

    code: int
    out: str
    err: str


def command(*words: str) -> Said:
    """``manage.py`` with these words, in this process and on the test's database."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(*words, stdout=out, stderr=err, no_color=True)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    return Said(code, out.getvalue(), err.getvalue())
