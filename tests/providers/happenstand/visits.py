"""Visits whose store is a dict, and what a fetch over them brought."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aggregator.http import FetchError, HttpClient, Limits
from aggregator.provider import Batch, Document, Refusal, Visit
from aggregator.vocabulary import Mode
from providers import registry
from providers.happenstand.client import fetch
from providers.simulation import Running

NOW = datetime(2026, 5, 4, 17, 30, tzinfo=UTC)
ONE_TRY = Limits(connect=2, read=0.5, total=10, max_bytes=4 * 1024 * 1024, attempts=1)


@dataclass
class Call:
    """A visit. *stored*: kind and key of live documents to their validators."""

    http: HttpClient
    config: Any
    mode: Mode = Mode.FULL
    now: datetime = NOW
    position: Mapping[str, Any] = field(default_factory=dict)
    stored: dict[tuple[str, str], str] = field(default_factory=dict)
    upcoming: Sequence[str] = ()
    wanted: Sequence[tuple[str, str]] = ()

    def spend(self, limit: int, seconds: int) -> None:
        raise AssertionError("no rate limit is documented")

    def cursor(self, feed: str) -> str | None:
        raise AssertionError(f"there is no feed {feed}")

    def validators(self, kind: str, keys: Iterable[str]) -> Mapping[str, str]:
        return {key: self.stored[kind, key] for key in keys if (kind, key) in self.stored}

    def soon(self, kind: str, until: datetime) -> Sequence[str]:
        return self.upcoming


@dataclass
class Outcome:
    """Everything a fetch yielded, and how it ended."""

    batches: list[Batch]
    error: FetchError | None = None

    @property
    def documents(self) -> dict[tuple[str, str], Document]:
        return {(one.kind, one.key): one for batch in self.batches for one in batch.documents}

    @property
    def seen(self) -> list[tuple[str, str]]:
        return [pair for batch in self.batches for pair in batch.seen]

    @property
    def refused(self) -> list[Refusal]:
        return [refusal for batch in self.batches for refusal in batch.refused]

    @property
    def complete(self) -> list[tuple[str, str]]:
        return [pair for batch in self.batches for pair in batch.complete]

    @property
    def reason(self) -> str:
        return self.error.reason if self.error else ""

    def keys(self, kind: str) -> list[str]:
        return [key for found, key in self.documents if found == kind]

    def stored(self) -> dict[tuple[str, str], str]:
        return {pair: document.validator for pair, document in self.documents.items()}


def read(call: Visit, batches: int | None = None) -> Outcome:
    """A fetch to its end, or broken off after some batches as by a kill."""
    outcome = Outcome([])
    try:
        for batch in fetch(call):
            outcome.batches.append(batch)
            if len(outcome.batches) == batches:
                break
    except FetchError as error:
        outcome.error = error
    return outcome


def call_to(environment: Mapping[str, str], limits: Limits = ONE_TRY, **changes: Any) -> Call:
    config: Any = registry.configure(environment)["happenstand"].config
    http = HttpClient(allowed_origins=config.origins(), limits=limits, sleep=lambda _: None)
    return Call(http, config, **changes)


def call(guide: Running, wire: str = "json", **changes: Any) -> Call:
    return call_to({**guide.environment(), "PROVIDER_HAPPENSTAND_FORMAT": wire}, **changes)


def asked(guide: Running) -> list[str]:
    """Calls since the log was last emptied, which this does: path below the version and query without the key."""
    paths = [served.path.partition("/happenstand/v1/")[2] for served in guide.requests]
    guide.forget_requests()
    return paths
