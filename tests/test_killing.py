"""Workers that are killed, brokers that are emptied, workers that sleep through the loss of their lease.

In every case the rows at the end are those of an undisturbed ingest, none lost and none twice. Real worker and beat in
processes of their own. The instants are random; the seed is printed, and ``KILLING_SEED`` sets it.
"""

import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.db.models import Model, Sum
from django.utils import timezone

from aggregator.ingest.shapes import SHAPE_OF, SHAPES
from aggregator.models import (
    Change,
    Credit,
    Event,
    FeedCursor,
    IdentityKey,
    IdentityLink,
    Image,
    IngestRun,
    Offer,
    Provenance,
    Rejection,
    Rendition,
    RequestWindow,
    Showing,
    Source,
    SourceDocument,
)
from aggregator.models.image import OWNERS
from aggregator.vocabulary import Kind, RunState, SourceState
from providers.simulation import Running, running
from tests.crew import Crew, all_ended, crew, kill_group, pool_of, wait_for, wipe, without_allowances

pytestmark = pytest.mark.django_db(transaction=True)

TICK = "providers.tasks.tick"
SHOWINGS = 240
BOTH_WAYS = pytest.mark.parametrize("times", [5, pytest.param(50, marks=pytest.mark.long)])

# What ingest says of a picture; the rest is about fetching it, which takes its own time.
_OF_A_PICTURE = {
    *("provider", "external_id", "withdrawn_at", "role", "position", "url", "template", "sizes", "crop"),
    *("copyright", "caption", "alt", "wanted", *OWNERS),
}
# Written by others meanwhile: pictures and the news of them, links between rows, requests as they are made.
_BESIDE_INGEST = (Change, IdentityKey, IdentityLink, Rendition, RequestWindow)
# What may differ between two ingests of the same documents: our ids, and when it happened.
_OF_THE_RUN = {
    "id",
    "first_seen_at",
    "updated_at",
    "seats_at",
    "fetched_at",
    "last_seen_at",
    "moved_at",
    "seen_run",
}


@pytest.fixture(scope="module")
def simulation() -> Iterator[Running]:
    """All upstreams, whose clock stands still: they say the same to every ingest, however often they are asked."""
    with running(scale=SHOWINGS, now=datetime.now(UTC)) as upstream:
        without_allowances(upstream)
        yield upstream


@pytest.fixture
def hands(
    transactional_db: None, process_environ: Mapping[str, str], tmp_path: Path, simulation: Running
) -> Iterator[Crew]:
    """A crew for the simulation. It is gone before the tables are flushed."""
    with crew(process_environ, tmp_path, simulation.environment()) as made:
        yield made


@pytest.fixture(scope="module")
def _kept() -> dict[str, Counter[str]]:
    return {}


@pytest.fixture
def expected(hands: Crew, _kept: dict[str, Counter[str]]) -> "Rows":
    """The rows of an ingest that nothing disturbs, in the command's process; made once and wiped."""
    if not _kept:
        hands.manage("ingest")
        _kept.update(content())
        wipe()
    assert sum(_kept["Showing"].values()) > SHOWINGS / 2
    assert all(count == 1 for table in _kept.values() for count in table.values())
    return _kept


@pytest.fixture
def chance() -> random.Random:
    """Random, and repeatable by the seed that a failed test shows."""
    seed = int(os.environ.get("KILLING_SEED") or random.SystemRandom().randrange(10**6))
    print(f"KILLING_SEED={seed}")
    return random.Random(seed)


@BOTH_WAYS
def test_the_rows_survive_a_worker_that_is_killed_again_and_again(
    hands: Crew, expected: "Rows", chance: random.Random, times: int
) -> None:
    hands.start("beat")
    while times > 0:
        wipe()
        worker = hands.start("worker")
        while times > 0 and is_at_work(chance.uniform(0, 1.0)):
            worker = struck(hands, worker, chance)
            times -= 1
        wait_for(all_ended, "all runs ended")
        assert_whole(expected)
        kill_group(worker)


@BOTH_WAYS
def test_the_rows_survive_a_broker_that_is_emptied_again_and_again(
    hands: Crew, expected: "Rows", chance: random.Random, times: int
) -> None:
    hands.start("beat")
    hands.start("worker")
    while times > 0:
        wipe()
        wait_for(lambda: turns() > 0, "somebody works")
        while times > 0 and not all_ended():
            hands.empty_broker()
            times -= 1
            time.sleep(chance.uniform(0, 0.8))
        wait_for(all_ended, "all runs ended")
        assert_whole(expected)


@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_worker_that_sleeps_through_the_loss_of_its_lease_writes_nothing(
    hands: Crew, expected: "Rows", chance: random.Random, times: int
) -> None:
    for _ in range(times):
        wipe()
        sleeper = hands.start("worker")
        hands.send(TICK)
        put_to_sleep(sleeper, chance)
        successor = hands.start("worker")
        while not all_ended():
            hands.send(TICK)
            time.sleep(0.5)
        assert_whole(expected)
        hands.empty_broker()
        before = everything()
        kill_group(sleeper, signal.SIGCONT)
        sleeper.terminate()  # it ends its task first
        sleeper.wait(30)
        assert everything() == before
        assert "took over" in hands.said(sleeper)
        kill_group(successor)


# What happens to the workers -------------------------------------------------------------------------------


def is_at_work(after: float) -> bool:
    """Whether ingest goes on *after* so many seconds from when somebody takes a lease; False when all has ended."""
    before = turns()
    wait_for(lambda: all_ended() or turns() > before, "somebody works")
    time.sleep(after)
    return not all_ended()


def turns() -> int:
    """How often a lease was taken so far."""
    return Source.objects.aggregate(turns=Sum("generation"))["turns"] or 0


def struck(hands: Crew, worker: subprocess.Popen[bytes], chance: random.Random) -> subprocess.Popen[bytes]:
    """Kill the worker with its pool, or the worker alone, or its pool alone; gives the worker that goes on."""
    pool = pool_of(worker)
    victim = chance.choice(("both", "worker", "pool")) if pool else "both"
    if victim == "pool":
        for pid in pool:
            os.kill(pid, signal.SIGKILL)
        return worker
    if victim == "worker":
        worker.kill()
        worker.wait(10)
    else:
        kill_group(worker)
    return hands.start("worker")


def put_to_sleep(worker: subprocess.Popen[bytes], chance: random.Random) -> None:
    """Stop the worker amid a run, but outside of a transaction.

    Inside one it holds a lock, and nobody can take its place until it wakes: that instant is passed over. So is the one
    between the end of a run and the release of its lease, after which it would have nothing left to write.
    """
    assert is_at_work(chance.uniform(0, 1.0)), "the ingest was over before the worker could be stopped"
    while True:
        kill_group(worker, signal.SIGSTOP)
        time.sleep(0.05)  # until a statement that was under way has been carried out
        if not is_locked() and is_held_in_mid_run():
            return
        kill_group(worker, signal.SIGCONT)
        time.sleep(chance.uniform(0.005, 0.03))
        assert not all_ended(), "the ingest was over before the worker could be stopped"


def is_held_in_mid_run() -> bool:
    """Whether somebody holds the lease of a provider whose run has begun and not ended."""
    held = Source.objects.filter(lease_until__gt=timezone.now()).values("slug")
    return IngestRun.objects.filter(provider__in=held, state=RunState.RUNNING).exists()


def is_locked() -> bool:
    """Whether somebody is inside of a transaction that keeps others from taking a lease."""
    if connection.vendor == "sqlite":
        probe = sqlite3.connect(connection.settings_dict["NAME"], timeout=0.1, isolation_level=None)
        try:
            probe.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        finally:
            probe.close()
        return False
    try:
        with transaction.atomic():
            list(Source.objects.select_for_update(nowait=True))
    except OperationalError:
        return True
    return False


# What is there ---------------------------------------------------------------------------------------------


Rows = Mapping[str, Counter[str]]


def assert_whole(expected: Rows) -> None:
    """Nothing lost, nothing twice, nobody left at work."""
    found = content()
    wrong = {
        table: {"lost": list(rows - found[table])[:5], "too much": list(found[table] - rows)[:5]}
        for table, rows in expected.items()
        if rows != found[table]
    }
    assert not wrong
    assert set(IngestRun.objects.values_list("state", flat=True)) == {RunState.HEALTHY}
    made = sum(sum(found[shape.model.__name__].values()) for shape in SHAPES)
    assert IngestRun.objects.aggregate(made=Sum("created"))["made"] == made
    wait_for(is_at_rest, "no lease is held")


def is_at_rest() -> bool:
    """Whether every source is idle and nobody's: the lease of one who was killed at the very end runs out."""
    held = Source.objects.exclude(lease_until=None).filter(lease_until__gt=timezone.now())
    return not held.exists() and set(Source.objects.values_list("state", flat=True)) == {SourceState.IDLE}


def everything() -> Mapping[str, list[Any]]:
    """Every column of every row that ingest writes, but for the turns: a late hint takes the lease and finds nothing to
    do. The tables of words have columns that are only asked, not read.
    """
    models = apps.get_app_config("aggregator").get_models(include_auto_created=True)
    found: dict[str, list[Any]] = {}
    for model in models:
        if model in _BESIDE_INGEST or not model._meta.managed:
            continue
        names = {field.attname for field in model._meta.concrete_fields} - {"generation"}
        if model is Image:
            names &= _OF_A_PICTURE | {"id"}
        found[model.__name__] = list(model._default_manager.order_by("pk").values(*sorted(names)))
    return found


def content() -> Rows:
    """Every row that ingest wrote, without what belongs to the run; table → row → how often it is there."""
    names = {
        (shape.model, pk): f"{provider} {external_id}"
        for shape in SHAPES
        for pk, provider, external_id in shape.model._default_manager.values_list(
            "id", "provider", "external_id"
        )
    }
    documents = {
        (SourceDocument, pk): " ".join(words)
        for pk, *words in SourceDocument.objects.values_list("id", "provider", "kind", "key")
    }
    names |= documents
    names |= {
        (Image, pk): " ".join(words)
        for pk, *words in Image.objects.values_list("id", "provider", "external_id")
    }
    tables: list[type[Model]] = [
        *(shape.model for shape in SHAPES),
        *(Image, Credit, Offer, FeedCursor, SourceDocument, Rejection),
        *(Event.categories.through, Showing.further_venues.through),
    ]
    found: dict[str, Counter[str]] = {model.__name__: Counter(_rows(model, names)) for model in tables}
    ties = {
        (names[SourceDocument, document], kind, names.get((SHAPE_OF[Kind(kind)].model, row), "nothing"))
        for document, kind, row in Provenance.objects.filter(current=True).values_list(
            "document_id", "kind", "row"
        )
    }
    # Of a row that many documents mention, only its author's tie is sure; the lesser ones depend on who came first.
    found["Provenance"] = Counter(
        f"{document} → {row}" for document, kind, row in ties if kind == Kind.SHOWING
    )
    found["Told of"] = Counter({f"{kind} {row}" for _, kind, row in ties})
    return found


def _rows(model: type[Model], names: Mapping[tuple[Any, int], str]) -> Iterator[str]:
    fields = [field for field in model._meta.concrete_fields if field.name not in _OF_THE_RUN]
    if model is Image:
        fields = [field for field in fields if field.name in _OF_A_PICTURE]
    for values in model._default_manager.values_list(*(field.attname for field in fields)):
        row = {}
        for field, value in zip(fields, values, strict=True):
            if field.related_model is not None and value is not None:
                value = names[field.related_model, value]
            row[field.name] = bytes(value) if isinstance(value, memoryview) else value
        if model is FeedCursor and not row["value"].isdigit():
            del row["value"]  # when it was read
        yield repr(row)
