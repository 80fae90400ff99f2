"""What one process measures about ingest: run as ``python -m benchmarks.ingest_child WHAT [slug]``.

``ingest`` ingests one provider and prints its run's account and this process's peak memory; ``floor`` writes the rows
that are there once more with bare ``bulk_create`` and prints how long that took; ``reading`` reads, parses and hashes
the provider's documents without storing anything.
"""

import json
import os
import resource
import sys
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")


def ingest(slug: str) -> dict[str, Any]:
    """One run of *slug* with an account of where its seconds went."""
    from django.db import connection
    from django.utils import timezone

    from aggregator.ingest import schedule
    from aggregator.models import IngestRun
    from aggregator.vocabulary import Mode

    before = _rows()
    started, cpu = time.perf_counter(), time.process_time()
    run = schedule.request(slug, Mode.FULL, timezone.now())
    schedule.work(slug, only=run.pk)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    run = IngestRun.objects.get(pk=run.pk)
    if run.state != "healthy":
        raise SystemExit(f"{slug}: {run.state} {run.reason} {run.message}")
    connection.close()
    return {
        "seconds": seconds,
        "cpu": cpu,
        "fetch": run.fetch_seconds,
        "map": run.map_seconds,
        "store": run.store_seconds,
        "rows": _rows() - before,
        "documents": run.listed,
        "requests": run.requests,
        "written": run.created + run.updated + run.seats,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _tables() -> list[Any]:
    """Every table that ingest fills with what it read, those that are referred to first."""
    from aggregator.ingest.shapes import SHAPES
    from aggregator.models import Credit, Event, Image, Offer, Provenance, Showing, SourceDocument

    parts = [Image, Credit, Offer, Event.categories.through, Showing.further_venues.through]
    return [*(shape.model for shape in SHAPES), *parts, SourceDocument, Provenance]


def _rows() -> int:
    return sum(model.objects.count() for model in _tables())


def floor() -> dict[str, Any]:
    """Write every row that is there once more, into emptied tables, in the largest statements that fit.

    All other tables of ours are emptied as well: they refer to these rows.
    """
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection, transaction

    for model in _tables():
        if any(field.name == "picture" for field in model._meta.fields):
            model.objects.update(picture=None)  # else rows and pictures refer to each other
    held = [(model, list(model.objects.all())) for model in _tables()]
    ours = apps.get_app_config("aggregator").get_models(include_auto_created=True)
    tables = [model._meta.db_table for model in ours]
    connection.ops.execute_sql_flush(
        connection.ops.sql_flush(no_style(), tables, reset_sequences=False, allow_cascade=True)
    )
    for _, objects in held:
        for row in objects:
            # A row and its lead picture name each other; one of the two has to come first.
            if hasattr(row, "picture_id"):
                row.picture_id = None
    rows, seconds = 0, 0.0
    for model, objects in held:
        started = time.perf_counter()
        with transaction.atomic():
            model.objects.bulk_create(objects, batch_size=500)
        seconds += time.perf_counter() - started
        rows += len(objects)
    connection.close()
    return {"rows": rows, "seconds": seconds}


def reading(slug: str) -> dict[str, Any]:
    """Fetch everything and hash it as the intake does; stores nothing, compares nothing."""
    from django.conf import settings
    from django.utils import timezone

    from aggregator.http import HttpClient
    from aggregator.ingest import documents, pipeline
    from aggregator.vocabulary import Mode

    entry = settings.PROVIDERS[slug]
    visit = pipeline.RunVisit(
        http=HttpClient(allowed_origins=entry.config.origins(), limits=entry.provider.limits),
        config=entry.config,
        mode=Mode.FULL,
        now=timezone.now(),
        position={},
        provider=slug,
        binding=pipeline.binding_of(entry.config),
        fresh=False,
    )
    secrets = pipeline.secret_values(entry.config)
    started, cpu, count = time.perf_counter(), time.process_time(), 0
    for batch in entry.provider.fetch(visit):
        for document in batch.documents:
            documents.digest(documents.prepare(document, entry.provider.never_store, secrets))
            count += 1
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "documents": count,
    }


def main() -> None:
    """Measure what the command line names and print it as JSON."""
    import django

    django.setup()
    what, *rest = sys.argv[1:]
    print(json.dumps({"ingest": ingest, "floor": floor, "reading": reading}[what](*rest)))


if __name__ == "__main__":
    main()
