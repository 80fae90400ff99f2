"""``make run`` and its kin, end to end, as real processes on real ports."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from providers import registry
from tests.conftest import PYTHON, ROOT
from tests.providers.upstreams import WITH_SHOWINGS

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
    # One after the other: each of them starts a whole site.
    pytest.mark.xdist_group("commands"),
    pytest.mark.only_sqlite,
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A ``manage.py run`` of our own in a session of its own."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        self.port = free_port()
        self.environ = {**environ, "VAR_DIR": str(folder / "var"), "PORT": str(self.port)}
        self.errors = folder / "errors.txt"
        self.process: subprocess.Popen[str] | None = None

    def start(self, *, ready: bool = True, seconds: float = 120) -> float:
        """Start it and, if *ready*, wait for its line; how long that took."""
        began = time.monotonic()
        with self.errors.open("a", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                [PYTHON, "manage.py", "run"],
                cwd=ROOT,
                env=self.environ,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        if ready:
            assert self.process.stdout is not None
            line = ""
            while "READY" not in line:
                line = self.process.stdout.readline()
                assert line, self.said()
                assert time.monotonic() - began < seconds, self.said()
            assert line == f"READY http://localhost:{self.port}\n"
        return time.monotonic() - began

    def said(self) -> str:
        return self.errors.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8")

    def members(self) -> dict[int, str]:
        """Living processes of its session, with their command lines."""
        assert self.process is not None
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
                line = (folder / "cmdline").read_text(encoding="utf-8").replace("\0", " ")
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                found[int(folder.name)] = line
        return found

    def end(self, signum: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(signum)
        return self.process.wait(20)

    def clean_up(self) -> None:
        if self.process is None:
            return
        for pid in self.members():
            os.kill(pid, signal.SIGKILL)
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()


def eventually(condition: Callable[[], object], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def site(bare_environ: Mapping[str, str], tmp_path: Path) -> Iterator[Site]:
    made = Site(bare_environ, tmp_path)
    yield made
    made.clean_up()


def test_run_shows_the_demo_survives_its_children_and_ends_cleanly(site: Site) -> None:
    site.start()
    shows_every_provider(site)
    worker_and_web_come_back(site)
    before = json.loads(site.get("/api/v1/showings/")[1])["results"]
    assert site.end(signal.SIGINT) == 0
    assert eventually(lambda: not site.members(), 5), site.members()
    assert "Traceback" not in site.said()

    # A second start keeps its data and ingests nothing first.
    assert site.process is not None
    if site.process.stdout:
        site.process.stdout.close()
    assert site.start() < 30
    after = json.loads(site.get("/api/v1/showings/")[1])["results"]
    assert {row["id"] for row in before} <= {row["id"] for row in after}
    assert site.said().count("first ingest") == 1
    nothing_outlives_a_killed_run(site)


def shows_every_provider(site: Site) -> None:
    status, page = site.get("/events/")
    assert status == 200
    assert "Content" not in page[:20]
    of_people = ("filmmakers", "sowprog", "happenstand")
    lists = [("showings", slug) for slug in WITH_SHOWINGS] + [("people", slug) for slug in of_people]
    for kind, slug in lists:
        status, body = site.get(f"/api/v1/{kind}/?provider={slug}")
        assert status == 200
        assert json.loads(body)["results"], f"{kind} of {slug}: {site.said()}"
    well = 'class="source-state source-good"'
    assert eventually(lambda: site.get("/sources/")[1].count(well) == len(registry.discover())), site.said()
    assert site.get("/readyz") == (
        200,
        '{"status": "ok", "parts": {"database": "ok", "migrations": "ok", "broker": "ok", "worker": "ok"}}',
    )
    stylesheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
    assert stylesheets
    assert all(site.get(path)[0] == 200 for path in stylesheets)
    assert (Path(site.environ["VAR_DIR"]) / "demo" / "marquee.sqlite3").is_file()
    assert not (Path(site.environ["VAR_DIR"]) / "marquee.sqlite3").exists()


def worker_and_web_come_back(site: Site) -> None:
    """Kill each; ``run`` says so and starts it again."""
    for name, mark in (("worker", "celery --quiet -A aggregator.celery worker"), ("web", "gunicorn")):
        assert site.process is not None
        victim = min(pid for pid, line in site.members().items() if mark in line)
        os.kill(victim, signal.SIGKILL)
        assert eventually(lambda name=name: f"{name} ended (exit code -9); starting it again" in site.said())
        assert eventually(
            lambda mark=mark, victim=victim: any(
                mark in line and pid > victim for pid, line in site.members().items()
            )
        )
    assert eventually(lambda: answers(site), 20)


def answers(site: Site) -> bool:
    try:
        return site.get("/healthz")[0] == 200
    except OSError:
        return False


def nothing_outlives_a_killed_run(site: Site) -> None:
    assert len(site.members()) >= 5
    site.end(signal.SIGKILL)
    assert eventually(lambda: not site.members(), 15), site.members()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_run_can_be_stopped_before_it_is_up(site: Site, signum: signal.Signals) -> None:
    site.start(ready=False)
    assert eventually(lambda: "first ingest" in site.said(), 60), site.said()
    assert site.end(signum) == 0
    assert not site.members()
    assert "Traceback" not in site.said()


def test_run_refuses_a_port_that_is_in_use(site: Site) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.port))
        other.listen()
        site.start(ready=False)
        assert site.process is not None
        assert site.process.wait(30) == 2
    assert site.said() == (
        f"marquee: PORT: {site.port} is in use; stop what listens there or set another (make run PORT=8080)\n"
    )


def test_serve_knows_no_demo(bare_environ: Mapping[str, str], tmp_path: Path) -> None:
    environ = {**bare_environ, "VAR_DIR": str(tmp_path), "DEMO": "1", "PORT": str(free_port())}
    done = subprocess.run(
        [PYTHON, "manage.py", "serve"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == "marquee: DEMO: serve runs no demo; use make run, or unset it\n"
