"""Keys and limits: who may ask how often, and what it costs."""

import json
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aggregator import counting
from aggregator.api import keys, throttles
from aggregator.counting import Counters, FileCounters, RedisCounters
from aggregator.models import ApiKey, KeyUsage
from tests import factories
from tests.conftest import REDIS

pytestmark = pytest.mark.django_db

PATH = "/api/v1/venues/"


@pytest.fixture(autouse=True)
def _own_counters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = FileCounters(tmp_path / "counters")
    monkeypatch.setattr(throttles, "counters", lambda: own)
    monkeypatch.setattr(keys, "counters", lambda: own)


@pytest.fixture
def limited(settings: Any) -> None:
    settings.THROTTLE_ANON = "3/hour"


@pytest.fixture
def issued() -> keys.Issued:
    user = get_user_model().objects.create(username="ada")
    return keys.make(user, "  my   mirror ", timezone.now())


def get(client: Client, secret: str = "", path: str = PATH, **further: Any) -> Any:
    if secret:
        further["headers"] = {"Authorization": f"Bearer {secret}", **further.get("headers", {})}
    return client.get(path, **further)


# Limits ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("limited")
def test_an_address_has_so_many_requests_and_is_told_how_many_are_left(client: Client) -> None:
    for left in (2, 1, 0):
        answer = get(client)
        assert answer.status_code == 200
        assert answer["RateLimit-Limit"] == "3"
        assert answer["RateLimit-Remaining"] == str(left)
        reset = int(answer["RateLimit-Reset"])
        assert 0 < reset <= 3600
        assert answer["RateLimit"] == f'"anonymous";r={left};t={reset}'
        assert answer["RateLimit-Policy"] == '"anonymous";q=3;w=3600'
        assert "Retry-After" not in answer
    refused = get(client)
    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert json.loads(refused.content)["code"] == "too-many-requests"
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert refused["RateLimit-Remaining"] == "0"


@pytest.mark.usefixtures("limited")
def test_every_answer_counts_and_tells_refusals_and_empty_ones_too(client: Client) -> None:
    etag = get(client)["ETag"]
    assert get(client, headers={"If-None-Match": etag})["RateLimit-Remaining"] == "1"
    wrong = get(client, path="/api/v1/venues/?nothing=1")
    assert (wrong.status_code, wrong["RateLimit-Remaining"]) == (400, "0")
    assert get(client, path="/api/v1/nowhere/").status_code == 429
    assert get(client, path="/").status_code == 200


@pytest.mark.usefixtures("limited")
def test_a_header_about_the_address_is_believed_from_a_trusted_proxy_alone(
    client: Client, settings: Any
) -> None:
    for number in range(4):
        answer = get(client, headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert answer.status_code == 429
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)
    for number in range(4):
        assert get(client, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code == 200
        # What a visitor wrote before the proxy's own word changes nothing.
        forged = get(client, headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"})
    assert forged.status_code == 429


def test_nobody_is_limited_where_limits_are_off(client: Client) -> None:
    assert "RateLimit" not in get(client)


@pytest.mark.usefixtures("limited")
def test_reading_without_a_key_writes_nothing_and_opens_no_session(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = get(client)
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
    assert not answer.cookies


@pytest.mark.usefixtures("limited")
def test_what_cannot_be_counted_is_let_through(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def hit(self, name: str, until: int) -> int:
            raise OSError

    monkeypatch.setattr(throttles, "counters", Broken)
    assert get(client).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::1", True),
        ("", "unix", False),
    ],
)
def test_whoever_has_a_network_is_one(one: str, other: str, same: bool) -> None:
    names = throttles.name_of_address(one), throttles.name_of_address(other)
    assert (names[0] == names[1]) is same
    assert "192" not in names[0]


# Keys ------------------------------------------------------------------------------------------------------


def test_a_secret_is_not_kept(issued: keys.Issued) -> None:
    stored = ApiKey.objects.values().get()
    assert not any(issued.secret in str(value) for value in stored.values())
    assert issued.secret.startswith(stored["prefix"])
    assert stored["name"] == "my mirror"
    assert len(issued.secret) >= 43


@pytest.mark.usefixtures("limited")
def test_a_key_has_a_limit_of_its_own_and_a_wider_one(client: Client, issued: keys.Issued) -> None:
    for _ in range(4):
        get(client)
    answer = get(client, issued.secret)
    assert (answer.status_code, answer["RateLimit-Policy"]) == (200, '"key";q=30;w=3600')
    assert answer["RateLimit-Remaining"] == "29"


@pytest.mark.parametrize("secret", ["mq_" + "a" * 43, "mq_x", "x", "mq_" + "ä" * 43, "mq_" + "a" * 10_000])
def test_a_key_that_does_not_work_is_refused(client: Client, secret: str, issued: keys.Issued) -> None:
    answer = client.get(PATH, HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert answer.status_code == 401
    assert "Bearer" in answer["WWW-Authenticate"]
    assert json.loads(answer.content)["code"] == "bad-key"
    assert secret == "x" or secret[3:] not in answer.content.decode()


def test_other_credentials_are_not_ours_to_judge(client: Client) -> None:
    assert client.get(PATH, HTTP_AUTHORIZATION="Basic eDp5").status_code == 200


def test_after_a_rotation_both_work_for_a_day(issued: keys.Issued) -> None:
    now = timezone.now()
    fresh = keys.rotate(issued.key, now)
    assert fresh.secret != issued.secret
    soon, late = now + timedelta(hours=23), now + timedelta(hours=25)
    assert keys.find(issued.secret, soon) == keys.find(fresh.secret, soon) == issued.key
    assert keys.find(issued.secret, late) is None
    assert keys.find(fresh.secret, late) == issued.key


def test_a_revoked_key_works_no_longer_nor_does_one_of_somebody_shut_out(issued: keys.Issued) -> None:
    now = timezone.now()
    owner = issued.key.owner
    type(owner).objects.update(is_active=False)
    assert keys.find(issued.secret, now) is None
    type(owner).objects.update(is_active=True)
    assert keys.find(issued.secret, now) is not None
    keys.rotate(issued.key, now)
    keys.revoke(issued.key, now)
    assert keys.find(issued.secret, now) is None


def test_there_are_so_many_keys_and_no_more(issued: keys.Issued) -> None:
    now = timezone.now()
    for _ in range(keys.MOST_KEYS - 1):
        keys.make(issued.key.owner, "another", now)
    with pytest.raises(keys.TooManyKeys):
        keys.make(issued.key.owner, "one more", now)
    keys.revoke(issued.key, now)
    keys.make(issued.key.owner, "one more", now)


def test_a_key_costs_one_query(client: Client, issued: keys.Issued) -> None:
    factories.make_venue()
    with CaptureQueriesContext(connection) as without:
        get(client)
    with CaptureQueriesContext(connection) as queries:
        get(client, issued.secret)
    assert len(queries) == len(without) + 1
    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


@pytest.mark.usefixtures("limited")
def test_usage_is_added_up_in_batches(client: Client, issued: keys.Issued) -> None:
    now = timezone.now()
    for _ in range(32):
        get(client, issued.secret)
    assert not KeyUsage.objects.exists()
    assert keys.flush_usage(now) == 1
    get(client, issued.secret)
    keys.flush_usage(now)
    assert keys.flush_usage(now) == 0
    use = KeyUsage.objects.get()
    assert (use.key, use.requests, use.refused) == (issued.key, 33, 3)


def test_the_usage_of_a_key_that_went_is_forgotten(client: Client, issued: keys.Issued) -> None:
    get(client, issued.secret)
    issued.key.delete()
    keys.flush_usage(timezone.now())
    assert not KeyUsage.objects.exists()


# Counters --------------------------------------------------------------------------------------------------


@pytest.fixture(params=["files", pytest.param("redis", marks=pytest.mark.needs_redis)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Counters:
    if request.param == "files":
        return FileCounters(tmp_path / "own")
    return RedisCounters(f"{REDIS}/{counting_database()}", f"test-{tmp_path.name}-{id(request)}")


def counting_database() -> int:
    """One of the databases that tests may empty."""
    from tests.conftest import _worker

    return 15 - _worker() % 8


def test_a_window_counts_and_ends(store: Counters) -> None:
    end = int(timezone.now().timestamp()) + 100
    assert [store.hit("a", end) for _ in range(3)] == [1, 2, 3]
    assert store.hit("b", end) == 1
    assert store.hit("a", end + 100) == 1


def test_sums_are_taken_once(store: Counters) -> None:
    store.add("x")
    store.add("x", 4)
    store.add("y", 2)
    assert store.collect() == {"x": 5, "y": 2}
    assert store.collect() == {}


def test_nothing_is_lost_between_processes_and_threads(store: Counters) -> None:
    from concurrent.futures import ThreadPoolExecutor

    end = int(timezone.now().timestamp()) + 100
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: store.hit("a", end), range(200)))
        list(pool.map(lambda _: store.add("s"), range(200)))
    assert sorted(counts) == list(range(1, 201))
    assert store.collect() == {"s": 200}


def test_a_file_that_was_cut_short_begins_anew(tmp_path: Path) -> None:
    store = FileCounters(tmp_path)
    end = int(timezone.now().timestamp()) + 100
    store.hit("a", end)
    [path] = tmp_path.glob("window.*")
    path.write_bytes(b'{"a": [1')
    assert store.hit("a", end) == 1


def test_windows_that_are_over_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FileCounters, "SHARDS", 1)
    store = FileCounters(tmp_path)
    past = int(timezone.now().timestamp()) - 1
    for number in range(20):
        store.hit(f"n{number}", past)
    store.hit("now", past + 100)
    [path] = tmp_path.glob("window.*")
    assert list(json.loads(path.read_bytes())) == ["now"]


def test_the_settings_choose_the_store(settings: Any, tmp_path: Path) -> None:
    counting.counters.cache_clear()
    settings.REDIS_URL, settings.CACHE_DIR = "", tmp_path
    assert isinstance(counting.counters(), FileCounters)
    counting.counters.cache_clear()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert isinstance(counting.counters(), RedisCounters)
    counting.counters.cache_clear()
