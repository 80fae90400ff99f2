"""Visits without a pipeline: what a fetch is given, kept in dicts, over real HTTP to the simulator."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.http import FetchError, HttpClient, Limits
from aggregator.provider import Batch, Document, Refusal
from aggregator.vocabulary import Mode
from providers import registry
from providers.simulation import Running, running
from providers.simulation.simulator import Request, Response, Simulator, Upstream
from providers.sowprog import PROVIDER, SowprogConfig

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
LIMITS = Limits(connect=2, read=2, total=20, max_bytes=32_000_000, attempts=1)


def config_of(simulation: Running, **changes: str) -> SowprogConfig:
    """The settings that point at the simulation."""
    own = {f"PROVIDER_SOWPROG_{name}".upper(): value for name, value in changes.items()}
    settings = {k: v for k, v in simulation.environment().items() if k.startswith("PROVIDER_SOWPROG_")}
    config = registry.configure({**settings, **own})["sowprog"].config
    assert isinstance(config, SowprogConfig)
    return config


@dataclass
class Visit:
    """One attempt of one run. *stored* holds validators by key, *cursors* what earlier runs left."""

    http: HttpClient
    config: SowprogConfig
    now: datetime
    mode: Mode = Mode.FULL
    position: Mapping[str, Any] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    wanted: Sequence[tuple[str, str]] = ()

    @classmethod
    def at(cls, simulation: Running, mode: Mode = Mode.FULL, **more: Any) -> "Visit":
        """A visit to the simulation, at its time; names of settings among *more* are set."""
        changes = {name: more.pop(name) for name in ("format", "criteria", "password") if name in more}
        config = config_of(simulation, **changes)
        http = HttpClient(allowed_origins=config.origins(), limits=LIMITS)
        return cls(http, config, simulation.now(), mode, **more)

    def spend(self, limit: int, seconds: int) -> None:
        raise AssertionError("there is no limit to the rate of requests")

    def cursor(self, feed: str) -> str | None:
        return self.cursors.get(feed)

    def validators(self, kind: str, keys: Iterable[str]) -> Mapping[str, str]:
        assert kind == "event"
        return {key: self.stored[key] for key in keys if key in self.stored}

    def soon(self, kind: str, until: datetime) -> Sequence[str]:
        raise AssertionError("what is on soon is not asked for")


@dataclass
class Outcome:
    """Everything a fetch yielded, and how it ended."""

    batches: list[Batch]
    error: FetchError | None = None

    @property
    def documents(self) -> dict[tuple[str, str], Document]:
        return {(d.kind, d.key): d for batch in self.batches for d in batch.documents}

    @property
    def refused(self) -> list[Refusal]:
        return [one for batch in self.batches for one in batch.refused]

    @property
    def complete(self) -> set[tuple[str, str]]:
        return {pair for batch in self.batches for pair in batch.complete}

    @property
    def cursors(self) -> dict[str, str]:
        return {feed: value for batch in self.batches for feed, value in batch.cursors.items()}

    @property
    def validators(self) -> dict[str, str]:
        return {key: d.validator for (kind, key), d in self.documents.items() if kind == "event"}

    def ids(self, kind: str = "event") -> list[str]:
        return [key for found, key in self.documents if found == kind]


def read(visit: Visit) -> Outcome:
    """All of a fetch."""
    outcome = Outcome([])
    try:
        outcome.batches.extend(PROVIDER.fetch(visit))
    except FetchError as error:
        outcome.error = error
    return outcome


def broken(visit: Visit) -> FetchError:
    """How a fetch fails that brings nothing."""
    with pytest.raises(FetchError) as caught:
        list(PROVIDER.fetch(visit))
    return caught.value


def later(visit: Visit, first: Outcome, mode: Mode, **more: Any) -> Visit:
    """The next run after one that ended well."""
    cursors, stored = {**visit.cursors, **first.cursors}, {**visit.stored, **first.validators}
    return Visit(visit.http, visit.config, visit.now, mode, cursors=cursors, stored=stored, **more)


def paths(simulation: Running) -> list[str]:
    """Service and query of each request since the last look."""
    found = [served.path.removeprefix("/sowprog/rest/v1_2/") for served in simulation.requests]
    simulation.forget_requests()
    return found


@contextmanager
def scripted(answers: Mapping[str, bytes | Response]) -> Iterator[Running]:
    """An upstream that answers what a test says, by service; 404 for every other one."""

    def handle(request: Request) -> Response:
        answer = answers.get(request.path.removeprefix("/x/"), Response(404, b"?"))
        return answer if isinstance(answer, Response) else Response(200, answer)

    def environment(base_url: str) -> dict[str, str]:
        return {
            "PROVIDER_SOWPROG_BASE_URL": f"{base_url}/x/",
            "PROVIDER_SOWPROG_USERNAME": "somebody",
            "PROVIDER_SOWPROG_PASSWORD": "a secret of somebody",
        }

    upstream = Upstream(handle, lambda what, arguments: {})
    simulator = Simulator("sowprog", ("/x/",), ("/x/",), lambda world, options: upstream, environment)
    with running(simulators={"sowprog": simulator}, now=NOW) as simulation:
        yield simulation
