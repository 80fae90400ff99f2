"""Stored documents: how they are prepared, recognised, kept, and tied to the rows that came of them."""

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Greatest

from aggregator.ingest import rows
from aggregator.models import IngestRun, Provenance, Rejection, SourceDocument
from aggregator.provider import Document
from aggregator.vocabulary import Kind

DocumentId = tuple[str, str]

_COLUMNS = (
    *("provider", "kind", "key", "scope", "url", "media_type", "validator", "content_hash", "body"),
    *("mapping_version", "fetched_at", "last_seen_at", "seen_run", "gone_at"),
)


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """What is stored of a document, as far as recognising it needs."""

    id: int
    content_hash: str
    validator: str
    mapping_version: int
    gone: bool
    seen_run: int


def prepare(document: Document, never_store: Sequence[str], secrets: Iterable[bytes]) -> Document:
    """The document as it may be stored: without the fields that are never stored and without our own secrets."""
    body = document.body
    if never_store and document.media_type == "application/json":
        body = _without(body, never_store)
    body = scrubbed(body, secrets)
    return document if body is document.body else replace(document, body=body)


def _without(body: bytes, names: Sequence[str]) -> bytes:
    """A JSON object without some of its keys; nothing at all of what cannot be read and so cannot be cleaned."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return b""
    if not isinstance(content, dict) or not any(name in content for name in names):
        return body
    kept = {name: value for name, value in content.items() if name not in names}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def scrubbed(body: bytes, secrets: Iterable[bytes]) -> bytes:
    """*body* without our own secrets, which some upstreams repeat; the same object where it holds none."""
    for secret in secrets:
        if secret in body:
            body = body.replace(secret, b"***")
    return body


def digest(document: Document) -> str:
    """32 hex digits over scope and body; the same print means that mapping it again would change nothing."""
    hashed = hashlib.blake2b(document.scope.encode() + b"\0", digest_size=16)
    hashed.update(document.body)
    return hashed.hexdigest()


def by_kind(ids: Iterable[DocumentId]) -> Mapping[str, list[str]]:
    """Keys grouped by document kind."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for kind, key in ids:
        grouped[kind].append(key)
    return grouped


def named(provider: str, ids: Iterable[DocumentId]) -> Q:
    """The condition for these documents, on any table that names documents by provider, kind and key."""
    condition = Q(pk__in=())
    for kind, keys in by_kind(ids).items():
        condition |= Q(provider=provider, kind=kind, key__in=keys)
    return condition


def known(provider: str, ids: Sequence[DocumentId]) -> dict[DocumentId, KnownDocument]:
    """The stored documents among *ids*, in one query."""
    stored = SourceDocument.objects.filter(named(provider, ids)).values_list(
        "kind", "key", "id", "content_hash", "validator", "mapping_version", "gone_at", "seen_run"
    )
    return {
        (kind, key): KnownDocument(pk, content, validator, version, gone_at is not None, seen_run)
        for kind, key, pk, content, validator, version, gone_at, seen_run in stored
    }


def mark_seen(provider: str, ids: Sequence[DocumentId], mark: int, now: datetime) -> None:
    """Note that upstream still lists *ids*; stored content stays. *mark*: see ``save``."""
    if ids:
        SourceDocument.objects.filter(named(provider, ids)).update(
            seen_run=Greatest(F("seen_run"), mark), last_seen_at=now
        )


def newest_run(provider: str) -> int:
    """The newest run of *provider* that has begun; 0 where none has."""
    begun = IngestRun.objects.filter(provider=provider).exclude(started_at=None)
    return begun.aggregate(newest=Max("pk"))["newest"] or 0


def save(
    provider: str,
    documents: Sequence[tuple[Document, str]],
    present: Mapping[DocumentId, KnownDocument],
    mark: int,
    version: int,
    now: datetime,
) -> dict[DocumentId, int]:
    """Store documents with their digests, in one statement; gives their row ids.

    *mark* is the newest run that has begun, which need not be the one that writes: what any run sees after another
    began, that other one has to take for seen.
    """
    values = [
        (
            *(provider, document.kind, document.key, document.scope, document.url, document.media_type),
            *(document.validator, content_hash, zlib.compress(document.body, 1), version, now, now),
            max(mark, row.seen_run) if (row := present.get((document.kind, document.key))) else mark,
            None,
        )
        for document, content_hash in documents
    ]
    ids = rows.overwrite(
        SourceDocument, _COLUMNS, values, key=("provider", "kind", "key"), changed=_COLUMNS[3:]
    )
    return {(document.kind, document.key): pk for (document, _), pk in zip(documents, ids, strict=True)}


def mapped_again(provider: str, ids: Sequence[DocumentId], version: int) -> dict[DocumentId, int]:
    """Note that stored documents were mapped with *version*, and nothing else; gives their row ids."""
    stored = SourceDocument.objects.filter(named(provider, ids))
    stored.update(mapping_version=version)
    return {(kind, key): pk for kind, key, pk in stored.values_list("kind", "key", "id")}


def restored(row: SourceDocument) -> Document:
    """The stored document as its provider's ``map`` takes it."""
    return Document(
        kind=row.kind,
        key=row.key,
        body=zlib.decompress(row.body),
        media_type=row.media_type,
        scope=row.scope,
        validator=row.validator,
        url=row.url,
    )


def link(rows_of: Mapping[int, Mapping[tuple[Kind, int], bool]], fresh: set[int]) -> None:
    """Tie documents to the rows they speak of now; rows they no longer speak of stay tied as not current.

    *rows_of* maps a document's row id to its rows, True where it has the last word about the row. A mention in passing
    makes no tie, but keeps one from the time when it was all there was. Documents in *fresh* have no ties yet.
    """
    older = [pk for pk in rows_of if pk not in fresh]
    present: dict[int, dict[tuple[Kind, int], tuple[int, bool]]] = defaultdict(dict)
    if older:
        ties = Provenance.objects.filter(document_id__in=older)
        for pk, document, kind, row, current in ties.values_list(
            "id", "document_id", "kind", "row", "current"
        ):
            present[document][Kind(kind), row] = pk, current
    new = []
    turned: dict[bool, list[int]] = {True: [], False: []}
    for document, told in rows_of.items():
        ties_now = present.get(document, {})
        new += [
            (document, *tie, True) for tie, last_word in told.items() if last_word and tie not in ties_now
        ]
        for tie, (pk, current) in ties_now.items():
            if current != (tie in told if current else told.get(tie, False)):
                turned[not current].append(pk)
    rows.insert(Provenance, ("document_id", "kind", "row", "current"), new)
    for current, ids in turned.items():
        if ids:
            Provenance.objects.filter(id__in=ids).update(current=current)


def stored(provider: str, *, stale_for: int | None = None, size: int = 100) -> Iterator[list[SourceDocument]]:
    """All live documents of *provider* in chunks, in the order of their ids.

    *stale_for* keeps to those whose rows were not written with that mapping version, nor refused by it.
    """
    last = 0
    while True:
        live = SourceDocument.objects.filter(provider=provider, gone_at=None, id__gt=last)
        if stale_for is not None:
            refused = Rejection.objects.filter(provider=provider, kind=OuterRef("kind"), key=OuterRef("key"))
            live = live.exclude(mapping_version=stale_for).exclude(
                Exists(refused.filter(mapping_version=stale_for))
            )
        chunk = list(live.order_by("id")[:size])
        if not chunk:
            return
        last = chunk[-1].pk
        yield chunk
