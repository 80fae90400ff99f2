"""The mirror of docs/api.md, kept against a real server while others write, hide, forget and are killed, and while the
search table is made anew again and again.

In the end it holds what the lists of the API show: every object, once, with its own fields as they are.
"""

import io
import os
import random
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from aggregator import changes
from aggregator.changes import seats
from aggregator.models import Change
from aggregator.vocabulary import Kind
from tests.conftest import PYTHON, ROOT
from tests.crew import Crew, crew, kill_group, wait_for
from tests.followers import settle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("processes")]

FOR_SECONDS = pytest.mark.parametrize("seconds", [4.0, pytest.param(60.0, marks=pytest.mark.long)])
# One at a time can write on SQLite, which is what four of them show.
WRITERS = 4

# Where an object repeats others: the field, and the kind that it refers to.
REFERENCES = {
    "event": "events",
    "film": "films",
    "festival": "festivals",
    "organisation": "organisations",
    "agency": "organisations",
    "person": "people",
    "venues": "venues",
    "sections": "sections",
    "section": "sections",
    "categories": "categories",
}
# What one object says beyond its list, and what it has of others altogether.
LEFT_OUT = {
    "events": {"showings", "credits", "images", "pictures"},
    "people": {"credits"},
    "showings": {"images", "pictures"},
}


@pytest.fixture
def site(transactional_db: None, process_environ: Mapping[str, str], tmp_path: Path) -> Iterator[Crew]:
    """The site's web processes on a port of their own."""
    with crew(process_environ, tmp_path, {}, THROTTLE_ANON="off", DEBUG="1") as made:
        made.start("web")
        yield made


def documented(site: Crew) -> dict[str, Any]:
    """The names that the code in docs/api.md defines, for *site*."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    address = f"http://127.0.0.1:{site.port}"
    names: dict[str, Any] = {}
    exec(compile(code.replace("http://localhost:8000", address), "docs/api.md", "exec"), names)
    # Links name the address that the world knows the site by; here that is the port it listens on.
    reach = names["session"].request

    def request(method: str, url: str, **more: Any) -> Any:
        if "/changes/" in url:  # short stretches, so that much happens in between
            url += "&limit=25"
        return reach(method, url.replace("http://localhost:8000", address), **more)

    names["session"].request = request
    wait_for(lambda: is_up(address), "the site answers")
    return names


def is_up(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


def from_lists(names: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """A mirror that starts from the cursor lists in place of a snapshot."""
    api, mirror = names["API"], dict[str, Any]()
    cursor = names["ask"](f"{api}/events/?format=jsonl", "HEAD").headers["Changes-Cursor"]
    for kind in names["KINDS"]:
        url: str | None = f"{api}/{kind}/?ordering=id&cursor=*&page_size=7"
        while url:
            page = names["ask"](url).json()
            for one in page["results"]:
                assert one["api_url"] not in mirror, "a list repeats an object"
                mirror[one["api_url"]] = one
            url = page["next"]
    return mirror, cursor


@FOR_SECONDS
@pytest.mark.parametrize("beginning", ["snapshot", "lists"])
def test_a_mirror_ends_as_the_database_is(site: Crew, tmp_path: Path, beginning: str, seconds: float) -> None:
    seed = int(os.environ.get("MIRROR_SEED") or random.SystemRandom().randrange(10**6))
    print(f"MIRROR_SEED={seed}")
    chance = random.Random(seed)
    names = documented(site)
    stop = tmp_path / "stop"
    with writing(site, chance, stop) as kills, reindexing() as rebuilt:
        wait_for(lambda: Change.objects.count() > 100, "the writers write")
        mirror, cursor = names["start"]() if beginning == "snapshot" else from_lists(names)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            mirror, cursor = names["follow"](mirror, cursor)
    while seats.report_waiting(timezone.now() + seats.FLOOR):
        pass
    settle()
    mirror, cursor = caught_up(names, mirror, cursor)
    assert kills
    assert rebuilt
    assert_same(mirror, names)
    assert Change.objects.filter(action__in=("hidden", "withdrawn", "restored")).exists()


@contextmanager
def writing(site: Crew, chance: random.Random, stop: Path) -> Iterator[list[int]]:
    """Writers at work, one of which is killed every other second and takes up again; gives who was killed."""
    writers = {number: start(site, number, chance, stop) for number in range(WRITERS)}
    kills: list[int] = []
    over = threading.Event()

    def strike() -> None:
        while not over.wait(chance.uniform(1.0, 3.0)):
            number = chance.randrange(WRITERS)
            kill_group(writers[number])
            kills.append(number)
            writers[number] = start(site, number, chance, stop)

    striking = threading.Thread(target=strike)
    striking.start()
    try:
        yield kills
    finally:
        over.set()
        striking.join(30)
        stop.touch()
    for writer in writers.values():
        assert writer.wait(60) == 0, site.said(writer)


@contextmanager
def reindexing() -> Iterator[list[str]]:
    """``manage.py reindex --restart`` over and over beside what goes on; gives what each said."""
    said: list[str] = []
    faults: list[DatabaseError] = []
    over = threading.Event()

    def work() -> None:
        try:
            while not over.wait(0.2):
                out = io.StringIO()
                call_command("reindex", "--restart", stdout=out, stderr=out)
                said.append(out.getvalue())
        except DatabaseError as error:
            faults.append(error)
        finally:
            connection.close()

    working = threading.Thread(target=work)
    working.start()
    try:
        yield said
    finally:
        over.set()
        working.join(30)
    assert faults == []


def start(site: Crew, number: int, chance: random.Random, stop: Path) -> Any:
    command = [PYTHON, "-m", "tests.writer", str(number), str(chance.randrange(10**6)), str(stop)]
    return site.run(f"writer{number}-", command)


def caught_up(names: dict[str, Any], mirror: dict[str, Any], cursor: str) -> tuple[dict[str, Any], str]:
    while True:
        before = cursor
        mirror, cursor = names["follow"](mirror, cursor)
        if cursor == before:
            return mirror, cursor


def by_kind(mirror: Mapping[str, Any], names: dict[str, Any]) -> dict[str, dict[int, Any]]:
    """The objects of *mirror* by the list that they are in and their ids."""
    found: dict[str, dict[int, Any]] = {kind: {} for kind in names["KINDS"]}
    for url, one in mirror.items():
        assert url == one["api_url"]
        found[url.split("/")[-3]][one["id"]] = one
    return found


def assert_same(told: Mapping[str, Any], names: dict[str, Any]) -> None:
    """The mirror *told* and what the lists now show are the same, and so are its ids and those in the tables."""
    mirror, lists = by_kind(told, names), by_kind(names["start"]()[0], names)
    for kind in names["KINDS"]:
        assert set(mirror[kind]) == set(lists[kind]), kind
        for pk, one in mirror[kind].items():
            assert own(kind, one, mirror) == own(kind, lists[kind][pk], mirror), f"{kind} {pk}"
    assert sum(len(rows) for rows in mirror.values()) > 20
    for word, kind in ((plural, kind) for kind, plural in changes.PLURALS.items()):
        rows = changes.visible(kind)
        if kind is Kind.SHOWING:
            rows = rows.filter(event__hidden_at=None)
        if kind is Kind.SECTION:
            rows = rows.filter(festival__hidden_at=None)
        assert set(mirror[word]) == set(rows.values_list("pk", flat=True)), word


def own(kind: str, one: Mapping[str, Any], mirror: Mapping[str, Any]) -> dict[str, Any]:
    """*one*'s own fields; in place of what it repeats of others their ids, as far as *mirror* has them."""
    return {
        name: _ids(value, REFERENCES[name], mirror) if name in REFERENCES else _inner(value, mirror)
        for name, value in one.items()
        if name not in LEFT_OUT.get(kind, ())
    }


def _ids(value: Any, kind: str, mirror: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [pk for each in value if (pk := _ids(each, kind, mirror)) is not None]
    return value["id"] if value is not None and value["id"] in mirror[kind] else None


def _inner(value: Any, mirror: Mapping[str, Any]) -> Any:
    """References within the parts of an object, such as the person in a credit."""
    if isinstance(value, list):
        return [_inner(each, mirror) for each in value]
    if isinstance(value, dict):
        return {
            name: _ids(each, REFERENCES[name], mirror)
            if name in REFERENCES and isinstance(each, dict | list | None)
            else _inner(each, mirror)
            for name, each in value.items()
        }
    return value


def test_the_documented_mirror_is_short() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 20


def test_every_kind_of_the_feed_is_in_the_documented_mirror() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    [words] = re.findall(r'^KINDS = "(.*)"', text, flags=re.MULTILINE)
    assert set(words.split()) == set(changes.PLURALS.values())
