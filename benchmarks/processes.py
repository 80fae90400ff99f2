"""Child processes for measurements: a simulator of a given scale, and Python code on a fresh database."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PGURL = os.environ.get("PGURL", "postgres://postgres@127.0.0.1:5432/postgres")
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PGURL")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postgres_answers() -> bool:
    """Whether PostgreSQL can be asked for a database."""
    return _psql("SELECT 1").returncode == 0


def _psql(statement: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import psycopg,sys\n"
        "with psycopg.connect(sys.argv[1], autocommit=True, connect_timeout=3) as c: c.execute(sys.argv[2])"
    )
    return subprocess.run(
        [sys.executable, "-c", code, PGURL, statement], capture_output=True, text=True, check=False
    )


def surroundings_in(folder: str) -> dict[str, str]:
    """The environment of a process that keeps all its data in *folder* and takes no setting of the caller's."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return {**kept, "ENV_FILE": "", "VAR_DIR": folder, "PYTHONPATH": str(ROOT), "THROTTLE_ANON": "off"}


@contextmanager
def surroundings(vendor: str) -> Iterator[dict[str, str]]:
    """The environment of processes that share one empty, migrated database of *vendor*; removed afterwards."""
    folder = tempfile.mkdtemp(prefix="marquee-bench-")
    name = f"marquee_bench_{uuid.uuid4().hex[:12]}"
    environment = surroundings_in(folder)
    if vendor == "postgresql":
        if (created := _psql(f"CREATE DATABASE {name}")).returncode:
            raise RuntimeError(created.stderr)
        environment |= {
            "DATABASE_URL": PGURL.rsplit("/", 1)[0] + f"/{name}",
            "SECRET_KEY": "only-for-measuring-and-thrown-away-at-once",
            "TOKEN_KEYS": "bm8tc2VjcmV0LWJ1dC10aGlydHktdHdvLWJ5dGVzISE=",
        }
    try:
        manage(environment, "migrate", "--verbosity", "0")
        yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if vendor == "postgresql":
            _psql(f"DROP DATABASE {name} WITH (FORCE)")


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """Run ``manage.py``; gives what it printed, raises with its errors where it failed."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def measured(environment: Mapping[str, str], module: str, *arguments: str) -> dict[str, Any]:
    """Run ``python -m module`` in a process of its own; gives the JSON object that it printed last."""
    result: dict[str, Any] = json.loads(printed(environment, module, *arguments).strip().splitlines()[-1])
    return result


def printed(environment: Mapping[str, str], module: str, *arguments: str) -> str:
    """Run ``python -m module`` in a process of its own; gives what it printed, raises with its errors if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=dict(environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def simulator(environment: Mapping[str, str], scale: int) -> Iterator[dict[str, str]]:
    """A simulator of *scale* showings in a process of its own; gives the environment that points at it."""
    port = str(free_port())
    lines = manage(environment, "simulate", "--port", port, "--print-env").splitlines()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "simulate", "--port", port, "--scale", str(scale)],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(int(port), process)
        yield {**environment, **dict(line.split("=", 1) for line in lines if "=" in line)}
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the simulator did not start")
