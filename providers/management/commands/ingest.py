"""``manage.py ingest``: bring providers up to date now, with progress, and say how it went.

Exit codes: 0 all healthy; 1 a run failed or is held, or a named provider has no credentials or is paused by hand;
2 wrong usage.
"""

import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from aggregator.ingest import leases, pipeline, schedule
from aggregator.models import IngestRun
from aggregator.provider import Configured
from aggregator.vocabulary import Mode, RunState

# A run that upstream puts off for longer is left to the worker.
PATIENCE = 330.0
BAR = 30


class Command(BaseCommand):
    """Everything that the schedules would do in a day, at once and in this process."""

    help = "Ingest from providers: all that have credentials, or those named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments as documented in the configuration page."""
        parser.add_argument("slugs", nargs="*", metavar="slug", help="providers to ingest (default: all)")
        parser.add_argument("--full", action="store_true", help="use no cursor and no ETag")
        parser.add_argument("--force", action="store_true", help="withdraw what a held run would hold back")
        parser.add_argument("--remap", action="store_true", help="map the stored documents again, no request")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run each provider in turn and exit with the worst outcome."""
        slugs: list[str] = options["slugs"]
        if unknown := [slug for slug in slugs if slug not in settings.PROVIDERS]:
            known = ", ".join(settings.PROVIDERS)
            self.stderr.write(f"ingest: there is no provider {', '.join(unknown)}; known are {known}")
            sys.exit(2)
        if IngestRun._meta.db_table not in connection.introspection.table_names():
            self.stderr.write("ingest: the database is not set up yet; run manage.py migrate first")
            sys.exit(2)
        healthy = True
        for slug in dict.fromkeys(slugs or settings.PROVIDERS):
            entry: Configured = settings.PROVIDERS[slug]
            if options["remap"]:
                healthy &= self._remap(entry)
            elif entry.config is None:
                self.stderr.write(f"{slug}: skipped, {entry.missing or 'no credentials'}")
                healthy &= slug not in slugs
            elif schedule.paused_by_hand(slug):
                self.stderr.write(f"{slug}: skipped, it was paused by hand. Resume it in the admin.")
                healthy &= slug not in slugs
            else:
                healthy &= self._ingest(slug, full=options["full"], force=options["force"])
        if not healthy:
            sys.exit(1)

    def _ingest(self, slug: str, *, full: bool, force: bool) -> bool:
        run = schedule.request(slug, Mode.FULL, timezone.now(), full=full, force=force)
        bar = _Progress(slug)
        told = False
        while True:
            wait = (run.due_at - timezone.now()).total_seconds()
            if wait <= 0:
                schedule.work(slug, only=run.pk, progress=bar)
                run.refresh_from_db()
                wait = (run.due_at - timezone.now()).total_seconds()
            if run.state not in schedule.OPEN:
                break
            if schedule.paused_by_hand(slug):
                bar.end()
                self.stderr.write(f"{slug}: stopped, it was paused by hand. Resume it in the admin.")
                return False
            if run.state == RunState.WAITING and wait > PATIENCE:
                bar.end()
                self.stderr.write(f"{slug}: {run.message} The worker goes on at {run.due_at:%H:%M:%S} UTC.")
                return False
            if not told and (run.message or run.state == RunState.RUNNING):
                bar.end()
                self.stderr.write(f"{slug}: waiting, {run.message or 'another worker is at it'}")
                told = True
            time.sleep(min(max(wait, 0.5), 5.0))
            run.refresh_from_db()
        bar.end()
        self.stdout.write(outcome(run))
        return run.state == RunState.HEALTHY

    def _remap(self, entry: Configured) -> bool:
        slug = entry.provider.slug
        lease = leases.acquire(slug, timezone.now())
        if lease is None:
            self.stderr.write(f"{slug}: another worker is ingesting; try again when it is done")
            return False
        try:
            count = pipeline.remap(entry, lease)
        finally:
            leases.release(lease)
        self.stdout.write(f"{slug}: {count} stored documents mapped again")
        return True


def outcome(run: IngestRun) -> str:
    """One line for a run that has ended."""
    counts = ", ".join(
        f"{getattr(run, name)} {name}"
        for name in ("fetched", "created", "updated", "unchanged", "withdrawn", "restored", "rejected")
        if getattr(run, name) or name in ("fetched", "created")
    )
    took = run.finished_at - run.started_at if run.finished_at and run.started_at else timedelta(0)
    line = f"{run.provider}: {run.state}, {counts}, {took.total_seconds():.1f} s"
    if run.state == RunState.HELD:
        line += f"\n  {run.message} ({run.reason}). If it is right: manage.py ingest {run.provider} --full --force"
    elif run.state == RunState.FAILED:
        line += f"\n  {run.reason}: {run.message}"
    return line


class _Progress:
    """A bar on a terminal's error stream, else a line now and then."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.shown = 0.0
        self.drawn = False

    def __call__(self, run: IngestRun) -> None:
        terminal = sys.stderr.isatty()
        now = time.monotonic()
        if now - self.shown < (0.1 if terminal else 5.0):
            return
        self.shown = now
        fresh = IngestRun.objects.filter(pk=run.pk).values("listed", "created", "expected").get()
        listed, expected = fresh["listed"], fresh["expected"]
        share = min(listed / expected, 1.0) if expected else 0.0
        bar = "█" * round(share * BAR) + "·" * (BAR - round(share * BAR)) if expected else ""
        text = f"{self.slug:<16} {bar} {listed} documents, {fresh['created']} new rows"
        sys.stderr.write(f"\r\x1b[K{text}" if terminal else f"{text}\n")
        sys.stderr.flush()
        self.drawn = terminal

    def end(self) -> None:
        """Leave the line that the bar stands on."""
        if self.drawn:
            sys.stderr.write("\n")
            self.drawn = False
