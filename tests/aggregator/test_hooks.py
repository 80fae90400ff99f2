"""Hooks, from the request to the rows, and forgetting."""

import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from aggregator.admission import UNREADABLE
from aggregator.http import FetchError, RetryLater
from aggregator.ingest import allowance, control, forgetting, pipeline, schedule
from aggregator.models import (
    HookDelivery,
    Person,
    Rejection,
    Source,
    SourceDocument,
    Suppression,
    Tombstone,
)
from aggregator.provider import Batch, Configured, Document, HookCall, HookEvent, HookRefused, Provider, Visit
from aggregator.records import Image, PersonRecord, Record
from aggregator.vocabulary import ImageRole, Kind, Mode, SourceState
from providers.tasks import tick as real_tick
from tests.toy import NOW, Toy

pytestmark = pytest.mark.django_db(transaction=True)

MARKER = "Marker-Quillfeather"


class Profiles:
    """An upstream of people that tells us of changes: ``rows`` maps an id to a name."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}
        self.asked: list[str] = []

    def fetch(self, visit: Visit) -> Iterator[Batch]:
        """All profiles, or those that were asked for; an absent one that was asked for is deleted."""
        keys = [key for _, key in visit.wanted] or list(self.rows)
        self.asked += [key for _, key in visit.wanted]
        documents = [Document("profile", key, self.rows[key].encode()) for key in keys if key in self.rows]
        gone = [(Kind.PERSON, key) for key in keys if key not in self.rows]
        complete = () if visit.wanted else (("profile", ""),)
        yield Batch(documents=documents, forgotten=gone, complete=complete)

    def map(self, document: Document, config: Any) -> Sequence[Record]:
        """A person with a picture."""
        name = document.body.decode()
        picture = Image(url=f"http://toy.example/{name}.jpg", role=ImageRole.PORTRAIT)
        return [PersonRecord(external_id=document.key, name=name, images=(picture,))]

    def hook(self, call: HookCall, config: Any) -> HookEvent:
        """``<type> <id> <created>``, signed by the word good."""
        if call.headers.get("x-signature") != "good":
            raise HookRefused
        kind, key, created = call.body.decode().split()
        action: Any = {"updated": "refresh", "deleted": "forget"}.get(kind, "ignore")
        return HookEvent(f"{kind}:{key}:{created}", action, "profile", key)

    def configured(self) -> Configured:
        """The toy with people in place of events."""
        toy = Toy()
        provider: Provider = replace(
            toy.provider(), fetch=self.fetch, map=self.map, hook=self.hook, withdraws_people=True
        )
        return Configured(provider, toy.config)


@pytest.fixture
def profiles(settings: Any) -> Profiles:
    made = Profiles()
    settings.PROVIDERS = {"toy": made.configured()}
    return made


def post(body: str, signature: str = "good") -> int:
    """The status of one delivery."""
    answer = Client().post(
        "/hooks/toy/", body, content_type="application/json", headers={"X-Signature": signature}
    )
    assert answer.content == b""
    return answer.status_code


def tick(now: Any = NOW) -> None:
    """What beat and the worker do."""
    schedule.plan(now)
    while schedule.due(now):
        schedule.work("toy", clock=lambda: now)


def everything() -> str:
    """All that the database holds, as text."""
    rows = [repr(list(model.objects.values())) for model in apps.get_models()]
    return "\n".join(rows)


def test_an_update_fetches_that_document_and_nothing_else(profiles: Profiles) -> None:
    profiles.rows = {"1": "Ada", "2": "Bo"}
    tick()
    profiles.rows["2"] = "Bosse"
    assert post("updated 2 100") == 200
    tick(NOW + timedelta(minutes=1))
    assert profiles.asked == ["2"]
    assert Person.objects.get(external_id="2").name == "Bosse"
    assert not HookDelivery.objects.filter(done_at=None).exists()


def test_a_delivery_is_stored_once_and_before_it_is_acknowledged(profiles: Profiles) -> None:
    for _ in range(3):
        assert post("updated 7 100") == 200
    assert HookDelivery.objects.count() == 1


@pytest.mark.parametrize(("body", "signature"), [("updated 1 1", "bad"), ("updated 1 1", "")])
def test_a_bad_signature_is_refused_without_a_hint(profiles: Profiles, body: str, signature: str) -> None:
    assert post(body, signature) == 403
    assert not HookDelivery.objects.exists()


def test_reading_unknown_slugs_large_bodies_and_other_methods_are_refused(profiles: Profiles) -> None:
    assert Client().get("/hooks/toy/").status_code == 405
    assert Client().post("/hooks/nobody/", "x", content_type="text/plain").status_code == 403
    assert post("updated 1 " + "9" * 70_000) == 403


@pytest.mark.parametrize("length", ["", "many", "-1", "70000", "²"])
def test_a_length_that_is_none_is_refused_before_anything_is_read(profiles: Profiles, length: str) -> None:
    answer = Client().post(
        "/hooks/toy/", "updated 1 1", content_type="text/plain", X_SIGNATURE="good", CONTENT_LENGTH=length
    )
    assert (answer.status_code, answer.content) == (403, b"")


def test_a_delivery_is_answered_within_fifty_milliseconds(profiles: Profiles) -> None:
    took = []
    for number in range(40):
        began = time.perf_counter()
        assert post(f"updated 1 {number}") == 200
        took.append(time.perf_counter() - began)
    assert sorted(took)[20] < 0.05


@pytest.mark.only_sqlite
def test_wiping_waits_for_no_reader_and_is_made_good_by_the_next_tick(profiles: Profiles) -> None:
    name = str(connection.settings_dict["NAME"])
    reader = sqlite3.connect(name, isolation_level=None)
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM aggregator_person").fetchall()
        Person.objects.create(provider="toy", external_id="1", name=MARKER, first_seen_at=NOW, updated_at=NOW)
        began = time.monotonic()
        forgetting.forget("toy", [(Kind.PERSON, "1")], NOW)
        forgetting.wipe()
        assert time.monotonic() - began < 2
        assert MARKER.encode() in Path(f"{name}-wal").read_bytes()
    finally:
        reader.close()
    real_tick()
    assert MARKER.encode() not in Path(f"{name}-wal").read_bytes()
    assert MARKER.encode() not in Path(name).read_bytes()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20000,)


def test_an_unknown_type_is_accepted_and_ignored(profiles: Profiles) -> None:
    assert post("invented 1 100") == 200
    assert HookDelivery.objects.get().done_at is not None


def test_somebody_deleted_is_forgotten_and_never_stored_again(profiles: Profiles) -> None:
    profiles.rows = {"1": MARKER, "2": "Bo"}
    tick()
    person = Person.objects.get(external_id="1")
    assert post("deleted 1 100") == 200
    tick(NOW + timedelta(minutes=1))
    assert MARKER not in everything()
    assert Tombstone.objects.get(kind=Kind.PERSON).row == person.pk
    assert Suppression.objects.count() == 1
    assert post("updated 1 99") == 200  # overtaken by the deletion
    tick(NOW + timedelta(minutes=2))
    tick(NOW + timedelta(days=2))  # upstream's list still names it
    assert MARKER not in everything()
    assert Person.objects.count() == 1


def test_somebody_whom_upstream_answers_gone_for_is_forgotten(profiles: Profiles) -> None:
    profiles.rows = {"1": MARKER}
    tick()
    profiles.rows = {}
    post("updated 1 100")
    tick(NOW + timedelta(minutes=1))
    assert MARKER not in everything()


def test_forgetting_takes_refused_documents_along(profiles: Profiles) -> None:
    Rejection.objects.create(
        provider="toy",
        kind="profile",
        key="1",
        reason="x",
        body=MARKER.encode(),
        first_seen_at=NOW,
        last_seen_at=NOW,
    )
    forgetting.forget("toy", [(Kind.PERSON, "1")], NOW)
    assert not Rejection.objects.exists()
    assert not SourceDocument.objects.exists()


def test_somebody_who_is_no_longer_listed_is_withdrawn_until_they_are_listed_again(
    profiles: Profiles,
) -> None:
    profiles.rows = {"1": "Ada", "2": "Bo"}
    tick()
    del profiles.rows["1"]
    tick(NOW + timedelta(days=2))
    assert Person.objects.get(external_id="1").withdrawn_at is not None
    profiles.rows["1"] = "Ada"
    tick(NOW + timedelta(days=4))
    assert Person.objects.get(external_id="1").withdrawn_at is None


def test_somebody_deleted_is_forgotten_while_the_provider_is_paused(profiles: Profiles) -> None:
    profiles.rows = {"1": MARKER}
    tick()
    control.pause("toy")
    post("deleted 1 100")
    real_tick()
    assert MARKER not in everything()


def test_nothing_of_somebody_forgotten_is_held_back_in_quarantine(profiles: Profiles) -> None:
    profiles.rows = {"1": MARKER, "2": "Bo"}
    tick()
    post("deleted 1 100")
    tick(NOW + timedelta(minutes=1))
    profiles.rows = {"1": f"{MARKER} {UNREADABLE}", "2": "Bo"}
    tick(NOW + timedelta(days=2))
    assert MARKER not in everything()
    assert not Rejection.objects.exists()


def test_a_late_update_of_somebody_forgotten_leaves_no_name_behind(profiles: Profiles) -> None:
    profiles.rows = {"quill-77": MARKER}
    tick()
    post("deleted quill-77 100")
    tick(NOW + timedelta(minutes=1))
    post("updated quill-77 99")
    tick(NOW + timedelta(minutes=2))
    assert "quill-77" not in everything()


def test_somebody_deleted_is_forgotten_while_a_long_run_goes_on(
    profiles: Profiles, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "WINDOW_DOCUMENTS", 1)
    profiles.rows = {"1": MARKER}
    tick()
    still_there: list[bool] = []

    def long(visit: Visit) -> Iterator[Batch]:
        yield Batch(position={"step": 1})
        post("deleted 1 100")
        for step in range(2, 5):
            yield Batch(position={"step": step})
            still_there.append(Person.objects.filter(external_id="1").exists())

    provider = replace(profiles.configured().provider, fetch=long)
    settings.PROVIDERS = {"toy": Configured(provider, Toy().config)}
    run = schedule.request("toy", Mode.CHANGES, NOW)
    schedule.work("toy", only=run.pk, clock=lambda: NOW)
    assert still_there == [False, False, False]


def test_hooks_during_an_outage_wait_longer_and_longer_and_stop_no_source(
    profiles: Profiles, settings: Any
) -> None:
    profiles.rows = {"1": "Ada"}
    tick()
    post("updated 1 100")
    tried: list[Mode] = []

    def down(visit: Visit) -> Iterator[Batch]:
        tried.append(visit.mode)
        raise FetchError("server_error", url="http://toy.example/", status=503)
        yield

    provider = replace(profiles.configured().provider, fetch=down, schedules=())
    settings.PROVIDERS = {"toy": Configured(provider, Toy().config)}
    for half_minutes in range(1, 41):
        tick(NOW + timedelta(seconds=30 * half_minutes))
    assert 3 <= tried.count(Mode.WANTED) < 20
    for hours in range(1, 48):
        tick(NOW + timedelta(hours=hours))
    assert tried.count(Mode.WANTED) > 10
    assert Source.objects.get().state == SourceState.BACKING_OFF
    settings.PROVIDERS = {"toy": profiles.configured()}
    profiles.rows = {"1": "Ada B."}
    tick(NOW + timedelta(hours=96))
    assert Person.objects.get().name == "Ada B."


def test_a_thousand_deliveries_out_of_order_give_the_right_state(profiles: Profiles) -> None:
    chance = random.Random(7)
    profiles.rows = {str(n): f"Old {n}" for n in range(40)}
    tick()
    deleted = {str(n) for n in range(0, 40, 4)}
    calls = [(f"updated {key} {n}", "good") for n in range(20) for key in profiles.rows]
    calls += [(f"deleted {key} 50", "good") for key in deleted]
    calls += chance.choices(calls, k=90) + [(body, "bad") for body, _ in chance.choices(calls, k=100)]
    profiles.rows = {key: f"New {key}" for key in profiles.rows if key not in deleted}
    chance.shuffle(calls)
    for number, (body, signature) in enumerate(calls):
        assert post(body, signature) == (200 if signature == "good" else 403)
        if number % 150 == 0:
            tick(NOW + timedelta(minutes=1))
    tick(NOW + timedelta(minutes=2))
    stored = dict(Person.objects.values_list("external_id", "name"))
    assert stored == profiles.rows


def test_an_allowance_is_counted_across_callers_and_opens_again() -> None:
    for _ in range(5):
        allowance.spend("toy", 5, 300, NOW)
    with pytest.raises(RetryLater) as caught:
        allowance.spend("toy", 5, 300, NOW)
    assert caught.value.retry_at == NOW + timedelta(minutes=5)
    allowance.spend("other", 5, 300, NOW)
    allowance.spend("toy", 5, 300, caught.value.retry_at)
