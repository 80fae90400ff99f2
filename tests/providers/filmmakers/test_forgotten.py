"""A deleted profile is gone from database, disk, broker and logs, within a tick of upstream's word."""

import logging
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
import redis
from django.apps import apps
from django.db import connection

from aggregator.images import shelf
from aggregator.images import work as pictures
from aggregator.ingest import schedule
from aggregator.models import (
    Image,
    IngestRun,
    Person,
    Rejection,
    Rendition,
    SourceDocument,
    Suppression,
    Tombstone,
)
from aggregator.vocabulary import Mode, RunState
from providers import registry
from providers.simulation import Running, running
from providers.tasks import tick, work

pytestmark = pytest.mark.django_db(transaction=True)

MARKER = "Quillfeather"


@pytest.fixture
def agency(settings: Any, live_server: Any) -> Any:
    """The simulator, its webhooks pointed at our site, and everything public ingested."""
    with running(["filmmakers"], scale=40) as simulation:
        environment = {**simulation.environment(), "PROVIDER_FILMMAKERS_PUBLISH": "public"}
        settings.PROVIDERS = registry.configure(environment)
        run = schedule.request("filmmakers", Mode.FULL, simulation.now())
        done = schedule.work("filmmakers", only=run.pk)
        assert done is not None
        assert done.state == RunState.HEALTHY
        simulation.mutate("filmmakers", "subscribe", url=f"{live_server.url}/hooks/filmmakers/")
        yield simulation


def heard(simulation: Running, **how: Any) -> None:
    """Upstream tells us what happened, and a tick passes."""
    result = simulation.mutate("filmmakers", "deliver", **how)
    assert result["waiting"] == 0
    tick()
    work("filmmakers")


def in_the_database() -> bool:
    """Whether the marker stands in any column of any row, stored documents unpacked."""
    rows = "\n".join(repr(list(model.objects.values())) for model in apps.get_models())
    bodies = [
        zlib.decompress(row.body) for model in (SourceDocument, Rejection) for row in model.objects.all()
    ]
    return MARKER in rows or any(MARKER.encode() in body for body in bodies)


def on_disk(folder: Path) -> list[str]:
    """Files below *folder*, and the database's own where it is a file, that hold the marker."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    if connection.vendor == "sqlite":
        database = Path(str(connection.settings_dict["NAME"]))
        files += [path for path in database.parent.glob(f"{database.name}*") if path.is_file()]
    return [path.name for path in files if MARKER.encode() in path.read_bytes()]


def in_redis(settings: Any) -> bool:
    """Whether the marker stands in any key or value of broker and cache, where these are a Redis."""
    if not settings.REDIS_URL:
        return False
    server = redis.from_url(settings.REDIS_URL)
    readers = {
        b"string": server.get,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"set": server.smembers,
        b"hash": server.hgetall,
        b"zset": lambda key: server.zrange(key, 0, -1),
    }
    return any(MARKER in repr((key, readers[server.type(key)](key))) for key in server.scan_iter())


def files_of(person: Person) -> list[Path]:
    """The files of somebody's pictures."""
    names = Rendition.objects.filter(image__person=person).exclude(name="").values_list("name", flat=True)
    return [Path(shelf.storage().path(name)) for name in names]


def test_a_marker_planted_in_a_profile_is_found_nowhere_after_its_deletion(
    agency: Running, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    person = Person.objects.filter(public=True).exclude(name="").order_by("pk")[0]
    agency.mutate("filmmakers", "rename", id=int(person.external_id), name=f"Ada {MARKER}")
    heard(agency)
    person.refresh_from_db()
    assert person.name == f"Ada {MARKER}"
    assert in_the_database()
    Image.objects.exclude(person=person).update(due_at=None)
    pictures.work(20.0)
    files = files_of(person)
    assert files
    assert all(path.is_file() for path in files)
    agency.mutate("filmmakers", "delete", id=int(person.external_id))
    heard(agency)
    assert not Person.objects.filter(pk=person.pk).exists()
    assert not Image.objects.filter(person_id=person.pk).exists()
    assert not in_the_database()
    assert not [path for path in files if path.exists()]
    assert not in_redis(settings)
    assert on_disk(Path(settings.VAR_DIR)) == []
    assert MARKER not in caplog.text
    assert Tombstone.objects.filter(kind="person", row=person.pk).exists()
    assert Suppression.objects.exists()


def test_deliveries_twice_out_of_order_and_badly_signed_end_in_the_right_state(agency: Running) -> None:
    people = list(Person.objects.filter(public=True).exclude(name="").order_by("pk")[:6])
    for number, person in enumerate(people):
        agency.mutate("filmmakers", "rename", id=int(person.external_id), name=f"Neu {number}")
    for person in people[:2]:
        agency.mutate("filmmakers", "delete", id=int(person.external_id))
    heard(agency, twice=True, shuffle="x", bad=0.3, unknown=True)
    names = dict(Person.objects.filter(pk__in=[each.pk for each in people]).values_list("pk", "name"))
    assert names == {person.pk: f"Neu {number}" for number, person in enumerate(people) if number >= 2}


def test_somebody_deleted_is_forgotten_by_the_next_whole_reading_when_the_hook_was_lost(
    agency: Running,
) -> None:
    gone, stays = Person.objects.filter(public=True).exclude(name="").order_by("pk")[:2]
    agency.mutate("filmmakers", "rename", id=int(gone.external_id), name=f"Ada {MARKER}")
    heard(agency)
    assert in_the_database()
    agency.mutate("filmmakers", "delete", id=int(gone.external_id))
    agency.forget_requests()
    assert full(agency).state == RunState.HEALTHY
    assert not Person.objects.filter(pk=gone.pk).exists()
    assert not in_the_database()
    assert Tombstone.objects.filter(kind="person", row=gone.pk).exists()
    assert Person.objects.filter(pk=stays.pk, withdrawn_at=None).exists()
    asked = [served.path for served in agency.requests if re.search(r"/actor_profiles/\d+", served.path)]
    assert len(asked) == 1  # nobody whom the list names is asked for one by one
    agency.forget_requests()
    full(agency)
    assert not [served.path for served in agency.requests if re.search(r"/actor_profiles/\d+", served.path)]


def full(agency: Running) -> IngestRun:
    """Everything is read, in as many windows as it takes."""
    run = schedule.request("filmmakers", Mode.FULL, agency.now())
    for _ in range(5):
        done = schedule.work("filmmakers", only=run.pk, clock=agency.now)
        assert done is not None
        if done.state != RunState.WAITING:
            break
        agency.advance((done.due_at - agency.now()).total_seconds() + 1)
    return done
