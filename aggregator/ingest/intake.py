"""From fetched documents to committed rows: recognise, map, compare, then write in short transactions.

One ``Intake`` serves one attempt of one run. It knows nothing of HTTP and schedules; it is also what ``--remap`` and
a replay from quarantine go through, so that there is one way in.
"""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import DatabaseError, OperationalError, connection
from django.db.models import F

from aggregator.admission import admit
from aggregator.ingest import documents, forgetting, leases, quarantine, store
from aggregator.ingest.decide import Action
from aggregator.ingest.documents import DocumentId, KnownDocument
from aggregator.ingest.quarantine import Rejected
from aggregator.ingest.shapes import DanglingReference
from aggregator.models import IngestRun, Rejection
from aggregator.provider import Document, Provider, Refusal
from aggregator.readers import INVALID
from aggregator.records import Record
from aggregator.vocabulary import Kind

logger = logging.getLogger(__name__)

# Rows per transaction: 200, and more only while one takes less than 50 ms; see DESIGN, SQLite manners.
FIRST_ROWS = 200
MOST_ROWS = {"sqlite": 800, "postgresql": 2000}
LONGEST = 0.050

# What a single document can do to a transaction without the database being at fault.
_UNSTORABLE = (DatabaseError, DanglingReference, ValueError, TypeError, ArithmeticError)
_INVALID = INVALID.encode()


@dataclass(frozen=True, slots=True)
class Mapped:
    """A document that called for mapping, and the records that came of it."""

    document: Document
    digest: str
    records: tuple[Record, ...]

    @property
    def id(self) -> DocumentId:
        return self.document.kind, self.document.key


class Origin(Enum):
    """Where documents come from."""

    UPSTREAM = "upstream"
    STORE = "store"
    QUARANTINE = "quarantine"


class AskedAnew(Exception):
    """Somebody asked this run to read everything anew while it was under way: it has to begin again."""


@dataclass
class Intake:
    """Takes documents and writes what they call for.

    lease: every commit checks it. run_id: counted there and marked on documents; 0 for none (replay).
    config: the provider's settings, handed to ``map``. secrets: never stored even where upstream echoes them.
    mark: what seen documents are marked with, see ``documents.save``.
    fresh: whether the run reads everything anew; a run that was asked to meanwhile takes nothing more from this.
    origin: where the documents come from. What does not come from UPSTREAM is never recognised as unchanged; what
    comes from the STORE is there already, and a new time in it is a correction, no move.
    """

    provider: Provider
    config: Any
    lease: leases.Lease
    run_id: int
    now: Callable[[], datetime]
    secrets: Sequence[bytes] = ()
    mark: int = 0
    fresh: bool = False
    origin: Origin = Origin.UPSTREAM
    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _pending: list[Mapped] = field(default_factory=list)
    _present: dict[DocumentId, KnownDocument] = field(default_factory=dict)
    _seen: list[DocumentId] = field(default_factory=list)
    _rejected: list[Rejected] = field(default_factory=list)
    _forgotten: list[tuple[Kind, str]] = field(default_factory=list)
    _rows: int = 0
    _most_rows: int = field(default_factory=lambda: FIRST_ROWS)
    _quarantined: bool | None = None

    def take(
        self,
        incoming: Sequence[Document],
        seen: Iterable[DocumentId] = (),
        refused: Iterable[Refusal] = (),
    ) -> None:
        """Recognise and map documents; full chunks are committed on the way, the rest waits for ``flush``."""
        started = time.perf_counter()
        prepared = [documents.prepare(d, self.provider.never_store, self.secrets) for d in incoming]
        present = documents.known(self.provider.slug, [(d.kind, d.key) for d in prepared]) if prepared else {}
        known_unchanged = list(seen)
        self._seen += known_unchanged
        self.counts["unchanged"] += len(known_unchanged)
        self._rejected += [quarantine.from_refusal(self._without_secrets(refusal)) for refusal in refused]
        for document in prepared:
            content = documents.digest(document)
            row = present.get((document.kind, document.key))
            if row is not None and self._is_unchanged(row, document, content):
                self._seen.append((document.kind, document.key))
                self.counts["unchanged"] += 1
            elif (mapped := self._map(document, content)) is not None:
                self._add(mapped, row)
                if self._rows >= self._most_rows:
                    self.seconds["map"] += time.perf_counter() - started
                    self.flush()
                    started = time.perf_counter()
        if self.origin is Origin.UPSTREAM:
            self.counts["fetched"] += len(prepared)
            self.counts["listed"] += len(prepared) + len(known_unchanged)
        self.seconds["map"] += time.perf_counter() - started

    def forget(self, identities: Iterable[tuple[Kind, str]]) -> None:
        """Forget rows for good with the next commit."""
        self._forgotten += identities

    def _without_forgotten(self, chunk: list[Mapped]) -> list[Mapped]:
        """The documents without those that are about somebody forgotten, and the rest without such records."""
        people = {
            (r.kind, r.external_id) for mapped in chunk for r in mapped.records if r.kind is Kind.PERSON
        }
        forgotten = forgetting.suppressed(self.provider.slug, people)
        if not forgotten:
            return chunk
        names = {external_id for _, external_id in forgotten}
        return [
            replace(m, records=tuple(r for r in m.records if (r.kind, r.external_id) not in forgotten))
            for m in chunk
            if m.document.key not in names
        ]

    def _without_the_forgotten(self, rejected: list[Rejected]) -> list[Rejected]:
        """The refused documents without those about somebody forgotten: nothing of them is held back either."""
        keys = {(Kind.PERSON, each.document.key) for each in rejected}
        forgotten = {key for _, key in forgetting.suppressed(self.provider.slug, keys)}
        return [each for each in rejected if each.document.key not in forgotten]

    def _without_secrets(self, refusal: Refusal) -> Refusal:
        item = Document(refusal.kind, refusal.key or "?", refusal.body)
        body = documents.prepare(item, self.provider.never_store, self.secrets).body
        message = documents.scrubbed(refusal.message.encode(errors="replace"), self.secrets).decode()
        return replace(refusal, body=body, message=message)

    def _is_unchanged(self, row: KnownDocument, document: Document, content: str) -> bool:
        """Whether mapping would change nothing. A new validator alone is stored too, or it would be asked for again."""
        stored = row.content_hash, row.validator, row.mapping_version, row.gone
        sent = content, document.validator, self.provider.mapping_version, False
        return self.origin is Origin.UPSTREAM and stored == sent

    def _add(self, mapped: Mapped, row: KnownDocument | None) -> None:
        self._pending.append(mapped)
        self._rows += len(mapped.records)
        if row is not None:
            self._present[mapped.id] = row

    def _map(self, document: Document, content: str) -> Mapped | None:
        if _INVALID in document.body:
            self._reject(Rejected(document, "bad_encoding", "", "the document is not valid UTF-8"))
            return None
        try:
            records = tuple(admit(record) for record in self.provider.map(document, self.config))
        except Exception as error:  # whatever upstream sent, a document never breaks a run
            rejected = quarantine.from_error(document, error)
            if rejected.reason == "mapping_error":
                logger.exception("mapping %s %s failed", document.kind, document.key)
            self._reject(rejected)
            return None
        return Mapped(document, content, records)

    def _reject(self, rejected: Rejected) -> None:
        self._rejected.append(rejected)

    def flush(self, **progress: Any) -> None:
        """Commit everything taken so far; *progress* are further columns of the run, moved by the same commit."""
        chunk, self._pending, self._rows = self._pending, [], 0
        started = time.perf_counter()
        try:
            self._commit(chunk, progress)
        except OperationalError:
            raise
        except _UNSTORABLE as error:
            self._one_by_one(chunk, error, progress)
        self.seconds["store"] += time.perf_counter() - started
        self._present.clear()

    def _one_by_one(self, chunk: list[Mapped], error: Exception, progress: dict[str, Any]) -> None:
        """Find the document that the database refuses, so that only this one is lost."""
        if not chunk:
            raise error
        if len(chunk) == 1:
            reason = "dangling_reference" if isinstance(error, DanglingReference) else "not_storable"
            self._reject(Rejected(chunk[0].document, reason, "", type(error).__name__))
            self._commit([], progress)
            return
        for mapped in chunk:
            try:
                self._commit([mapped], {})
            except OperationalError:
                raise
            except _UNSTORABLE as own:
                self._one_by_one([mapped], own, {})
        self._commit([], progress)

    def _commit(self, chunk: list[Mapped], progress: dict[str, Any]) -> None:
        now = self.now()
        slug, version = self.provider.slug, self.provider.mapping_version
        # Of one id the last that came.
        chunk = self._without_forgotten(list({mapped.id: mapped for mapped in chunk}.values()))
        records = [record for mapped in chunk for record in mapped.records]
        plan = store.plan(slug, version, records, now, detect_moves=self.origin is not Origin.STORE)
        self._rejected = self._without_the_forgotten(self._rejected)
        counts, seconds = Counter(self.counts), dict(self.seconds)
        counts["unchanged"] += sum(self._is_idle(mapped, plan) for mapped in chunk)
        counts["rejected"] += len(self._rejected)
        with leases.writing(self.lease):
            began = time.perf_counter()
            counts += store.write(plan, now)
            self._write_documents(chunk, plan, now)
            self._write_refused(now, [mapped.id for mapped in chunk])
            if self._forgotten:
                forgetting.forget(slug, self._forgotten, now)
            if self.run_id:
                self._write_run(counts, seconds, progress)
        self._adapt(len(plan.records), time.perf_counter() - began)
        if self._forgotten:
            forgetting.wipe()
        self.counts.clear()
        self.seconds.clear()
        self._seen, self._rejected, self._forgotten = [], [], []

    def _is_idle(self, mapped: Mapped, plan: store.Plan) -> bool:
        idle = (Action.NOTHING, Action.ADOPT)
        return all(plan.actions[r.kind, r.external_id] in idle for r in mapped.records)

    def _write_documents(self, chunk: list[Mapped], plan: store.Plan, now: datetime) -> None:
        slug, version = self.provider.slug, self.provider.mapping_version
        if chunk:
            if self.origin is Origin.STORE:
                ids = documents.mapped_again(slug, [mapped.id for mapped in chunk], version)
            else:
                pairs = [(mapped.document, mapped.digest) for mapped in chunk]
                ids = documents.save(slug, pairs, self._present, self.mark, version, now)
            # Row → whether the document has the last word about it.
            rows = {
                ids[mapped.id]: {
                    (record.kind, plan.ids[record.kind, record.external_id]): (
                        record.authority <= plan.authority(record)
                    )
                    for record in mapped.records
                }
                for mapped in chunk
            }
            documents.link(rows, {ids[mapped.id] for mapped in chunk if mapped.id not in self._present})
        rejected = [(item.document.kind, item.document.key) for item in self._rejected]
        if self.run_id:
            documents.mark_seen(slug, [*self._seen, *rejected], self.mark, now)

    def _write_refused(self, now: datetime, through: list[DocumentId]) -> None:
        slug = self.provider.slug
        if self._quarantined is None:
            self._quarantined = Rejection.objects.filter(provider=slug).exists()
        if self._quarantined:
            quarantine.clear(slug, [*through, *self._seen])
        if self._rejected:
            quarantine.save(slug, self._rejected, self.provider.mapping_version, self.run_id, now)
            self._quarantined = True

    def _write_run(self, counts: Counter[str], seconds: dict[str, float], progress: dict[str, Any]) -> None:
        moved = {name: F(name) + amount for name, amount in counts.items() if amount}
        spent = {f"{name}_seconds": F(f"{name}_seconds") + amount for name, amount in seconds.items()}
        run = IngestRun.objects.filter(pk=self.run_id, full=self.fresh)
        if not run.update(attempts=0, **moved, **spent, **progress):
            raise AskedAnew

    def _adapt(self, rows: int, seconds: float) -> None:
        """Let transactions grow beyond ``FIRST_ROWS`` while they are short, and shrink them when one was long."""
        if seconds > LONGEST:
            self._most_rows = max(FIRST_ROWS, self._most_rows // 2)
        elif rows >= self._most_rows and seconds < LONGEST / 2:
            self._most_rows = min(MOST_ROWS[connection.vendor], self._most_rows * 3 // 2)
