"""Visits without a pipeline: what a fetch is given, kept in dicts, over real HTTP to the simulator."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aggregator.http import FetchError, HttpClient, Limits, RetryLater
from aggregator.provider import Batch, Document
from aggregator.vocabulary import Mode
from providers.filmmakers import PROVIDER, FilmmakersConfig
from providers.simulation import Running

Spent = Counter[int]

#: A Monday. Simulated worlds follow from the day, and tests want the same one.
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def config_of(simulation: Running, **changes: str) -> FilmmakersConfig:
    """The settings that point at the simulation."""
    prefix = "PROVIDER_FILMMAKERS_"
    found = {
        name.removeprefix(prefix).lower(): value
        for name, value in simulation.environment().items()
        if name.startswith(prefix)
    }
    return FilmmakersConfig.model_validate(found | changes)


@dataclass
class Visit:
    """One attempt of one run. *stored* holds what the pipeline would have: (kind, key) → document.

    *spent* counts requests by window; share it between visits, as processes share theirs.
    """

    http: HttpClient
    config: FilmmakersConfig
    now: datetime
    mode: Mode = Mode.FULL
    position: Mapping[str, Any] = field(default_factory=dict)
    wanted: Sequence[tuple[str, str]] = ()
    cursors: dict[str, str] = field(default_factory=dict)
    stored: dict[tuple[str, str], Document] = field(default_factory=dict)
    spent: Spent = field(default_factory=Counter)

    @classmethod
    def at(cls, simulation: Running, mode: Mode = Mode.FULL, **more: Any) -> "Visit":
        config = config_of(simulation, **more.pop("settings", {}))
        limits = Limits(connect=2, read=2, total=20, max_bytes=8_000_000, attempts=1)
        http = HttpClient(allowed_origins=config.origins(), limits=limits)
        return cls(http, config, simulation.now(), mode, **more)

    def spend(self, limit: int, seconds: int) -> None:
        window = int(self.now.timestamp()) // seconds
        if self.spent[window] >= limit:
            ends = datetime.fromtimestamp((window + 1) * seconds, UTC)
            raise RetryLater("rate_limited", retry_at=ends, url="", status=429)
        self.spent[window] += 1

    def cursor(self, feed: str) -> str | None:
        return self.cursors.get(feed)

    def validators(self, kind: str, keys: Iterable[str]) -> Mapping[str, str]:
        found = ((key, self.stored[kind, key].validator) for key in keys if (kind, key) in self.stored)
        return {key: validator for key, validator in found if validator}

    def soon(self, kind: str, until: datetime) -> Sequence[str]:
        return ()

    def unseen(self, kind: str, scope: str) -> Sequence[str]:
        return ()


@dataclass
class Memory:
    """What a pipeline keeps: documents, cursors of runs that ended, the position of one that did not.

    Labels count as read just now, which spares 199 requests; with no cursors they are read.
    """

    stored: dict[tuple[str, str], Document] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=lambda: {"attributes": NOW.isoformat()})
    position: dict[str, Any] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    refused: list[tuple[str, str | None, str]] = field(default_factory=list)
    complete: set[tuple[str, str]] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)
    spent: Spent = field(default_factory=Counter)
    waits: int = 0

    def take(self, batch: Batch, moved: dict[str, str]) -> None:
        """Commit one batch: nobody who was forgotten is stored again."""
        for _, key in batch.forgotten:
            self.forgotten.add(key)
            self.stored.pop(("profile", key), None)
        for document in batch.documents:
            if document.kind != "profile" or document.key not in self.forgotten:
                self.stored[document.kind, document.key] = document
        self.seen += [key for kind, key in batch.seen if kind == "profile"]
        self.refused += [(each.kind, each.key, each.reason) for each in batch.refused]
        self.position = dict(batch.position)
        self.complete |= set(batch.complete)
        moved |= batch.cursors

    def run(self, simulation: Running, mode: Mode = Mode.FULL, **more: Any) -> "Memory":
        """One run to its end, over as many windows as it takes; raises what ends it badly."""
        self.position, self.refused, self.complete, self.seen = {}, [], set(), []
        moved: dict[str, str] = {}
        while True:
            try:
                self.attempt(simulation, mode, moved, **more)
            except RetryLater as error:
                self.waits += 1
                simulation.advance((error.retry_at - simulation.now()).total_seconds())
                continue
            self.cursors |= moved
            return self

    def attempt(
        self,
        simulation: Running,
        mode: Mode = Mode.FULL,
        moved: dict[str, str] | None = None,
        *,
        batches: int | None = None,
        **more: Any,
    ) -> bool:
        """One attempt; False where it was killed after *batches*, the last of them uncommitted."""
        visit = Visit.at(
            simulation,
            mode,
            stored=self.stored,
            cursors=self.cursors,
            position=self.position,
            spent=self.spent,
            **more,
        )
        with visit.http:
            for count, batch in enumerate(PROVIDER.fetch(visit), start=1):
                if count == batches:
                    return False
                self.take(batch, {} if moved is None else moved)
        return True

    def profiles(self) -> dict[str, bytes]:
        """The bodies of profiles that are not withheld."""
        return {
            key: document.body
            for (kind, key), document in self.stored.items()
            if kind == "profile" and b'"withheld"' not in document.body
        }


def until_it_breaks(visit: Visit) -> tuple[list[Batch], FetchError]:
    """The batches before the failure, and the failure."""
    batches: list[Batch] = []
    try:
        batches.extend(PROVIDER.fetch(visit))
    except FetchError as error:
        return batches, error
    raise AssertionError("nothing broke")
