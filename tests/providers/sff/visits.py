"""Visits without a pipeline: what a fetch is given, kept in dicts, over real HTTP to the simulator."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aggregator.http import HttpClient, Limits
from aggregator.provider import Batch, Document
from aggregator.vocabulary import Mode
from providers.sff import PROVIDER, SffConfig
from providers.simulation import Running


def config_of(simulation: Running, **changes: str) -> SffConfig:
    """The settings that point at the simulation."""
    prefix = "PROVIDER_SFF_"
    found = {
        name.removeprefix(prefix).lower(): value
        for name, value in simulation.environment().items()
        if name.startswith(prefix)
    }
    return SffConfig.model_validate(found | changes)


@dataclass
class Visit:
    """One attempt of one run. *stored* holds film validators by key, *cursors* what earlier runs left."""

    http: HttpClient
    config: SffConfig
    now: datetime
    mode: Mode = Mode.FULL
    position: Mapping[str, Any] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, simulation: Running, mode: Mode = Mode.FULL, **more: Any) -> "Visit":
        changes = {"format": more.pop("wire")} if "wire" in more else {}
        config = config_of(simulation, **changes)
        limits = Limits(connect=2, read=2, total=20, max_bytes=8_000_000, attempts=1)
        http = HttpClient(allowed_origins=config.origins(), limits=limits)
        return cls(http, config, simulation.now(), mode, **more)

    def cursor(self, feed: str) -> str | None:
        return self.cursors.get(feed)

    def validators(self, kind: str, keys: Iterable[str]) -> Mapping[str, str]:
        return {key: self.stored[key] for key in keys if key in self.stored} if kind == "film" else {}

    def soon(self, kind: str, until: datetime) -> Sequence[str]:
        return ()


def collected(visit: Visit) -> list[Batch]:
    """All batches of a fetch."""
    return list(PROVIDER.fetch(visit))


def documents_of(batches: Iterable[Batch], kind: str = "") -> dict[tuple[str, str], Document]:
    """Documents by kind and key, the latest of each."""
    return {
        (document.kind, document.key): document
        for batch in batches
        for document in batch.documents
        if kind in ("", document.kind)
    }


def remembered(visit: Visit, batches: Iterable[Batch]) -> None:
    """What a pipeline keeps of a run that ended well, put into *visit* for the next one."""
    for batch in batches:
        visit.cursors.update(batch.cursors)
        for document in batch.documents:
            if document.kind == "film":
                visit.stored[document.key] = document.validator
