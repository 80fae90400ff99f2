"""Documents that could not be mapped: kept with their reason, tried again from the store, cleared by success."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from pydantic import ValidationError

from aggregator.admission import Inadmissible, plain_text
from aggregator.ingest import documents
from aggregator.ingest.documents import DocumentId
from aggregator.models import Rejection
from aggregator.provider import Document, Refusal, Unmappable

BODY_LIMIT = 256 * 1024

# pydantic's error types that have a plainer name here; all others are a wrong type.
_REASONS = {"missing": "missing_field", "json_invalid": "malformed_document"}


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that nothing was written from, and why."""

    document: Document
    reason: str
    path: str = ""
    message: str = ""


def from_refusal(refusal: Refusal) -> Rejected:
    """An unreadable item, under a made-up key where it had none."""
    key = (
        plain_text(refusal.key or "", 200) or "?" + hashlib.blake2b(refusal.body, digest_size=12).hexdigest()
    )
    document = Document(refusal.kind, key, refusal.body, scope=refusal.scope)
    return Rejected(document, refusal.reason, refusal.path, refusal.message)


def from_error(document: Document, error: Exception) -> Rejected:
    """The reason code, field path and sentence for whatever mapping raised. Never holds a traceback."""
    if isinstance(error, Unmappable):
        return Rejected(document, error.reason, error.path, error.message)
    if isinstance(error, Inadmissible):
        return Rejected(document, error.reason, error.path)
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        return Rejected(document, _REASONS.get(first["type"], "wrong_type"), path, first["msg"])
    return Rejected(document, "mapping_error", "", type(error).__name__)


def save(provider: str, rejected: Sequence[Rejected], version: int, run_id: int, now: datetime) -> None:
    """Put documents in quarantine, or note that they were refused once more, by the mapping of *version*.

    *run_id* is the run that was sent them, 0 for documents from the store.
    """
    rows = {
        (item.document.kind, item.document.key): Rejection(
            provider=provider,
            kind=item.document.kind,
            key=item.document.key,
            scope=item.document.scope,
            reason=item.reason[:40],
            # These repeat what upstream sent, which may be what no database takes.
            path=plain_text(item.path, 300),
            message=plain_text(item.message, 1000),
            url=plain_text(item.document.url, 2000),
            media_type=item.document.media_type,
            validator=plain_text(item.document.validator, 200),
            body=zlib.compress(item.document.body[:BODY_LIMIT], 1),
            first_seen_at=now,
            last_seen_at=now,
            mapping_version=version,
            run=run_id,
        )
        for item in rejected
    }
    if not rows:
        return
    Rejection.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["provider", "kind", "key"],
        update_fields=(
            *("scope", "reason", "path", "message", "url", "media_type", "validator", "body", "last_seen_at"),
            *("mapping_version", "run"),
        ),
    )
    again = Rejection.objects.filter(documents.named(provider, list(rows)), first_seen_at__lt=now)
    again.update(attempts=F("attempts") + 1)


def clear(provider: str, ids: Sequence[DocumentId]) -> None:
    """Forget that *ids* were ever refused: they went through."""
    if ids:
        Rejection.objects.filter(documents.named(provider, ids)).delete()


def held_back(row: Rejection) -> Document:
    """The refused document as its provider's ``map`` takes it."""
    return Document(
        kind=row.kind,
        key=row.key,
        body=zlib.decompress(row.body),
        media_type=row.media_type,
        scope=row.scope,
        validator=row.validator,
        url=row.url,
    )
