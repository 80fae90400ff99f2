"""The site's processes as children of a test: real worker, beat and web, on the test's database, each in a group of
its own, and none of them left when the test is over, however it ends."""

import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from celery import Celery
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

import aggregator.celery  # noqa: F401  makes filesystem:// our own transport in this process too
from aggregator import launch
from aggregator.ingest.schedule import OPEN
from aggregator.models import IngestRun
from aggregator.processes import Child
from benchmarks.processes import free_port
from providers.simulation import Running
from tests.conftest import PYTHON, ROOT

PATIENCE = 60.0


@dataclass
class Crew:
    """Children that share *environ*; what they print is in *folder*."""

    environ: Mapping[str, str]
    folder: Path
    port: int = 0
    _members: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _logs: dict[int, Path] = field(default_factory=dict)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """``web``, ``worker`` or ``beat``, by the very command line of ``make run``."""
        site: dict[str, Child] = {child.name: child for child in launch.site(f"127.0.0.1:{self.port}", 1)}
        return self.run(name, site[name].command)

    def run(self, name: str, command: Sequence[str]) -> subprocess.Popen[bytes]:
        """Any command as leader of a new process group."""
        path = self.folder / f"{name}{len(self._logs)}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(self.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._members.append(process)
        self._logs[process.pid] = path
        return process

    def manage(self, *arguments: str) -> str:
        """One of the project's commands, to its end; gives what it printed."""
        done = subprocess.run(
            [PYTHON, launch.MANAGE, *arguments],
            cwd=ROOT,
            env=dict(self.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def end(self) -> None:
        """Kill every group that was started, stopped ones too."""
        for process in self._members:
            kill_group(process)
        self._members.clear()

    def said(self, process: subprocess.Popen[bytes] | None = None) -> str:
        """What *process* printed so far, or what all did."""
        paths = [self._logs[process.pid]] if process else self._logs.values()
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)

    def app(self) -> Celery:
        """A Celery app of this test's process on the children's broker."""
        if url := self.environ.get("REDIS_URL"):
            options: dict[str, Any] = {"global_keyprefix": self.environ["FAST_BROKER"]}
        else:
            broker = Path(self.environ["VAR_DIR"]) / "broker"
            url = "filesystem://"
            options = {
                "data_folder_in": str(broker / "messages"),
                "data_folder_out": str(broker / "messages"),
                "control_folder": str(broker / "control"),
            }
        app = Celery("tests.crew", broker=url, set_as_current=False)
        app.conf.update(broker_transport_options=options, task_ignore_result=True, task_publish_retry=False)
        return app

    def send(self, task: str, *arguments: str) -> None:
        """Send a hint to the children."""
        with self.app() as app:
            app.send_task(task, arguments, expires=60)

    def empty_broker(self) -> None:
        """Take everything out of the broker, what it knows of queues too."""
        if url := self.environ.get("REDIS_URL"):
            with redis.Redis.from_url(url) as client:
                for key in client.scan_iter(f"{self.environ['FAST_BROKER']}*"):
                    client.delete(key)
            return
        for name in ("messages", "control"):
            folder = Path(self.environ["VAR_DIR"]) / "broker" / name
            for path in folder.glob("*") if folder.is_dir() else ():
                path.unlink(missing_ok=True)


@contextmanager
def crew(
    environ: Mapping[str, str], folder: Path, upstream: Mapping[str, str], **more: str
) -> Iterator[Crew]:
    """A crew on the database, broker and cache of *environ*, which reads from *upstream*. Ends it in every case."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    fast = {
        "DJANGO_SETTINGS_MODULE": "tests.fast_settings",
        "VAR_DIR": str(home),
        "DEBUG": "0",
        "FAST_BROKER": f"marquee-test-{uuid.uuid4().hex}:",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if url := environ.get("REDIS_URL"):
        # Every test flushes the databases from 8 upwards when it ends; nobody does that here, where keys have a prefix.
        server, _, number = url.rpartition("/")
        fast["REDIS_URL"] = f"{server}/{int(number) - 8}"
    made = Crew({**environ, **fast, **upstream, **more}, folder, free_port())
    try:
        yield made
    finally:
        made.end()
        made.empty_broker()
        shutil.rmtree(home, ignore_errors=True)


def without_allowances(simulation: Running) -> None:
    """Have no simulator count requests: where its clock stands still, a window that is spent never ends."""
    for slug, simulator in simulation.stage.simulators.items():
        if "off" in simulator.switches.get("quota", ()):
            simulation.switch(slug, "quota", "off")


def kill_group(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGKILL) -> None:
    """Send *how* to the whole group of *process*; waits for its end where that is what *how* means."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    if how is signal.SIGKILL:
        process.wait(10)


def pool_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The process ids of a worker's pool, as Linux knows them."""
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def wait_for(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Look every 20 ms until *condition* holds; fails the test, saying *what*, after *seconds*."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"after {seconds:.0f} s still not: {what}"
        time.sleep(0.02)


def all_ended() -> bool:
    """Whether there were runs and none is open."""
    return IngestRun.objects.exists() and not IngestRun.objects.filter(state__in=OPEN).exists()


def wipe() -> None:
    """Empty every table of ours."""
    tables = [
        model._meta.db_table
        for model in apps.get_app_config("aggregator").get_models(include_auto_created=True)
    ]
    connection.ops.execute_sql_flush(
        connection.ops.sql_flush(no_style(), tables, reset_sequences=False, allow_cascade=True)
    )
